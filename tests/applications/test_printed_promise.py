"""The written promise of papers that follow (容缺受理承诺书) is a form of ours, with the papers and their last day."""

import pytest
from django.urls import reverse

from applications import accepting
from bureau.models import Document
from tests.applications.test_fast_lane import declared_of, found_against, ready  # noqa: F401
from tests.applications.windows import household

pytestmark = pytest.mark.django_db


def test_the_promise_is_printed_with_its_papers_and_their_last_day(ready, as_user):  # noqa: F811
    client, papers = as_user("window"), reverse("applications:papers", args=[ready.reference])
    form = reverse("applications:print_form", args=[ready.reference, "promise"])
    assert form in client.get(papers).content.decode()
    assert client.post(form).status_code == 302
    printed_form = Document.objects.get(kind="promise")
    assert len(printed_form.data["papers"]) == len(accepting.following(ready, declared_of(ready))) == 3
    assert printed_form.data["until"] == accepting.last_day().isoformat()
    assert as_user("window2").post(form).status_code == 404
    row = household(ready).people[0]
    found_against(row.name, row.id_number)  # no longer at grade A
    assert form not in client.get(papers).content.decode()
    assert client.post(form).status_code == 409
