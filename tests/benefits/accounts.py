"""Rent accounts of the tests, and what is entered on them."""

from datetime import date, timedelta
from decimal import Decimal

from benefits import ledger
from bureau import workdays

STREET = "321202001"
RENT = Decimal("155.20")
OPENED = 400  # days ago


def opened():
    return ledger.open_account(STREET, on=workdays.today() - timedelta(days=OPENED))


def month(ago):
    """The first day of the month so many before this one."""
    today = workdays.today()
    place = today.year * 12 + today.month - 1 - ago
    return date(place // 12, place % 12 + 1, 1)


def bill(account, ago, amount=RENT, **more):
    first = month(ago)
    return ledger.bill(
        account, **{"month": first, "amount": amount, "due_on": first.replace(day=15), "by": None} | more
    )


def pay(account, amount=RENT, reference="B-1", **more):
    return ledger.receive(
        account, **{"amount": Decimal(amount), "on": workdays.today(), "reference": reference, "by": None} | more
    )
