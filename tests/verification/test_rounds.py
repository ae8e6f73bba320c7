"""The life of a round: who may pause, go on, close and cancel it, and when."""

import pytest

from bureau.errors import MoveRefusedError, NotAllowedError, UnfitDataError
from bureau.models import TimelineEntry
from bureau.moves import available
from tests.factories.checks import orders_of
from verification import round_moves, rounds
from verification.models import Check

pytestmark = pytest.mark.django_db


@pytest.fixture
def found(sources, people):
    """A round of two households, not filled to the end."""
    opened = rounds.open_round("年度复核", {}, by=people["check"])
    rounds.add(opened, orders_of(sources, "fit", 2))
    return opened


def names(found, by):
    return [move.name for move in available(found, by, round_moves.TABLE)]


def test_only_a_check_officer_acts_on_a_round(found, people):
    assert names(found, people["check"]) == ["pause", "cancel"]
    for other in ("window", "street", "district", "housing", "credit", "auditor", "admin"):
        assert names(found, people[other]) == []
        with pytest.raises(NotAllowedError):
            rounds.pause(found, by=people[other], reason="x")


def test_a_round_is_paused_with_a_reason_and_goes_on(found, people):
    with pytest.raises(UnfitDataError):
        rounds.pause(found, by=people["check"], reason="  ")
    rounds.pause(found, by=people["check"], reason="节假日")
    assert names(found, people["check"]) == ["resume", "cancel"]
    with pytest.raises(MoveRefusedError):
        rounds.pause(found, by=people["check"], reason="节假日")
    rounds.resume(found, by=people["check"])
    events = list(TimelineEntry.objects.of(found).values_list("event", flat=True))
    assert events == ["resume", "pause", "opened"]


def test_a_round_closes_only_when_it_is_filled_and_nothing_in_it_is_open(found, people):
    with pytest.raises(MoveRefusedError, match="still being ordered"):
        rounds.close(found, by=people["check"])
    rounds.filled(found)
    with pytest.raises(MoveRefusedError, match="2 checks are still open"):
        rounds.close(found, by=people["check"])
    rounds.cancel(found, by=people["check"], reason="重新组织")
    assert set(Check.objects.of_round(found.pk).values_list("status", flat=True)) == {"cancelled"}
    assert names(found, people["check"]) == []


def test_an_empty_round_can_be_closed(people):
    empty = rounds.open_round("空批次", {}, by=people["check"])
    rounds.filled(empty)
    rounds.close(empty, by=people["check"])
    assert empty.status == "closed"


def test_a_round_needs_a_name(people):
    with pytest.raises(UnfitDataError):
        rounds.open_round(" ", {}, by=people["check"])
