"""Drafts, papers and submission: the rules of the work module, each refused without leaving anything half written."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from msgspec.structs import replace

from applications import intake, problems, signing
from applications.models import Application, Attachment, Declaration, Draft, Member
from bureau import workdays
from bureau.errors import MoveRefusedError, NotAllowedError, StaleError, UnfitDataError
from bureau.models import Document, Staff, TimelineEntry
from credit import sanctions
from credit.policies import Severity
from tests.applications.windows import (
    MAN,
    PDF,
    SECTIONS,
    WOMAN,
    changed_row,
    household,
    id_number,
    keyed,
    scan_of,
    sections,
    sign_all,
    submitted,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def window(people):
    return people["window"]


def nothing_was_handed_in(application: Application) -> bool:
    application.refresh_from_db()
    clean = application.status == "draft" and application.submitted_at is None and application.declaration is None
    rows = (
        Declaration.objects.filter(application=application).exists()
        or Member.objects.filter(application=application).exists()
    )
    letters = Document.objects.filter(reference=application.reference, kind="receipt").exists()
    return clean and not rows and not letters


def test_a_draft_has_a_reference_of_its_kind_from_the_first_moment(window):
    first = intake.open_draft("public_rental", by=window)
    second = intake.open_draft("rental_subsidy", by=window)
    assert first.reference.startswith("GZ")
    assert second.reference.startswith("BT")
    assert first.office_code == "321202001001"


def test_only_a_window_clerk_opens_a_draft(people):
    with pytest.raises(NotAllowedError):
        intake.open_draft("public_rental", by=people["street"])
    assert not Application.objects.exists()


def test_a_section_is_kept_as_typed_right_or_wrong(window):
    application = intake.open_draft("public_rental", by=window)
    wrong = changed_row("applicant", id_number="123")
    intake.save_section(application, "applicant", wrong, version=1, by=window)
    assert Draft.objects.get().sections["applicant"]["rows"] == wrong["rows"]


def test_a_page_opened_before_somebody_saved_the_section_overwrites_nothing(window):
    application = intake.open_draft("public_rental", by=window)
    intake.save_section(application, "applicant", SECTIONS["applicant"], version=1, by=window)
    with pytest.raises(StaleError):
        intake.save_section(application, "applicant", changed_row("applicant", name="别人"), version=1, by=window)
    assert Draft.objects.get().sections["applicant"]["rows"][0]["name"] == "张建国"


def test_pages_of_different_sections_do_not_stand_in_each_others_way(window):
    application = intake.open_draft("public_rental", by=window)
    intake.save_section(application, "homes", SECTIONS["homes"], version=1, by=window)
    intake.save_section(application, "applicant", SECTIONS["applicant"], version=1, by=window)
    assert set(Draft.objects.get().sections) == {"homes", "applicant"}


def test_a_page_that_saves_itself_does_not_stand_in_its_own_way_until_it_is_left(window):
    application = intake.open_draft("public_rental", by=window)
    save = {"version": 1, "by": window}
    intake.save_section(application, "homes", SECTIONS["homes"], page="p1", goes_on=True, **save)
    intake.save_section(application, "homes", SECTIONS["homes"], page="p1", goes_on=True, **save)
    with pytest.raises(StaleError):
        intake.save_section(application, "homes", SECTIONS["homes"], page="p2", **save)
    intake.save_section(application, "homes", SECTIONS["homes"], page="p1", **save)
    with pytest.raises(StaleError):
        intake.save_section(application, "homes", SECTIONS["homes"], page="p1", goes_on=True, **save)


def test_another_windows_clerk_cannot_save(window, people):
    application = intake.open_draft("public_rental", by=window)
    with pytest.raises(NotAllowedError):
        intake.save_section(application, "homes", SECTIONS["homes"], version=1, by=people["window2"])
    assert Draft.objects.get().sections == {}


def test_what_was_typed_is_not_in_the_table_in_the_clear(window):
    keyed(window)
    from_table = Draft.objects.extra(select={"raw": "sections"}).values_list("raw", flat=True)[0]
    assert MAN.encode() not in bytes(from_table)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("scan.pdf", b"", "empty"),
        ("scan.pdf", b"MZ\x90\x00 program", "not what its name says"),
        ("scan.exe", PDF, "Only PDF"),
        ("scan.pdf", PDF[:-7], "damaged"),
        ("scan.pdf", PDF + b" " * (10 * 1024 * 1024), "larger than 10 MB"),
    ],
)
def test_a_paper_that_cannot_be_taken_leaves_nothing_behind(window, name, content, words):
    application = intake.open_draft("public_rental", by=window)
    with pytest.raises(UnfitDataError, match=words):
        intake.attach(application, SimpleUploadedFile(name, content), section="identity", title="", by=window)
    assert not Attachment.objects.exists()


def test_a_paper_is_kept_encrypted_and_its_removal_is_remembered(window):
    application = intake.open_draft("public_rental", by=window)
    paper = intake.attach(application, SimpleUploadedFile("id.pdf", PDF), section="identity", title="ID", by=window)
    with open(paper.file.path, "rb") as file:
        assert PDF not in file.read()
    assert paper.file.open().read() == PDF
    intake.remove_attachment(paper, by=window)
    paper.refresh_from_db()
    assert paper.removed_by == window
    assert paper.removed_at is not None


def test_a_scan_on_which_a_signature_rests_stays(window):
    application = keyed(window)
    sign_all(application, window)
    with pytest.raises(UnfitDataError):
        intake.remove_attachment(application.attachments.get(), by=window)


def test_a_household_is_handed_in_with_its_declaration_members_and_receipt(window):
    application = submitted(window)
    assert application.status == "at_street"
    assert application.applicant_name == "张建国"
    assert application.household_size == 3
    assert application.due_on is not None
    assert application.members.filter(live=True).count() == 3
    assert Document.objects.get(kind="receipt").reference == application.reference
    assert TimelineEntry.objects.of(application).filter(event="submit").exists()


def test_without_a_members_signature_nothing_is_handed_in(window):
    application = keyed(window)
    sign_all(application, window, but="m2")
    with pytest.raises(MoveRefusedError, match="李秀英"):
        intake.submit(application, household(application).declared, by=window)
    assert nothing_was_handed_in(application)


def test_a_signature_under_another_id_number_does_not_count(window):
    application = keyed(window)
    sign_all(application, window)
    draft = application.draft
    draft.refresh_from_db()
    other = changed_row("members", id_number=id_number("19870620", 44))
    intake.save_section(application, "members", other, version=draft.version, by=window)
    with pytest.raises(MoveRefusedError):
        intake.submit(application, household(application).declared, by=window)
    assert nothing_was_handed_in(application)


def test_a_member_under_a_sanction_keeps_the_household_out_with_day_and_act(window):
    application = keyed(window)
    sign_all(application, window)
    sanctions.impose(
        name="李秀英",
        id_number=WOMAN,
        severity=Severity.SERIOUS,
        act="转租保障房",
        basis="泰政规〔2017〕",
        banned_from=date.today(),
        by=Staff.objects.get(username="credit"),
    )
    with pytest.raises(UnfitDataError, match="转租保障房"):
        intake.submit(application, household(application).declared, by=window)
    assert nothing_was_handed_in(application)


def test_a_person_takes_part_in_one_live_application(window, people):
    submitted(window)
    second = keyed(people["window2"])
    sign_all(second, people["window2"])
    with pytest.raises(UnfitDataError, match="one person, one benefit"):
        intake.submit(second, household(second).declared, by=people["window2"])
    assert nothing_was_handed_in(second)


def test_the_database_itself_holds_one_live_application_per_person(window, people):
    submitted(window)
    second = keyed(people["window2"])
    person = Member(
        application=second, key="m1", name="张建国", relation="01", id_number=MAN, born_on=date(1985, 3, 12), live=True
    )
    with pytest.raises(IntegrityError, match="person_has_one_live_application"), transaction.atomic():
        person.save()


def test_an_approved_household_does_not_apply_again(window):
    first = submitted(window)
    Application.objects.filter(pk=first.pk).update(status="approved")
    second = keyed(window)
    sign_all(second, window)
    with pytest.raises(UnfitDataError):
        intake.submit(second, household(second).declared, by=window)
    assert nothing_was_handed_in(second)
    Application.objects.filter(pk=first.pk).update(status="withdrawn")  # approved by no decision: refused at the end


def test_after_a_refusal_the_household_may_apply_again(window):
    first = submitted(window)
    Application.objects.filter(pk=first.pk).update(status="refused")
    assert submitted(window).status == "at_street"
    Application.objects.filter(pk=first.pk).update(
        status="withdrawn"
    )  # refused by no decision: not let pass at the end


def test_the_same_person_twice_or_two_heads_are_refused_in_words(window):
    declared = household(keyed(window)).declared
    first, second, third = declared.persons
    twice = replace(declared, persons=(first, replace(second, id_number=first.id_number), third))
    assert "twice" in problems.of_household(twice)[0]
    heads = replace(declared, persons=(first, replace(second, relation="01"), third))
    assert "two applicants" in problems.of_household(heads)[0]


def test_only_a_clerk_of_the_window_hands_in(window, people):
    application = keyed(window)
    sign_all(application, window)
    for name in ("window2", "street"):
        with pytest.raises(NotAllowedError):
            intake.submit(application, household(application).declared, by=people[name])
    assert nothing_was_handed_in(application)


def test_what_was_handed_in_can_no_longer_be_edited(window):
    application = submitted(window)
    with pytest.raises(StaleError):
        intake.save_section(application, "homes", sections()["homes"], version=99, by=window)


def test_a_discarded_draft_loses_what_was_typed_and_keeps_its_reference(window):
    application = keyed(window)
    intake.discard(application, by=window)
    application.refresh_from_db()
    assert application.status == "discarded"
    assert not Draft.objects.filter(application=application).exists()


def test_a_withdrawal_needs_its_reason(window):
    application = submitted(window)
    with pytest.raises(UnfitDataError):
        intake.withdraw(application, by=window, reason=" ")
    application.refresh_from_db()
    assert application.status == "at_street"


def test_a_case_handed_in_otherwise_can_be_corrected_on_the_pages(window):
    declared = household(keyed(window)).declared
    application = intake.open_draft("public_rental", by=window)
    scan = scan_of(application, window)
    for person in declared.persons:
        minor = person.key == "m3"
        signing.sign(
            application,
            declared,
            person,
            signer="李秀英" if minor else person.name,
            guardian="母亲" if minor else "",
            signed_on=workdays.today(),
            scan=scan,
            by=window,
        )
    intake.submit(application, declared, by=window)
    assert household(application).declared == declared


def test_a_page_that_claims_a_version_that_never_was_overwrites_nothing(window):
    application = keyed(window)
    with pytest.raises(StaleError):
        intake.save_section(application, "homes", {"none": "on", "rows": []}, version=999_999_999, by=window)
    assert Draft.objects.get().sections["homes"]["rows"] == SECTIONS["homes"]["rows"]
