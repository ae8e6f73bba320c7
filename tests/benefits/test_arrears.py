"""How old what is owed is, as worked examples."""

from datetime import date
from decimal import Decimal

import pytest

from benefits.arrears import Arrears, Bill, arrears, months_between, unpaid

RENT = Decimal(100)
YEAR = [Bill(date(2026, month, 1), date(2026, month, 15), RENT) for month in range(1, 13)]


@pytest.mark.parametrize(
    ("settled", "on", "amount", "months", "since", "by_age"),
    [
        (0, date(2026, 1, 15), 0, 0, None, (0, 0, 0, 0)),  # the last day on which it can be paid
        (0, date(2026, 1, 16), 100, 1, date(2026, 1, 15), (100, 0, 0, 0)),
        (0, date(2026, 4, 14), 300, 3, date(2026, 1, 15), (300, 0, 0, 0)),
        (0, date(2026, 4, 15), 300, 3, date(2026, 1, 15), (200, 100, 0, 0)),
        (150, date(2026, 4, 16), 250, 3, date(2026, 2, 15), (250, 0, 0, 0)),
        (0, date(2026, 12, 31), 1200, 12, date(2026, 1, 15), (300, 300, 600, 0)),
        (0, date(2027, 1, 15), 1200, 12, date(2026, 1, 15), (200, 300, 600, 100)),
        (1200, date(2027, 6, 1), 0, 0, None, (0, 0, 0, 0)),
        (1500, date(2027, 6, 1), 0, 0, None, (0, 0, 0, 0)),
    ],
)
def test_payments_settle_the_oldest_bill_first(settled, on, amount, months, since, by_age):
    found = arrears(reversed(YEAR), Decimal(settled), on=on)

    assert found == Arrears(Decimal(amount), months, since, tuple(map(Decimal, by_age)))


def test_what_is_left_of_a_bill_is_told():
    assert [bill.amount for bill in unpaid(YEAR[:3], Decimal(130))] == [Decimal(70), Decimal(100)]


@pytest.mark.parametrize(
    ("earlier", "later", "months"),
    [
        (date(2026, 1, 31), date(2026, 2, 28), 0),
        (date(2026, 1, 15), date(2026, 4, 14), 2),
        (date(2025, 12, 15), date(2026, 12, 15), 12),
    ],
)
def test_months_are_whole_ones(earlier, later, months):
    assert months_between(earlier, later) == months
