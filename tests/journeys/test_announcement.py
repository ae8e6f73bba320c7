"""In Chromium, a second person checks a public announcement and everybody reads it, on a desk and on a phone."""

import os
from pathlib import Path

import pytest
from django.urls import reverse

from credit import announcing
from credit.models import Announcement, LetterText, Service
from credit.serving import Way
from tests.factories import credit as given
from tests.journeys.browser import Person, chromium
from tests.journeys.test_barriers import barriers

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def browser():
    with chromium() as running:
        yield running


def picture(person: Person, name: str) -> None:
    if where := os.environ.get("HC_PICTURES"):
        person.page.screenshot(path=Path(where) / f"{name}.png", full_page=True)


@pytest.mark.parametrize(("width", "language"), [(390, "en-GB"), (1440, "zh-CN")])
def test_an_announcement_is_checked_and_read_by_everybody(browser, live_server, people, width, language):
    case = given.issued(given.found_by_panel())
    given.serve(case, Service.Letter.NOTICE, way=Way.POST, reached=False)
    found = announcing.write(case, by=people["credit"], medium="泰州日报")
    officer = Person(browser, live_server.url, "credit", width=width, language=language)
    checker = Person(browser, live_server.url, "check", width=width, language=language)
    page = reverse("credit:announcement", args=[found.number])
    for person, name, address in (
        (officer, "case", reverse("credit:case", args=[case.number])),
        (officer, "own", page),
        (checker, "list", reverse("credit:announcements")),
        (checker, "page", page),
    ):
        person.go(address)
        assert barriers(person) == []
        picture(person, f"{name}-{width}")
    checker.press("form[action$='/confirm/'] button")
    assert Announcement.objects.get().checked_by == people["check"]
    given.serve(case, Service.Letter.NOTICE, way=Way.ANNOUNCED)
    checker.go(reverse("credit:running_announcements"))
    assert "胡*军" in checker.page.content()
    assert barriers(checker) == []
    picture(checker, f"public-{width}")
    assert checker.troubles == officer.troubles == []


def test_an_administrator_reads_what_a_text_can_say(browser, live_server, people):
    row = LetterText.objects.first()
    admin = Person(browser, live_server.url, "admin")
    admin.go(f"/admin/credit/lettertext/{row.pk}/change/")
    assert "{subject}" in admin.page.content()
    assert admin.page.is_visible("button[name=_preview]")
    picture(admin, "text-1440")
