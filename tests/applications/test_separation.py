"""Who has had a hand in a case keeps out of what follows: nobody reviews, checks or decides on the own work."""

import pytest
from django.db import IntegrityError, transaction

from applications import checks, decisions, guards, intake, moves, publicity, rounds, tiers
from applications.models import Draft
from bureau.errors import MoveRefusedError, NotAllowedError
from bureau.models import Office, Posting, Staff
from bureau.moves import why_not
from bureau.roles import Role
from tests.applications.windows import SECTIONS, household, keyed, sign_all, submitted
from tests.factories.applications import ask_all, check_due, concluded, household_of
from tests.factories.applications import submitted as handed_in
from verification import conclusions, findings
from verification import moves as check_moves

pytestmark = pytest.mark.django_db


def posted(person: Staff, role: str, code: str) -> Staff:
    """The person as known after one more posting."""
    Posting.objects.create(staff=person, office=Office.objects.get(code=code), role=role)
    return Staff.objects.get(pk=person.pk)


@pytest.fixture
def second_clerk(people) -> Staff:
    """Another clerk at the first window."""
    return posted(Staff.objects.create(username="clerk-b", name="另一人"), Role.CLERK, "321202001001")


def test_a_seat_in_another_district_is_no_seat_at_this_desk(people):
    case = submitted(people["window"])
    district = posted(people["district"], Role.REVIEWER, "321283001")
    assert guards.desk_seat(case, district) is None
    assert why_not(case, moves.FORWARD, district) is not None
    with pytest.raises(MoveRefusedError, match="another tier"):
        tiers.forward(case, by=district, opinion="同意")
    case.refresh_from_db()
    assert case.status == "at_street"
    assert not case.opinions.exists()


def test_a_seat_over_the_window_is_one_and_its_office_signs(people):
    case = submitted(people["window"])
    stand_in = posted(people["district"], Role.REVIEWER, "321202001")
    opinion = tiers.forward(case, by=stand_in, opinion="同意")
    assert (opinion.tier, opinion.office.code) == ("street", "321202001")


def test_whoever_handed_in_does_not_review(people, second_clerk):
    application = keyed(people["window"])
    sign_all(application, people["window"])
    intake.submit(application, household(application).declared, by=second_clerk)
    reviewer = posted(second_clerk, Role.REVIEWER, "321202001")
    assert why_not(application, moves.FORWARD, reviewer).forbidden
    assert why_not(application, moves.FORWARD, people["street"]) is None


def test_whoever_typed_one_section_that_another_typed_over_does_not_review(people, second_clerk):
    application = keyed(people["window"])
    for by in (second_clerk, people["window"]):
        version = Draft.objects.get(application=application).version
        intake.save_section(application, "homes", SECTIONS["homes"], version=version, by=by)
    sign_all(application, people["window"])
    intake.submit(application, household(application).declared, by=people["window"])
    reviewer = posted(second_clerk, Role.REVIEWER, "321202001")
    for move in (moves.FORWARD, moves.RETURN, moves.REJECT):
        assert why_not(application, move, reviewer).forbidden


def test_whoever_recorded_a_signature_does_not_review(people, second_clerk):
    application = keyed(people["window"])
    sign_all(application, second_clerk)
    intake.submit(application, household(application).declared, by=people["window"])
    reviewer = posted(second_clerk, Role.REVIEWER, "321202001")
    assert why_not(application, moves.FORWARD, reviewer).forbidden


def test_the_database_takes_no_opinion_of_whoever_keyed_the_case(people):
    case = submitted(people["window"])
    facts = {
        "declaration": case.declaration,
        "tier": "street",
        "office": case.office,
        "outcome": "forward",
        "text": "x",
    }
    with pytest.raises(IntegrityError, match="another person"), transaction.atomic():
        case.opinions.create(by=people["window"], **facts)


def test_whoever_keyed_the_case_does_not_settle_or_conclude_its_check(people, sources):
    case = check_due(people, household_of(sources, "hidden-car"))
    check = checks.order(case, by=people["check"])
    assert check.kept_away == [people["window"].pk]
    ask_all(check)
    officer = posted(people["window"], Role.CHECK_OFFICER, "321200")
    for move in (check_moves.CONCLUDE, check_moves.ASK_AGAIN, check_moves.CANCEL):
        assert why_not(check, move, officer).forbidden
        assert "keyed" in str(why_not(check, move, officer).text)
    finding = check.findings.open()[0]
    with pytest.raises(NotAllowedError, match="keyed"):
        findings.confirm(finding, by=officer, reason="属实")
    with pytest.raises(NotAllowedError, match="keyed"):
        conclusions.conclude(check, outcome="incomplete", opinion="x", by=officer)
    findings.confirm(finding, by=people["check"], reason="属实")


def test_the_database_takes_no_conclusion_or_settlement_of_whoever_keyed_the_case(people, sources):
    case = check_due(people, household_of(sources, "hidden-car"))
    check = ask_all(checks.order(case, by=people["check"]))
    finding = check.findings.open()[0]
    finding.state, finding.reason, finding.settled_by = "confirmed", "属实", people["window"]
    with pytest.raises(IntegrityError), transaction.atomic():
        finding.save()
    assessment = check.assessments.latest("version")
    with pytest.raises(IntegrityError, match="another person"), transaction.atomic():
        assessment.conclusion_set.model.objects.create(
            check_ordered=check, assessment=assessment, outcome="incomplete", opinion="x", by=people["window"]
        )


def test_a_round_leaves_out_the_cases_that_its_opener_keyed(people):
    case = check_due(people)
    officer = posted(people["window"], Role.CHECK_OFFICER, "321200")
    assert not rounds.waiting(["public_rental"], "321200", by=officer).exists()
    assert list(rounds.waiting(["public_rental"], "321200", by=people["check"])) == [case]


@pytest.mark.parametrize(
    ("scenario", "outcome", "move"), [("fit", "fit", "PUBLISH"), ("hidden-car", "unfit", "REFUSE")]
)
def test_whoever_concluded_the_check_does_not_decide(people, sources, scenario, outcome, move):
    case = concluded(people, sources, scenario, outcome)
    officer = posted(people["check"], Role.HOUSING_OFFICER, "321200")
    case.opinions.filter(by=officer).update(valid=False, invalid_since=case.status_since)  # else: signed already
    reason = why_not(case, getattr(moves, move), officer)
    assert reason.forbidden
    assert "concluded" in str(reason.text)
    assert why_not(case, getattr(moves, move), people["housing"]) is None


def test_the_database_takes_no_decision_of_whoever_concluded(people, sources):
    case = concluded(people, sources, "fit", "fit")
    with pytest.raises(IntegrityError, match="another person"), transaction.atomic():
        case.decisions.create(
            conclusion=case.current_check.conclusion, outcome="grant", opinion="x", by=people["check"]
        )


def test_whoever_decided_does_not_answer_the_objection(people, sources):
    case = concluded(people, sources, "fit", "fit")
    decisions.grant(case, by=people["housing"], opinion="符合条件，拟予保障。")
    objection = publicity.object_to(case.notices.get(), text="另有房产", objector="", by=people["street"])
    with pytest.raises(NotAllowedError, match="decided"):
        publicity.answer_objection(objection, upheld=False, answer="不属实", by=people["housing"])
    objection.refresh_from_db()
    objection.settled_at, objection.settled_by, objection.upheld, objection.answer = (
        case.status_since,
        people["housing"],
        False,
        "不属实",
    )
    with pytest.raises(IntegrityError, match="another person"), transaction.atomic():
        objection.save()
    publicity.answer_objection(objection, upheld=False, answer="不属实", by=people["housing2"])


def test_a_page_offers_the_answer_to_whom_it_is_open(people, as_user, sources):
    case = concluded(people, sources, "fit", "fit")
    decisions.grant(case, by=people["housing"], opinion="符合条件，拟予保障。")
    publicity.object_to(case.notices.get(), text="另有房产", objector="", by=people["street"])
    address = f"/applications/{case.reference}/review/"
    assert as_user("housing").get(address).context["may_answer"] is False
    assert as_user("housing2").get(address).context["may_answer"] is True


def test_who_keyed_nothing_reviews(people):
    case = handed_in(people["window"])
    assert why_not(case, moves.FORWARD, people["street"]) is None
