"""Nothing invented: a household asked over HTTP, counted at every source."""

import msgspec
import pytest

from tests.api_cases import answered
from tests.factories.checks import orders_of
from verification import orders, scorecards
from verification.models import Source, Tally

pytestmark = pytest.mark.django_db


def test_a_household_is_counted_at_every_source_that_it_was_put_to(sources):
    """One bank is down; the province hands out a ticket."""
    sources.set("icbc", down=True)
    Source.objects.filter(code="icbc").update(max_attempts=1)
    check = orders.place(msgspec.structs.replace(orders_of(sources, "fit", 1)[0], purpose="public_rental"), by=None)
    answered(check)
    card = scorecards.card(scorecards.this_month())
    told = {line.source.code: line.row for line in card.lines}
    assert {code for code, row in told.items() if row.asked != 1} == set()
    assert {code for code, row in told.items() if row.in_time != 1} == {"icbc"}
    assert (told["icbc"].ended, told["icbc"].failed_calls, told["police"].failed_calls) == (1, 1, 0)
    assert told["province"].median_ms > 0
    assert (card.total.row.asked, card.total.row.in_time, card.total.row.ended) == (24, 23, 1)


def test_a_rehearsal_over_the_wire_is_not_counted(sources):
    answered(orders.place(orders_of(sources, "fit", 1)[0], by=None))
    assert not Tally.objects.exists()
