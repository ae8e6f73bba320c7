"""Every address of the system refuses who has not signed in, and hides a case from the wrong office (Done-when 8)."""

import re

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from bureau import audit
from bureau.models import AuditEntry, Document
from tests.factories.applications import checking

pytestmark = pytest.mark.django_db

OPEN_TO_ALL = {
    "sign-in/": "one signs in there",
    "sign-out/": "one leaves there, also after the session has ended",
    "signed-out/": "says that one has left",
    "language/": "the sign-in page is read in one's own language",
    "health/": "probes have no account; nothing of any case is told",
    "verify/<str:check_code>/": "whoever holds a letter may ask whether it is genuine; no person is named",
    "credit/announcements/running/": "a public announcement is for everybody; it is masked and was checked",
    "admin/login/": "one signs in there",
    "admin/logout/": "leads to the sign-in page by itself",
}
# parts of an address that take only certain words
PARTS = {"name": "members", "which": "commitment"}


def addresses(resolver=None, before=""):
    """Every pattern of the URL conf as (address pattern, converters)."""
    for entry in (resolver or get_resolver()).url_patterns:
        pattern = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from addresses(entry, pattern)
        elif isinstance(entry, URLPattern):
            yield pattern


ALL = sorted(set(addresses()))


def filled(pattern: str, values: dict[str, str]) -> str:
    """An address of this pattern: named parts from `values`, any other with something that does not exist."""
    text = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", lambda m: values.get(m[1], "x1"), pattern)
    text = re.sub(r"<(?:(\w+):)?(\w+)>", lambda m: values.get(m[2], "1" if m[1] == "int" else "x1"), text)
    text = text.replace("^", "").replace("$", "").replace("\\Z", "").replace("\\.", ".").replace(".*", "x")
    return "/" + re.sub(r"[()?]", "", text)


def refuses(address: str, method: str) -> bool:
    """Whether the anonymous visitor is sent to sign in, or told to."""
    answer = getattr(Client(), method)(address)
    if answer.status_code == 302:
        return answer.url.startswith(("/sign-in/", "/admin/login/"))
    return answer.status_code in {401, 403}


def test_every_address_refuses_who_has_not_signed_in():
    closed = [filled(pattern, PARTS) for pattern in ALL if pattern not in OPEN_TO_ALL]
    open_ = [(method, address) for address in closed for method in ("get", "post") if not refuses(address, method)]
    assert not open_
    assert len(closed) > 60


def test_the_exemptions_are_addresses_that_exist():
    assert set(OPEN_TO_ALL) <= set(ALL)


@pytest.fixture
def hidden(people):
    """A case of the first street with everything one can name in an address."""
    case = checking(people)
    check = case.current_check
    return {
        "reference": case.reference,
        "number": check.number,
        "check": check.number,
        "key": "m1",
        **PARTS,
    }


NAMED = [pattern for pattern in ALL if re.search(r"<(?:\w+:)?(?:reference|number)>", pattern)]


def test_every_address_of_a_case_is_a_404_for_the_wrong_office(hidden, as_user):
    client = as_user("window2")
    answers = {}
    for pattern in NAMED:
        address = filled(pattern, hidden)
        for method in ("get", "post"):
            answers[method, pattern] = getattr(client, method)(address).status_code
    wrong = {key: status for key, status in answers.items() if status not in {404, 405}}
    assert not wrong
    assert len(NAMED) > 25


def test_those_addresses_are_found_by_the_right_office(hidden, as_user):
    """So that the test above does not pass on addresses that nobody can reach."""
    client = as_user("auditor")
    found = [client.get(filled(pattern, hidden)).status_code for pattern in NAMED if "opinion" not in pattern]
    assert found.count(200) >= 8


def test_a_document_is_a_404_for_the_wrong_office(people, as_user):
    checking(people)
    document = Document.objects.earliest("created_at")
    assert as_user("street").get(f"/documents/{document.pk}/").status_code == 200
    assert as_user("window2").get(f"/documents/{document.pk}/").status_code == 404


def test_only_an_auditor_reads_the_access_log(people, as_user):
    assert as_user("auditor").get("/audit/").status_code == 200
    for other in ("window", "street", "check", "housing", "admin"):
        assert as_user(other).get("/audit/").status_code == 403


def test_health_tells_that_database_and_broker_answer():
    answer = Client().get("/health/")
    assert answer.status_code == 200
    assert answer.json() == {"database": True, "redis": True}


def test_an_unknown_page_says_so_in_the_systems_own_words(people, as_user):
    answer = as_user("street").get("/no/such/page/")
    assert answer.status_code == 404
    assert "lies outside the area" in answer.content.decode()


def test_a_failure_shows_its_number_and_nothing_of_the_error(people, as_user, monkeypatch):
    def broken(*_args, **_kwargs):
        raise RuntimeError("secret detail")

    monkeypatch.setattr("housing_credit.desk.context", broken)
    client = as_user("street")
    client.raise_request_exception = False
    answer = client.get("/")
    assert answer.status_code == 500
    assert "secret detail" not in answer.content.decode()
    assert answer["X-Request-Number"] in answer.content.decode()


def test_the_access_log_is_filtered_by_post_and_leafed_through_with_its_filter(people, as_user):
    for place in range(60):
        audit.look(people["street"], None, purpose=f"look {place}")
    client = as_user("auditor")
    page = client.post("/audit/", {"staff": "street", "page": "2"})
    assert page.status_code == 200
    assert page.context["page"].number == 2
    assert 'name="page" value="1"' in page.content.decode()
    assert "?staff=" not in page.content.decode()
    ignored = client.get("/audit/?reference=321299198504129014")
    assert ignored.context["page"].paginator.count == AuditEntry.objects.count() - 1
    assert not AuditEntry.objects.filter(purpose__contains="3212991985").exists()


@pytest.mark.parametrize("page", ["http://testserver//evil.example/", "http://testserver/\\evil.example"])
def test_the_way_back_from_a_refusal_leads_to_none_but_our_own_pages(people, as_user, page):
    client = as_user("street")
    assert client.get("/audit/", headers={"referer": page}).content.decode().count("evil") == 0
    back = client.get("/audit/", headers={"referer": "http://testserver/applications/?tab=all"})
    assert 'href="/applications/?tab=all"' in back.content.decode()
