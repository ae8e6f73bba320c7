"""How old what is owed is: payments settle the oldest bill first. Plain Python; money is CNY."""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from msgspec import Struct

AGES = (3, 6, 12)  # months of arrears: reminded, referred (公共租赁住房管理办法, art. 29), grave
NOTHING = Decimal("0.00")


class Bill(Struct, frozen=True):
    """The rent of a month, and by when it is to be paid."""

    month: date
    due_on: date
    amount: Decimal


class Arrears(Struct, frozen=True):
    """What is overdue on a day: the sum, of how many months, since when; `by_age` begins with the youngest."""

    amount: Decimal = NOTHING
    months: int = 0
    since: date | None = None
    by_age: tuple[Decimal, ...] = (NOTHING,) * (len(AGES) + 1)


def unpaid(bills: Iterable[Bill], settled: Decimal) -> list[Bill]:
    """What is left of each bill when so much was settled, oldest first."""
    left = []
    for bill in sorted(bills, key=lambda bill: (bill.due_on, bill.month)):
        covered = min(settled, bill.amount)
        settled -= covered
        if covered < bill.amount:
            left.append(Bill(bill.month, bill.due_on, bill.amount - covered))
    return left


def arrears(bills: Iterable[Bill], settled: Decimal, *, on: date) -> Arrears:
    """Of the bills that are overdue on the day. A bill is due until the end of its last day."""
    overdue = [bill for bill in unpaid(bills, settled) if bill.due_on < on]
    if not overdue:
        return Arrears()
    by_age = [NOTHING] * (len(AGES) + 1)
    for bill in overdue:
        by_age[bisect_right(AGES, months_between(bill.due_on, on))] += bill.amount
    return Arrears(
        amount=sum((bill.amount for bill in overdue), NOTHING),
        months=len({bill.month for bill in overdue}),
        since=overdue[0].due_on,
        by_age=tuple(by_age),
    )


def months_between(earlier: date, later: date) -> int:
    """Whole calendar months."""
    return (later.year - earlier.year) * 12 + later.month - earlier.month - (later.day < earlier.day)
