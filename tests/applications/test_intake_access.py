"""Who may do what on the window's pages, what is written down, and the letters and the access log behind them."""

import pytest
from django.urls import reverse

from applications import intake
from applications.models import Application, Draft
from bureau.models import AuditEntry, Document
from tests.applications.windows import SECTIONS, changed_row, keyed, post_of, sign_all, submitted

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def clerk(as_user):
    return as_user("window")


@pytest.fixture
def draft(people) -> Application:
    return intake.open_draft("public_rental", by=people["window"])


def url(name: str, application: Application, *args: object) -> str:
    return reverse(f"applications:{name}", args=[application.reference, *args])


def text_of(response) -> str:
    return response.content.decode()


def kept(application) -> dict:
    return Draft.objects.get(application=application).sections


PAGES = [
    ("task_list", ()),
    ("section", ("applicant",)),
    ("papers", ()),
    ("signing", ()),
    ("answers", ()),
    ("discard", ()),
]


@pytest.mark.parametrize(("name", "args"), PAGES)
def test_a_draft_is_unknown_to_everybody_but_its_window(people, as_user, name, args):
    application = keyed(people["window"])
    assert as_user("window").get(url(name, application, *args)).status_code == 200
    assert as_user("window2").get(url(name, application, *args)).status_code == 404
    assert as_user("street").get(url(name, application, *args)).status_code == 404
    assert as_user("admin").get(url(name, application, *args)).status_code == 404


@pytest.mark.parametrize(("user", "status"), [("window2", 404), ("street", 404), ("auditor", 404)])
def test_nobody_else_saves_signs_or_submits(people, as_user, user, status):
    application = keyed(people["window"])
    sign_all(application, people["window"])
    client = as_user(user)
    typed = post_of(changed_row("homes", area="99"), version="99")
    assert client.post(url("section", application, "homes"), typed).status_code == status
    assert client.post(url("autosave", application, "homes"), typed, headers=HTMX).status_code == status
    assert client.post(url("answers", application)).status_code == status
    assert client.post(url("discard", application)).status_code == status
    application.refresh_from_db()
    assert application.status == "draft"
    assert kept(application)["homes"]["rows"][0]["area"] == "52.00"


def test_the_anonymous_visitor_is_sent_to_sign_in(client, draft):
    assert client.get(url("task_list", draft)).status_code == 302


def test_only_clerks_start_an_application(as_user):
    assert as_user("street").get(reverse("applications:start")).status_code == 403
    assert as_user("street").post(reverse("applications:start"), {"kind": "public_rental"}).status_code == 403
    assert not Application.objects.exists()


def test_a_submitted_application_is_no_longer_edited(clerk, people):
    application = submitted(people["window"])
    assert clerk.post(url("section", application, "homes"), post_of(SECTIONS["homes"], version="99")).status_code == 409
    assert clerk.post(url("answers", application)).status_code == 409
    assert clerk.get(url("task_list", application)).status_code == 302


def test_every_look_at_a_draft_is_written_down(clerk, people):
    application = keyed(people["window"])
    for name, args in PAGES[:-1]:
        clerk.get(url(name, application, *args))
    assert AuditEntry.objects.of(application).count() == len(PAGES) - 1


# --- documents -----------------------------------------------------------------------------------------------


def test_a_letter_is_checked_from_outside_without_personal_data(client, people):
    application = submitted(people["window"])
    receipt = Document.objects.get(kind="receipt")
    page = client.get(reverse("check_document", args=[receipt.check_code]))
    assert page.status_code == 200
    assert receipt.number in text_of(page)
    assert "张建国" not in text_of(page)
    assert application.reference not in text_of(page)
    assert client.get(reverse("check_document", args=["WRONGCODE234"])).status_code == 404


def test_a_letter_is_opened_within_scope_only(people, as_user):
    submitted(people["window"])
    receipt = Document.objects.get(kind="receipt")
    assert as_user("street").get(reverse("document_pdf", args=[receipt.pk]))["Content-Type"] == "application/pdf"
    assert as_user("window2").get(reverse("document_pdf", args=[receipt.pk])).status_code == 404


def test_the_access_log_is_for_auditors(people, as_user):
    application = submitted(people["window"])
    as_user("street").get(reverse("document_pdf", args=[Document.objects.get(kind="receipt").pk]))
    page = as_user("auditor").post(reverse("audit_list"), {"reference": application.reference})
    assert "王立新" in text_of(page)
    assert as_user("street").get(reverse("audit_list")).status_code == 403


@pytest.mark.parametrize("user", ["street", "district", "check", "housing", "credit", "auditor"])
def test_nothing_of_a_draft_is_found_above_its_window(people, as_user, user):
    application = keyed(people["window"])
    sign_all(application, people["window"])
    form, paper = Document.objects.of(application)[0], application.attachments.get()
    client = as_user(user)
    for address in (
        f"/applications/{application.reference}/",
        f"/api/v1/applications/{application.reference}",
        f"/applications/{application.reference}/papers/{paper.pk}/",
        f"/documents/{form.pk}/",
        f"/api/v1/documents/{form.pk}/pdf",
    ):
        assert client.get(address).status_code == 404, address
    assert application.reference not in text_of(client.post("/search/", {"q": "张建国"}))
    assert client.get("/api/v1/applications").json()["results"] == []
    assert as_user("window").get(f"/documents/{form.pk}/").status_code == 200
