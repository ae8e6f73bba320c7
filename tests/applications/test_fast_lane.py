"""Who keeps to its word goes first: households at grade A, with shorter limits, and papers that may follow (B13)."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, InternalError, transaction
from django.urls import reverse
from msgspec.structs import replace

from applications import accepting, deadlines, intake, signing, tiers
from applications.models import Application, FastLane, Procedure, Supplement
from bureau import workdays
from bureau.errors import MoveRefusedError, NotAllowedError, StaleError, UnfitDataError
from bureau.models import Document
from credit.leads import Named
from credit.models import Lead
from tests.applications.windows import changed_row, household, id_number, keyed, printed, sections, sign_all, submitted
from tests.factories import credit as given
from tests.papers import PDF

pytestmark = pytest.mark.django_db
S = Application.Status


def add(case, *sections) -> None:
    for section in sections:
        paper = SimpleUploadedFile("a.pdf", PDF)
        intake.attach(case, paper, section=section, title=section, by=case.keyed_by)


@pytest.fixture
def ready(people):
    """Keyed and signed, with the applicant's ID card and everything but the household register and two proofs."""
    case = keyed(people["window"])
    sign_all(case, people["window"])
    add(case, "identity")
    return case


def found_against(name, number) -> None:
    """A panel has found an act of this person: grade B."""
    given.found_by_panel(lead=given.lead(kind=Lead.Kind.DEPARTMENT, about=[Named(name, number)]))


def declared_of(case):
    return household(case).declared


def hand_in(case, people):
    return accepting.hand_in(case, declared_of(case), by=people["window"])


# --- the lane -------------------------------------------------------------------------------------------------------


def test_a_household_at_grade_a_goes_first_with_shorter_limits_and_its_reasons_are_kept(people):
    case = submitted(people["window"])
    assert case.fast
    lane = FastLane.objects.get(application=case)
    assert [(each["key"], each["letter"]) for each in lane.grades] == [("m1", "A"), ("m2", "A"), ("m3", "A")]
    assert all(each["why"] for each in lane.grades)
    limits = deadlines.procedure_on(workdays.today())
    assert limits.fast_street_days < limits.street_days
    assert case.due_on == workdays.add_workdays(workdays.today(), limits.fast_street_days)
    receipt = printed(Document.objects.of(case).get(kind="receipt"))
    assert f"{limits.fast_decision_days}个工作日" in receipt


def test_one_member_below_a_keeps_the_household_out_of_it(people):
    case = keyed(people["window"])
    second = declared_of(case).persons[1]
    found_against(second.name, second.id_number)
    sign_all(case, people["window"])
    intake.submit(case, declared_of(case), by=people["window"])
    assert not case.fast
    assert not FastLane.objects.exists()
    assert case.due_on == workdays.add_workdays(workdays.today(), deadlines.procedure_on(workdays.today()).street_days)


def test_what_becomes_of_a_grade_later_does_not_undo_it(people):
    case = submitted(people["window"])
    first = declared_of(case).persons[0]
    found_against(first.name, first.id_number)
    tiers.return_for_correction(case, by=people["street"], opinion="请补充")
    declared = replace(declared_of(case), homes=())
    sign_again(case, declared, people["window"])
    intake.submit(case, declared, by=people["window"])
    assert case.fast
    assert FastLane.objects.get().grades[0]["letter"] == "A"
    tiers.forward(case, by=people["street"], opinion="同意。")
    limits = deadlines.procedure_on(workdays.today())
    assert case.due_on == workdays.add_workdays(workdays.today(), limits.fast_district_days)


def sign_again(case, declared, by) -> None:
    signing.print_form(case, "commitment", declared, by=by)
    scan = case.attachments.filter(section="signing").last()
    for person in declared.persons:
        guarded = signing.needs_guardian(person, workdays.today())
        signer, guardian = ("李秀英", "母亲") if guarded else (person.name, "")
        told = {"signer": signer, "guardian": guardian, "signed_on": workdays.today(), "scan": scan, "by": by}
        signing.sign(case, declared, person, **told)


def test_it_ends_when_other_persons_hand_in_of_whom_it_does_not_hold(people):
    case = submitted(people["window"])
    second = declared_of(case).persons[1]
    found_against(second.name, second.id_number)
    tiers.return_for_correction(case, by=people["street"], opinion="请补充")
    fewer = replace(declared_of(case), persons=declared_of(case).persons[:2])
    sign_again(case, fewer, people["window"])
    intake.submit(case, fewer, by=people["window"])
    assert not case.fast
    assert FastLane.objects.get().ended_at is not None


def test_the_limits_are_those_of_the_day(people):
    Procedure.objects.create(effective_from=workdays.today(), fast_street_days=1, basis="新规")
    case = submitted(people["window"])
    assert case.due_on == workdays.add_workdays(workdays.today(), 1)


def test_the_lane_is_kept_as_it_was_given(people):
    submitted(people["window"])
    row = FastLane.objects.get()
    for change in ({"grades": []}, {"given_on": workdays.today() - timedelta(days=1)}):
        with pytest.raises(InternalError), transaction.atomic():
            FastLane.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(InternalError), transaction.atomic():
        row.delete()


def test_it_is_first_in_the_queue_and_marked(people, as_user):
    fast = submitted(people["window"])
    slow = Application.objects.get(pk=submitted(people["window2"], others()).pk)
    Application.objects.filter(pk=slow.pk).update(fast=False, due_on=workdays.today() - timedelta(days=9))
    rows = as_user("check").get("/applications/?tab=open").context["rows"]
    assert [row.case.pk for row in rows] == [fast.pk, slow.pk]
    assert "Fast lane" in as_user("street").get("/applications/?tab=todo").content.decode()
    assert "Fast lane" in as_user("street").get("/").content.decode()
    overview = as_user("street").get(fast.get_absolute_url()).content.decode()
    assert "Why the case goes first" in overview
    assert "Why the case goes first" not in as_user("check").get(slow.get_absolute_url()).content.decode()


def others() -> dict:
    """Another household as typed."""
    applicant = changed_row("applicant", name="钱学礼", id_number=id_number("19800315", 7))
    members = {"none": "on", "last": 1, "rows": []}
    nothing = dict.fromkeys(("business", "property", "transfers", "other"), "0")
    income = {"none": "", "rows": [{"key": "m1", "wages": "30000", **nothing}]}
    return sections(applicant=applicant, members=members, income=income)


# --- papers that follow ---------------------------------------------------------------------------------------------


def test_papers_that_may_follow_are_promised_in_writing_by_a_day(ready, people):
    with pytest.raises(UnfitDataError, match="written promise"):
        hand_in(ready, people)
    ready.refresh_from_db()
    assert ready.status == S.DRAFT
    add(ready, "promise")
    case = hand_in(ready, people)
    assert case.status == S.AT_STREET
    due = workdays.add_workdays(workdays.today(), deadlines.procedure_on(workdays.today()).supplement_days)
    assert {(row.section, row.due_on) for row in case.supplements.all()} == {
        ("hukou", due),
        ("marriage", due),
        ("income", due),
    }
    assert "户口簿" in printed(Document.objects.of(case).get(kind="receipt"))


def test_without_the_id_card_nothing_is_accepted_not_even_in_the_fast_lane(people):
    case = keyed(people["window"])
    sign_all(case, people["window"])
    add(case, "promise", "hukou")
    with pytest.raises(UnfitDataError, match="Nothing is accepted without: ID card"):
        hand_in(case, people)


def test_without_a_signature_nothing_is_accepted_either(people):
    case = keyed(people["window"])
    sign_all(case, people["window"], but="m2")
    add(case, "identity", "promise")
    with pytest.raises(MoveRefusedError):
        hand_in(case, people)
    assert not Supplement.objects.exists()


def test_who_is_not_in_the_lane_brings_everything_first(ready, people):
    first = declared_of(ready).persons[0]
    found_against(first.name, first.id_number)
    add(ready, "promise")
    with pytest.raises(UnfitDataError, match="Papers are missing"):
        hand_in(ready, people)
    ready.refresh_from_db()
    assert (ready.status, Supplement.objects.count()) == (S.DRAFT, 0)
    add(ready, "hukou", "marriage", "income")
    assert hand_in(ready, people).status == S.AT_STREET


def test_with_all_papers_nothing_is_promised(ready, people):
    add(ready, "hukou", "marriage", "income")
    assert hand_in(ready, people).status == S.AT_STREET
    assert not Supplement.objects.exists()


@pytest.fixture
def accepted(ready, people):
    add(ready, "promise")
    return hand_in(ready, people)


def file():
    return SimpleUploadedFile("later.pdf", PDF)


def test_a_promised_paper_is_brought_at_the_window_once(accepted, people):
    row = accepted.supplements.get(section="hukou")
    for name in ("window2", "street", "check"):
        with pytest.raises(NotAllowedError):
            accepting.supply(row, file(), by=people[name])
    accepting.supply(row, file(), by=people["window"])
    row.refresh_from_db()
    assert row.paper.section == "hukou"
    with pytest.raises(StaleError):
        accepting.supply(row, file(), by=people["window"])


def test_what_does_not_come_in_time_is_shown_and_refuses_nothing(accepted, people, as_user, monkeypatch):
    late = workdays.today() + timedelta(days=40)
    monkeypatch.setattr(workdays, "today", lambda: late)
    accepted.refresh_from_db()
    assert accepted.status == S.AT_STREET
    shown = as_user("street").get(accepted.get_absolute_url()).content.decode()
    assert "Late" in shown
    assert "refuses nothing by itself" in shown
    assert "Promised papers are late" in as_user("street").get("/applications/?tab=open&papers=late").content.decode()
    desk = as_user("window").get("/").content.decode()
    assert "Promised papers to come" in desk
    assert not as_user("check").get("/applications/?tab=done&papers=late").context["rows"]
    tiers.forward(accepted, by=people["street"], opinion="同意。")
    accepting.supply(accepted.supplements.get(section="income"), file(), by=people["window"])  # late, and taken


def test_nothing_is_brought_to_a_case_that_has_ended(accepted, people):
    intake.withdraw(accepted, by=people["window"], reason="不再申请")
    with pytest.raises(MoveRefusedError, match="ended"):
        accepting.supply(accepted.supplements.first(), file(), by=people["window"])


def test_the_database_lets_no_essential_paper_follow_and_none_outside_the_lane(accepted, people):
    row = accepted.supplements.first()
    values = {"promise": row.promise, "promised_on": row.promised_on, "due_on": row.due_on}
    values |= {"recorded_by": row.recorded_by}
    for section in ("identity", "signing"):
        with pytest.raises(IntegrityError, match="no_essential_paper"), transaction.atomic():
            Supplement.objects.create(application=accepted, section=section, **values)
    with pytest.raises(IntegrityError, match="fast lane alone"), transaction.atomic():
        Supplement.objects.create(application=keyed(people["window2"]), section="hukou", **values)
    with pytest.raises(InternalError), transaction.atomic():
        Supplement.objects.filter(pk=row.pk).update(due_on=row.due_on + timedelta(days=1))


# --- pages ----------------------------------------------------------------------------------------------------------


def test_the_window_is_told_of_the_lane_and_brings_the_paper(ready, people, as_user):
    client, answers = as_user("window"), reverse("applications:answers", args=[ready.reference])
    shown = client.get(answers).content.decode()
    assert "everybody stands at grade A" in shown
    assert "Household register" in shown
    assert client.post(answers).status_code == 422
    add(ready, "promise")
    assert client.post(answers).status_code == 302
    submitted_page = client.get(reverse("applications:submitted", args=[ready.reference])).content.decode()
    assert "Promised papers" in submitted_page
    row = Supplement.objects.get(section="hukou")
    page = reverse("applications:case_supply", args=[ready.reference, row.pk])
    assert page in client.get(reverse("applications:case", args=[ready.reference])).content.decode()
    assert as_user("window2").get(page).status_code == 404
    for name in ("street", "check", "auditor"):
        assert as_user(name).get(page).status_code == 403
    assert client.get(page).status_code == 200
    assert client.post(page, {"file": SimpleUploadedFile("a.pdf", b"")}).status_code == 422
    assert client.post(page, {"file": file()}).status_code == 302
    row.refresh_from_db()
    assert not row.is_open
    assert client.post(page, {"file": file()}).status_code == 409
