"""Scopes of benefits, and sums of the ledger."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Case, F, Q, Sum, Value, When

from bureau.querysets import ScopedQuerySet, within
from bureau.roles import Role

if TYPE_CHECKING:
    from bureau.models import Staff

LIVE_TENANCIES = ("signed", "running", "ordered", "court")
HOME_ROLES = (Role.REVIEWER, Role.HOUSING_OFFICER, Role.AUDITOR)
LEDGER_ROLES = (Role.CASHIER, Role.HOUSING_OFFICER, Role.AUDITOR)
NOTHING = Decimal("0.00")


class AccountQuerySet(ScopedQuerySet[Any]):
    """Rent accounts."""

    def visible_to(self, staff: "Staff") -> Self:
        """Those of this person's offices, for who keeps the ledger and who audits it."""
        return self.filter(within(staff.scopes_as(*LEDGER_ROLES)))

    def open(self) -> Self:
        """On which something can still be entered."""
        return self.filter(closed_on=None)


class EntryQuerySet(models.QuerySet[Any]):
    """Entries of the ledger."""

    def standing(self) -> Self:
        """Neither a reversal nor taken back by one."""
        return self.filter(reverses=None, reversed_by=None)

    def of_money(self, reference: str) -> Self:
        """Posted under the bank's number, on whatever account."""
        return self.filter(reference=reference, kind__in=["payment", "recovery", "refund"])

    def owed(self, accounts: Iterable[int]) -> Mapping[int, Decimal]:
        """By account what is owed on it, in CNY; less than 0 where more was paid than billed. One query."""
        sums = self.filter(account__in=accounts).values("account").annotate(owed=Sum(_into("receivable")))
        return {row["account"]: row["owed"] for row in sums.order_by()}

    def in_books(self) -> Mapping[str, Decimal]:
        """By book what stands in it. The sum of all is 0.00."""
        entered, left = (
            dict(self.order_by().values_list(side).annotate(Sum("amount"))) for side in ("debit", "credit")
        )
        return {book: entered.get(book, NOTHING) - left.get(book, NOTHING) for book in {*entered, *left}}

    def _by(self, side: str) -> dict[str, Decimal]:
        return dict(self.order_by().values_list(side).annotate(Sum("amount")))


class HomeQuerySet(ScopedQuerySet[Any]):
    """Homes."""

    def visible_to(self, staff: "Staff") -> Self:
        """Those of this person's offices, for who lets, inspects or audits them."""
        return self.filter(within(staff.scopes_as(*HOME_ROLES)))

    def vacant(self) -> Self:
        """That can be offered."""
        return self.filter(status="vacant")


class TurnQuerySet(ScopedQuerySet[Any]):
    """Places on the waiting list."""

    def waiting(self) -> Self:
        """Households that wait, also those which have an offer before them."""
        return self.filter(status__in=["waiting", "offered"])

    def in_order(self) -> Self:
        """Whose turn it is first."""
        return self.order_by("rank", "approved_on", "number")

    def before(self, turn: Any) -> Self:
        """Who waits for a home of as many rooms and stands before this one."""
        ahead = Q(rank__lt=turn.rank) | Q(rank=turn.rank, approved_on__lt=turn.approved_on)
        ahead |= Q(rank=turn.rank, approved_on=turn.approved_on, number__lt=turn.number)
        return self.filter(ahead, status="waiting", rooms=turn.rooms)


class TenancyQuerySet(ScopedQuerySet[Any]):
    """Tenancies."""

    def live(self) -> Self:
        """The household holds the home."""
        return self.filter(status__in=LIVE_TENANCIES)

    def in_benefit(self) -> Self:
        """The household lives there by right: not ordered to leave."""
        return self.filter(status__in=["signed", "running"])


class GrantQuerySet(ScopedQuerySet[Any]):
    """Subsidies."""

    def in_benefit(self) -> Self:
        """Not ended."""
        return self.exclude(status="ended")


def _into(book: str) -> Case:
    """What an entry brings into a book, or takes out of it."""
    return Case(
        When(debit=book, then=F("amount")),
        When(credit=book, then=-F("amount")),
        default=Value(NOTHING),
        output_field=models.DecimalField(max_digits=14, decimal_places=2),
    )
