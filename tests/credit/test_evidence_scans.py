"""The scan of a piece of evidence: taken in, refused, opened, kept."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, InternalError, transaction
from django.urls import reverse

from bureau import ciphers
from bureau.errors import UnfitDataError
from bureau.models import AuditEntry
from bureau.storage import ProtectedStorage
from credit import cases, gathering, panel
from credit.models import Evidence
from tests.credit.doors import done, page
from tests.factories import credit as given
from tests.papers import PDF, picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(people):
    """Who keeps the registry."""
    return people["credit"]


@pytest.fixture
def case(people):
    return given.case()


def scan(name="登记簿.PDF", content=PDF):
    return SimpleUploadedFile(name, content)


def put(case, file, by, **change):
    told = {"kind": case.act.evidence[0], "reference": "卷1", "note": "住房登记", **change}
    return gathering.add_evidence(case, by=by, scan=file, **told)


def address(row):
    return reverse("credit:evidence_scan", args=[row.case.number, row.pk])


@pytest.fixture(autouse=True)
def store(monkeypatch, tmp_path):
    """A store of its own for each test, which counts what is in it: others write at the same time."""
    own = ProtectedStorage()
    own._location = tmp_path
    monkeypatch.setattr(Evidence._meta.get_field("scan"), "storage", own)


def kept_files():
    location = Path(Evidence._meta.get_field("scan").storage.location)
    return sorted(path for path in location.glob("evidence/**/*") if path.is_file())


def form(case, **change):
    return {"kind": case.act.evidence[0], "reference": "卷1", **change}


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("登记簿.PDF", PDF, "application/pdf"),
        ("a.jpg", picture("JPEG"), "image/jpeg"),
        ("a.png", picture(), "image/png"),
    ],
)
def test_a_scan_comes_in_through_the_page_and_is_opened_again(as_user, go, case, name, content, kind):
    assert done(go(case, "evidence", **form(case, scan=scan(name, content))), case) == "opened"
    row = Evidence.objects.get()
    assert (row.content_type, row.size, row.digest) == (kind, len(content), ciphers.sm3(content).hex())
    assert content not in Path(row.scan.path).read_bytes()
    officer = as_user("credit")
    assert address(row) in page(officer, case).content.decode()
    answer = officer.get(address(row))
    assert b"".join(answer.streaming_content) == content
    assert answer["Content-Type"] == kind
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "no-store"
    assert "default-src" in answer["Content-Security-Policy"]
    assert f"{case.number}-{row.pk}{Path(name).suffix.lower()}" in answer["Content-Disposition"]


REFUSED = [
    ("scan.pdf", b"", "This file is empty", "文件是空"),
    ("scan.pdf", b"MZ\x90\x00 program", "not what its name says", "不符"),
    ("scan.exe", PDF, "Only PDF, JPEG, PNG", "PDF、JPEG、PNG"),
    ("scan.pdf", PDF[:-7], "damaged", "损坏"),
    ("scan.pdf", PDF + b" " * (10 * 1024 * 1024), "larger than 10 MB", "10 MB"),
]


@pytest.mark.parametrize(("name", "content", "words", "_chinese"), REFUSED)
def test_a_scan_that_is_not_taken_leaves_nothing_behind(go, case, name, content, words, _chinese):
    before = kept_files()
    answer = go(case, "evidence", **form(case, scan=scan(name, content), note="所见"))
    shown = answer.content.decode()
    assert (answer.status_code, words in shown, "所见" in shown) == (422, True, True)
    assert 'href="#id_evidence-scan"' in shown
    assert not Evidence.objects.exists()
    assert kept_files() == before


@pytest.mark.parametrize(("name", "content", "_english", "words"), REFUSED)
def test_the_refusal_is_told_in_the_language_of_the_page(as_user, case, name, content, _english, words):
    client = as_user("credit", "zh-hans")
    data = {f"evidence-{field}": value for field, value in form(case, scan=scan(name, content)).items()}
    shown = client.post(reverse("credit:deed", args=[case.number, "evidence"]), data).content.decode()
    assert words in shown.split('class="error-summary')[1].split("</div>")[0]


def test_evidence_without_a_scan_is_taken_as_before(as_user, go, case):
    assert done(go(case, "evidence", **form(case)), case) == "opened"
    row = Evidence.objects.get()
    assert (row.scan.name, row.size, row.digest) == ("", 0, "")
    assert as_user("credit").get(address(row)).status_code == 404


def test_one_scan_bears_out_one_kind_once(officer, case):
    first = put(case, scan(), officer)
    with pytest.raises(UnfitDataError, match="on file already"):
        put(case, scan(), officer, reference="卷2")
    assert kept_files().count(Path(first.scan.path)) == 1
    put(case, scan(), officer, kind="另一种")
    row = Evidence(case=case, kind=first.kind, reference="卷3", note="", by=officer, scan="x", content_type="x")
    row.size, row.digest = 1, first.digest
    with pytest.raises(IntegrityError, match="evidence_scan_is_on_file_once"), transaction.atomic():
        row.save()


@pytest.mark.parametrize("change", [{"reference": " "}, {"kind": ""}])
def test_what_is_not_said_whole_keeps_no_scan(officer, case, change):
    before = kept_files()
    with pytest.raises(UnfitDataError, match="Say what it is"):
        put(case, scan(), officer, **change)
    assert kept_files() == before


def test_a_scan_that_comes_too_late_is_not_kept(officer, people, monkeypatch):
    case = given.proposed()
    before = kept_files()
    with pytest.raises(UnfitDataError, match="before a finding"):
        put(case, scan(), officer)
    assert kept_files() == before
    opened = given.case(lead=given.lead(origin="finding:2"))
    take = gathering._take

    def meanwhile(row, file):
        take(row, file)
        cases.propose(given.with_evidence(opened), by=officer)

    monkeypatch.setattr(gathering, "_take", lambda row, file: meanwhile(row, file) if file else None)
    with pytest.raises(UnfitDataError, match="before a finding"):
        put(opened, scan(), officer)
    assert kept_files() == before


def test_who_may_not_see_the_case_does_not_open_its_scan(as_user, officer, case):
    row = put(case, scan(), officer)
    for other in ("window", "street", "check", "panel", "admin"):
        assert as_user(other).get(address(row)).status_code == 404, other
    assert not AuditEntry.objects.filter(action="download").exists()
    elsewhere = given.case(lead=given.lead(origin="finding:2"))
    wrong = reverse("credit:evidence_scan", args=[elsewhere.number, row.pk])
    assert as_user("credit").get(wrong).status_code == 404


def test_opening_a_scan_is_written_down(as_user, officer, case):
    row = put(case, scan(), officer)
    as_user("credit").get(address(row))
    entry = AuditEntry.objects.get(action="download")
    assert (entry.staff, entry.reference, entry.fields) == (officer, case.number, ["evidence"])
    assert (entry.subject_kind, entry.subject_id, entry.purpose) == ("credit.case", case.pk, "credit")


def test_an_auditor_says_why_before_a_scan_opens(as_user, officer, case):
    row = put(case, scan(), officer)
    auditor = as_user("auditor")
    asked = auditor.get(address(row))
    assert (asked.status_code, row.kind in asked.content.decode()) == (200, True)
    assert auditor.post(address(row), {"reason": ""}).status_code == 422
    assert not AuditEntry.objects.filter(action="download").exists()
    answer = auditor.post(address(row), {"reason": "季度抽查"})
    assert b"".join(answer.streaming_content) == PDF
    assert AuditEntry.objects.get(action="download").purpose == "audit: 季度抽查"


def test_a_member_of_the_panel_opens_it_from_the_case(as_user, officer, people):
    case = given.case()
    row = put(case, scan(), officer)
    given.with_evidence(case)
    cases.propose(case, by=officer)
    given.serve(case, "proposal")
    cases.hear(case, by=officer, text="只是借住", weighed="与证据不符", received_on=given.day(0))
    panel.seat(case, [people[name] for name in ("panel", "panel2", "panel3")], by=officer)
    member = as_user("panel")
    assert address(row) in page(member, case).content.decode()
    assert b"".join(member.get(address(row)).streaming_content) == PDF
    assert AuditEntry.objects.get(action="download").staff == people["panel"]


def test_the_database_lets_no_scan_be_changed_taken_out_or_half_told(officer, case):
    row = put(case, scan(), officer)
    for change in ({"scan": "evidence/x.pdf"}, {"digest": "0" * 64}, {"size": 1}, {"content_type": "image/png"}):
        with pytest.raises(InternalError), transaction.atomic():
            Evidence.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(InternalError), transaction.atomic():
        row.delete()
    half = Evidence(case=case, kind="照片", reference="卷2", note="", by=officer, scan="evidence/x.pdf")
    with pytest.raises(IntegrityError, match="evidence_scan_is_whole"), transaction.atomic():
        half.save()
