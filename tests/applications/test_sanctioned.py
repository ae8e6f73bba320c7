"""A sanction that begins after the application was handed in stops the case at every later step (clauses B8, B13)."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from applications import checks, decisions, moves, publicity, rounds, tiers
from applications.models import Application
from bureau import workdays
from bureau.errors import MoveRefusedError
from bureau.models import Staff, TimelineEntry
from bureau.moves import why_not
from credit import sanctions
from credit.models import Sanction
from credit.policies import Severity
from tests.factories.applications import at_city, at_district, check_due, concluded, submitted

pytestmark = pytest.mark.django_db
S = Application.Status
SHANGHAI = ZoneInfo("Asia/Shanghai")


def sanction(case: Application) -> Sanction:
    """A member is banned from today."""
    member = case.members.order_by("key")[0]
    return sanctions.impose(
        name=member.name,
        id_number=member.id_number,
        severity=Severity.SERIOUS,
        act="转租公租房",
        basis="办法第二十七条",
        banned_from=workdays.today(),
        by=Staff.objects.get(username="credit"),
    )


def at_street(people) -> Application:
    return submitted(people["window"])


@pytest.mark.parametrize(("make", "who"), [(at_street, "street"), (at_district, "district"), (at_city, "check")])
def test_no_desk_forwards_a_household_with_a_member_under_a_sanction(people, make, who):
    case = make(people)
    before = case.status
    found = sanction(case)
    with pytest.raises(MoveRefusedError, match="barred from housing benefits until"):
        tiers.forward(case, by=people[who], opinion="同意")
    assert Application.objects.get(pk=case.pk).status == before
    assert why_not(case, moves.RETURN, people[who]) is None
    sanctions.lift(found, on=workdays.today(), reason="信用修复")
    tiers.forward(case, by=people[who], opinion="同意")


def test_its_check_is_not_ordered_alone_or_in_a_round(people):
    case = check_due(people)
    assert rounds.waiting(["public_rental"], "321200", by=people["check"]).exists()
    sanction(case)
    with pytest.raises(MoveRefusedError, match="barred"):
        checks.order(case, by=people["check"])
    assert not rounds.waiting(["public_rental"], "321200", by=people["check"]).exists()
    assert why_not(case, moves.ORDER_IN_ROUND, None) is not None


def test_it_is_not_granted(people, sources):
    case = concluded(people, sources, "fit", "fit")
    sanction(case)
    with pytest.raises(MoveRefusedError, match="barred"):
        decisions.grant(case, by=people["housing"], opinion="符合条件。")
    assert not case.decisions.exists()


def test_it_is_not_approved_when_its_notice_has_run_and_falls_due_with_the_reason(people, as_user, sources):
    case = concluded(people, sources, "fit", "fit")
    decisions.grant(case, by=people["housing"], opinion="符合条件，拟予保障。")
    found = sanction(case)
    with time_machine.travel(datetime.combine(case.notices.get().closes_on, time(0, 5), SHANGHAI), tick=True):
        assert publicity.close_due() == 0
        assert publicity.close_due() == 0
        case.refresh_from_db()
        assert (case.status, case.due_on) == (S.ON_NOTICE, workdays.today())
        held = TimelineEntry.objects.of(case).filter(event="approval_held")
        assert "barred" in held.get().note
        assert case in Application.objects.on_desk_of(people["housing"].seats)
        assert "barred" in as_user("housing").get(f"/applications/{case.reference}/review/").content.decode()
        sanctions.lift(found, on=workdays.today(), reason="信用修复")
        assert publicity.close_due() == 1
    assert Application.objects.get(pk=case.pk).status == S.APPROVED


def test_a_sanction_entered_between_the_sweeps_query_and_its_move_is_seen(people, sources):
    case = concluded(people, sources, "fit", "fit")
    decisions.grant(case, by=people["housing"], opinion="符合条件，拟予保障。")
    sanction(case)
    assert "barred" in str(why_not(case, moves.APPROVE, None).text)


def test_an_objection_upheld_between_the_sweeps_query_and_its_move_is_seen(people, sources):
    case = concluded(people, sources, "fit", "fit")
    decisions.grant(case, by=people["housing"], opinion="符合条件，拟予保障。")
    objection = publicity.object_to(case.notices.get(), text="另有房产", objector="", by=people["street"])
    assert "still to be answered" in str(why_not(case, moves.APPROVE, None).text)
    publicity.answer_objection(objection, upheld=True, answer="属实", by=people["housing2"])
    assert "upheld" in str(why_not(case, moves.APPROVE, None).text)


def test_a_sanction_that_ended_stops_nothing(people):
    case = submitted(people["window"])
    found = sanction(case)
    Sanction.objects.filter(pk=found.pk).update(
        holds_from=workdays.today() - timedelta(days=400), holds_until=workdays.today()
    )
    assert why_not(case, moves.FORWARD, people["street"]) is None
