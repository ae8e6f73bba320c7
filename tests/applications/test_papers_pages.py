"""Papers and signatures over HTTP: what cannot be taken is refused beside its field, and nothing of it is kept."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from applications import intake
from applications.models import Application, Attachment, Authorisation
from bureau.models import AuditEntry, Document
from tests.applications.windows import PDF, keyed, scan_of

pytestmark = pytest.mark.django_db


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


# --- papers --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [("a.pdf", b"", "empty"), ("a.pdf", b"\x7fELF", "not what its name says"), ("a.txt", PDF, "Only PDF")],
)
def test_a_paper_that_cannot_be_taken_is_refused_beside_the_field(clerk, draft, name, content, words):
    data = {"section": "identity", "member_key": "", "title": "ID", "file": SimpleUploadedFile(name, content)}
    response = clerk.post(url("papers", draft), data)
    assert response.status_code == 422
    assert words in text_of(response)
    assert not Attachment.objects.exists()


def test_a_renamed_file_is_refused_in_the_language_of_the_page(draft, as_user):
    for language, words in (("zh-hans", "与文件名不符"), ("en", "not what its name says")):
        file = SimpleUploadedFile("a.pdf", b"\x7fELF")
        data = {"section": "identity", "member_key": "", "title": "ID", "file": file}
        assert words in text_of(as_user("window", language).post(url("papers", draft), data))


def test_nobody_is_ticked_as_having_signed_before_the_clerk_does(clerk, people):
    application = keyed(people["window"])
    scan_of(application, people["window"])
    signers = clerk.get(url("signing", application)).context["signers"]
    assert len(signers) == 3
    assert not [each["chosen"].value() for _person, _needs, each in signers if each["chosen"].value()]


def test_a_paper_is_opened_within_scope_only_and_each_opening_is_written_down(clerk, draft, people, as_user):
    paper = scan_of(draft, people["window"])
    where = url("paper", draft, paper.pk)
    before = AuditEntry.objects.of(draft).count()
    response = clerk.get(where)
    assert b"".join(response.streaming_content) == PDF
    assert AuditEntry.objects.of(draft).count() == before + 1
    assert AuditEntry.objects.of(draft).first().action == "download"
    assert as_user("window2").get(where).status_code == 404
    assert as_user("admin").get(where).status_code == 404


def test_a_paper_of_another_case_is_not_found_under_this_one(clerk, draft, people):
    other = scan_of(intake.open_draft("public_rental", by=people["window"]), people["window"])
    assert clerk.get(url("paper", draft, other.pk)).status_code == 404
    assert clerk.post(url("remove_paper", draft, other.pk)).status_code == 404


def test_a_paper_taken_out_is_asked_about_and_remembered(clerk, draft, people):
    paper = scan_of(draft, people["window"])
    assert clerk.get(url("remove_paper", draft, paper.pk)).status_code == 200
    assert Attachment.objects.get().removed_at is None
    clerk.post(url("remove_paper", draft, paper.pk))
    assert Attachment.objects.get().removed_by == people["window"]
    assert "陈晓芸" in text_of(clerk.get(url("papers", draft)))


# --- signing -------------------------------------------------------------------------------------------------


def test_nothing_is_printed_or_signed_before_the_members_are_entered(clerk, draft):
    assert clerk.get(url("signing", draft)).status_code == 409
    assert clerk.post(url("print_form", draft, "commitment")).status_code == 409
    assert not Document.objects.exists()


def test_one_refused_signature_records_none(clerk, people):
    application = keyed(people["window"])
    scan = scan_of(application, people["window"])
    data = {"signed_on": scan.uploaded_at.date().isoformat(), "scan": str(scan.pk)}
    data |= {"m1-chosen": "on", "m1-signer": "张建国", "m2-chosen": "on", "m2-signer": "别人"}
    response = clerk.post(url("sign", application), data)
    assert response.status_code == 422
    assert "signs in person" in text_of(response)
    assert 'value="别人"' in text_of(response)
    assert not Authorisation.objects.exists()


def test_somebody_must_be_ticked_and_the_scan_be_of_this_case(clerk, people, draft):
    application = keyed(people["window"])
    foreign = scan_of(draft, people["window"])
    scan_of(application, people["window"])
    data = {"signed_on": "2190-01-01", "scan": str(foreign.pk)}
    page = text_of(clerk.post(url("sign", application), data))
    assert "future" in page
    assert "Choose a scan of this case" in page
