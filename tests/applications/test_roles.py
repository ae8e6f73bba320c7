"""What each role may see of a household: casework whole, audit masked and with a reason, everybody else nothing."""

import pytest

from applications.models import Application
from bureau.models import AuditEntry, Document
from tests.api_cases import caller
from tests.factories.applications import FATHER, checking, concluded, draft, submitted
from verification.models import Check

pytestmark = pytest.mark.django_db
TABS = ("", "household/", "check/", "statement/", "papers/", "documents/", "timeline/", "access-log/")


@pytest.fixture
def case(people):
    return submitted(people["window"])


def newest(person):
    return AuditEntry.objects.filter(staff=person).latest("pk")


def opened(case):
    """The addresses of everything that holds more than the case page: scans, letters."""
    paper, letter = case.attachments.get(), Document.objects.of(case).filter(kind="receipt").get()
    return {
        "paper": f"/applications/{case.reference}/papers/{paper.pk}/",
        "document": f"/documents/{letter.pk}/",
    }


def test_a_credit_officer_sees_no_household(as_user, people, case):
    client, program = as_user("credit"), caller(people["credit"])
    addresses = [f"/applications/{case.reference}/{tab}" for tab in ("", "household/", "papers/")]
    addresses += [*opened(case).values(), f"/api/v1/applications/{case.reference}"]
    assert {client.get(address).status_code for address in addresses} == {404}
    assert client.post(f"/applications/{case.reference}/household/m1/reveal/").status_code == 404
    for kind in ("applications", "documents", "checks", "inquiries"):
        assert program.get(f"/api/v1/{kind}").json()["count"] == 0
    assert FATHER.name not in client.post("/search/", {"q": FATHER.name}).content.decode()
    assert client.get("/").status_code == 200


def test_a_housing_officer_sees_a_case_once_its_check_is_concluded(as_user, people, sources):
    under_way = checking(people)
    client = as_user("housing")
    assert client.get(f"/applications/{under_way.reference}/").status_code == 404
    assert client.get(opened(under_way)["paper"]).status_code == 404
    assert not Check.objects.visible_to(people["housing"]).exists()
    Application.objects.filter(pk=under_way.pk).update(status="withdrawn")
    case = concluded(people, sources, "fit", "fit")
    assert client.get(f"/applications/{case.reference}/").status_code == 200
    assert client.get(f"/applications/{case.reference}/statement/").status_code == 200
    assert client.get(opened(case)["paper"]).status_code == 200
    assert [check.subject for check in Check.objects.visible_to(people["housing"])] == [case.reference]


def test_an_auditor_reads_the_pages_masked_and_for_audit(as_user, people, case):
    client = as_user("auditor")
    for tab in ("", "household/", "papers/", "documents/", "timeline/"):
        page = client.get(f"/applications/{case.reference}/{tab}")
        assert page.status_code == 200, tab
        text = page.content.decode()
        assert FATHER.name not in text, tab
        assert FATHER.id_number not in text
        assert "/reveal/" not in text
        assert newest(people["auditor"]).purpose == "audit"


def test_an_auditor_reveals_nothing(as_user, people, case):
    answer = as_user("auditor").post(f"/applications/{case.reference}/household/m1/reveal/")
    assert answer.status_code == 403
    assert FATHER.id_number not in answer.content.decode()


def test_an_auditor_opens_a_paper_only_with_a_reason_which_is_kept(as_user, people, case):
    client = as_user("auditor")
    for what, address in opened(case).items():
        asked = client.get(address)
        assert b"Reason" in asked.content, what
        assert asked["Content-Type"].startswith("text/html")
        assert client.post(address, {"reason": ""}).status_code == 422
        assert not AuditEntry.objects.filter(staff=people["auditor"], action="download", fields=[what]).exists()
        answer = client.post(address, {"reason": "complaint 2026-17"})
        assert answer["Content-Type"] == "application/pdf"
        entry = newest(people["auditor"])
        assert (entry.action, entry.purpose) == ("download", "audit: complaint 2026-17")
    assert "Audit: complaint 2026-17" in client.get("/audit/").content.decode()


def test_a_program_of_an_auditor_gets_masks_and_no_papers(people, case):
    program = caller(people["auditor"])
    shown = program.get(f"/api/v1/applications/{case.reference}").json()
    assert FATHER.name not in str(shown)
    assert newest(people["auditor"]).purpose == "audit"
    letter = Document.objects.of(case).filter(kind="receipt").get()
    assert program.get(f"/api/v1/documents/{letter.pk}/pdf").status_code == 403


def test_those_who_work_on_a_case_see_it_as_before(as_user, people, case):
    shown = caller(people["street"]).get(f"/api/v1/applications/{case.reference}").json()
    assert shown["members"][0]["name"] == FATHER.name
    answer = as_user("street").post(f"/applications/{case.reference}/household/m1/reveal/")
    assert FATHER.id_number in answer.content.decode()
    assert newest(people["street"]).purpose == "casework"


def test_letters_of_a_draft_are_the_windows_alone(as_user, people):
    case = draft(people["window"])
    form = Document.objects.of(case).first()
    seen = Application.objects.visible_to(people["street"]).filter(pk=case.pk).exists()
    assert as_user("window").get(f"/documents/{form.pk}/").status_code == 200
    assert as_user("street").get(f"/documents/{form.pk}/").status_code == (200 if seen else 404)
