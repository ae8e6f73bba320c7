"""A source that is down for good holds nobody up for ever: after its patience who waits goes on without it.

The clock is moved in the rows.
"""

import uuid
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.factories.checks import order_scenario, orders_of
from verification import asking, assessing, giving_up, holding, orders
from verification.models import Check, Hold, Inquiry, Round, Source
from verification.wording import source_state

pytestmark = pytest.mark.django_db
CODE = "icbc"
HOURS = 24


@pytest.fixture
def waiting(sources):
    """A check that waits for a bank behind its open circuit; all else has answered: `waiting(hours=25)`."""

    def check(hours: float, within: Round | None = None, **source) -> Check:
        now = timezone.now()
        fields = {
            "failures_in_row": 10,
            "open_until": now + timedelta(minutes=5),
            "last_success_at": now - timedelta(hours=hours, minutes=1),
            "last_failure_at": now,
            "patience_hours": HOURS,
            **source,
        }
        Source.objects.filter(code=CODE).update(**fields)
        found = orders.place_many(orders_of(sources, "fit", 1), by=None, queue="checks", within=within)[0]
        asking.ask([found.pk])
        moved(found, hours)
        found.refresh_from_db()
        assert found.status == Check.Status.ASKING
        return found

    return check


def moved(check: Check, hours: float) -> None:
    """As if the check had been ordered so many hours earlier. (What was ordered is otherwise not to be changed.)"""
    inquiry(check).update(not_before=timezone.now() - timedelta(hours=hours))


def inquiry(check: Check):
    return Inquiry.objects.filter(check_ordered=check, source__code=CODE)


def state(check: Check) -> tuple[str, str]:
    return inquiry(check).values_list("state", "reason").get()


def test_who_has_waited_for_longer_than_the_patience_goes_on_without_the_source(waiting):
    check = waiting(25)
    assert giving_up.give_up_hopeless() == 1
    check.refresh_from_db()
    assert state(check) == ("failed", "unavailable")
    assert check.status == Check.Status.SETTLED
    assert giving_up.give_up_hopeless() == 0  # the second run finds nothing


def test_the_sweep_does_it_and_the_statement_names_the_source(waiting):
    check = waiting(25)
    asking.ask_due()
    assessing.assess_due()
    check.refresh_from_db()
    row = check.assessments.get()
    assert row.proposed == "incomplete"
    assert assessing.result_of(row).statement.completeness.missing == (CODE,)


@pytest.mark.parametrize(
    ("hours", "source"),
    [
        (23, {}),
        (25, {"patience_hours": None}),
        (25, {"patience_hours": 26}),
        (25, {"failures_in_row": 9}),
        (25, {"last_success_at": "an hour ago"}),
        (25, {"last_failure_at": "two hours ago"}),
    ],
    ids=["not yet", "for ever", "more patience", "not down", "it has answered since", "not tried since"],
)
def test_otherwise_it_waits(waiting, hours, source):
    ago = {"an hour ago": timedelta(hours=1), "two hours ago": timedelta(hours=2)}
    source = {name: timezone.now() - ago[value] if value in ago else value for name, value in source.items()}
    check = waiting(hours, **source)
    assert giving_up.give_up_hopeless() == 0
    assert state(check)[0] == "open"


def test_a_source_that_never_answered_is_given_up_too(waiting):
    check = waiting(25, last_success_at=None)
    assert giving_up.give_up_hopeless() == 1
    assert state(check) == ("failed", "unavailable")


def test_what_a_worker_has_out_is_left_to_it(waiting):
    check = waiting(25)
    inquiry(check).update(lease=uuid.uuid4(), lease_until=timezone.now() + timedelta(seconds=20))
    assert giving_up.give_up_hopeless() == 0


def test_a_hold_keeps_everybody_waiting(waiting, people):
    check = waiting(25)
    source = Source.objects.get(code=CODE)
    held = Hold.objects.create(source=source, ground="officer", reason="x", held_by=people["check"])
    assert giving_up.give_up_hopeless() == 0
    holding.release(held, by=people["check"], reason="settled")
    assert giving_up.give_up_hopeless() == 1
    assert state(check) == ("failed", "unavailable")


@pytest.mark.parametrize("of_its_own", [True, False])
def test_a_source_held_in_one_round_keeps_that_round_waiting_and_no_other(waiting, of_its_own):
    mine = Round.objects.create(number="PC2026-0001", name="x", office_code="321200", status="running")
    other = Round.objects.create(number="PC2026-0002", name="y", office_code="321200", status="running")
    waiting(25, mine)
    source = Source.objects.get(code=CODE)
    Hold.objects.create(source=source, round=mine if of_its_own else other, ground="officer", reason="x")
    assert giving_up.give_up_hopeless() == (0 if of_its_own else 1)


def test_a_paused_round_waits(waiting):
    mine = Round.objects.create(number="PC2026-0001", name="x", office_code="321200", status="running")
    waiting(25, mine)
    Round.objects.update(status="paused")
    assert giving_up.give_up_hopeless() == 0
    Round.objects.update(status="running")
    assert giving_up.give_up_hopeless() == 1


def test_asked_again_it_has_the_whole_patience_again_and_is_asked(waiting, people, sources):
    check = waiting(25)
    giving_up.give_up_hopeless()
    assessing.assess([check.pk])
    orders.ask_again(check, by=people["check"], source_codes=[CODE])
    assert giving_up.give_up_hopeless() == 0
    assert state(check)[0] == "open"
    Source.objects.filter(code=CODE).update(open_until=timezone.now())
    asking.ask([check.pk])
    check.refresh_from_db()
    assert state(check)[0] == "answered"
    assert check.status == Check.Status.ASSESSED


def test_a_whole_set_is_given_up_in_as_many_statements_as_one(waiting, sources, django_assert_max_num_queries):
    first = waiting(25)
    others = [order_scenario(sources, "fit") for _ in range(3)]
    asking.ask([check.pk for check in others])
    for check in others:
        moved(check, 25)
    with django_assert_max_num_queries(16):
        assert giving_up.give_up_hopeless() == 4
    assert {state(check) for check in (first, *others)} == {("failed", "unavailable")}


def test_nothing_is_looked_for_while_no_source_is_down(sources, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        giving_up.give_up_hopeless()


@pytest.mark.parametrize("hours", [0, 721])
def test_the_database_holds_the_patience_within_bounds(db, hours):
    with pytest.raises(IntegrityError, match="source_days_and_hours_are_sensible"), transaction.atomic():
        Source.objects.filter(code=CODE).update(patience_hours=hours)


def test_the_board_says_when_it_gives_up(waiting, as_user):
    check = waiting(2)
    source = Source.objects.get(code=CODE)
    since: datetime = inquiry(check).get().not_before
    until = timezone.localtime(since + timedelta(hours=HOURS))
    page = as_user("check").get("/checks/board/").content.decode()
    assert f"gives up waiting at {until:%Y-%m-%d %H:%M}" in page
    assert "gives up" not in source_state(source, None)
    Source.objects.filter(code=CODE).update(patience_hours=None)
    assert "gives up" not in as_user("check").get("/checks/board/").content.decode()
