"""Sums of the ledger, and which accounts they concern."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from django.db import connection, models
from django.db.models import Case, F, Sum, Value, When

from benefits.querysets import LEDGER_ROLES
from bureau.querysets import ScopedQuerySet, array_of, within

if TYPE_CHECKING:
    from bureau.models import Staff

NOTHING = Decimal("0.00")
Unsettled = tuple[int, date, date, Decimal, Decimal]  # account, month, last day, amount, owed on the account in all


class AccountQuerySet(ScopedQuerySet[Any]):
    """Rent accounts."""

    def visible_to(self, staff: "Staff") -> Self:
        """Those of this person's offices, for who keeps the ledger and who audits it."""
        return self.filter(within(staff.scopes_as(*LEDGER_ROLES)))

    def open(self) -> Self:
        """On which something can still be entered."""
        return self.filter(closed_on=None)

    def overdue(self, on: date, *, scopes: Sequence[str] = ("",)) -> Sequence[int]:
        """The keys of open accounts on which more is owed than bills that are not due yet on the day, of offices whose
        codes begin so. One query.
        """
        with connection.cursor() as cursor:
            cursor.execute(OVERDUE, {"on": on, "offices": [f"{scope}%" for scope in scopes]})
            return [key for (key,) in cursor.fetchall()]


# Over every account, so by the balances that the database keeps.
OVERDUE = """
SELECT b.account_id FROM benefits_balance b JOIN benefits_account a ON a.id = b.account_id LEFT JOIN (
    SELECT e.account_id, sum(e.amount) AS amount FROM benefits_entry e
    WHERE e.kind = 'bill' AND e.due_on >= %(on)s AND NOT EXISTS (
        SELECT 1 FROM benefits_entry r WHERE r.reverses_id = e.id AND r.reverses_id IS NOT NULL
    ) GROUP BY e.account_id
) later ON later.account_id = b.account_id
WHERE b.owed > coalesce(later.amount, 0) AND a.closed_on IS NULL
    AND a.office_code LIKE ANY(%(offices)s::text[])
"""

# The newest bills up to what is owed; all older ones are settled.
UNSETTLED = """
WITH owed AS ({owed}), bills AS (
    SELECT account_id, month, due_on, amount,
        sum(amount) OVER (PARTITION BY account_id ORDER BY due_on DESC, month DESC) - amount AS newer
    FROM benefits_entry e WHERE account_id = ANY(%(keys)s::bigint[]) AND kind = 'bill' AND NOT EXISTS (
        SELECT 1 FROM benefits_entry r WHERE r.reverses_id = e.id AND r.reverses_id IS NOT NULL
    )
)
SELECT account_id, month, due_on, amount, owed FROM bills JOIN owed USING (account_id) WHERE newer < owed
"""
BY_ENTRIES = """
SELECT account_id, sum(CASE 'receivable' WHEN debit THEN amount WHEN credit THEN -amount ELSE 0 END) AS owed
FROM benefits_entry WHERE account_id = ANY(%(keys)s::bigint[]) GROUP BY account_id
"""
BY_BALANCES = "SELECT account_id, owed FROM benefits_balance WHERE account_id = ANY(%(keys)s::bigint[])"


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

    def unsettled(self, accounts: Iterable[int], *, by_balances: bool = False) -> Sequence[Unsettled]:
        """The bills of these accounts that are not settled whole, as payments settle the oldest first: account, month,
        last day, amount, and what is owed on the account in all, by its entries or by the balances. One query.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                UNSETTLED.format(owed=BY_BALANCES if by_balances else BY_ENTRIES), {"keys": array_of(accounts)}
            )
            rows: Sequence[Unsettled] = cursor.fetchall()
            return rows

    def in_books(self) -> Mapping[str, Decimal]:
        """By book what stands in it. The sum of all is 0.00."""
        entered, left = (
            dict(self.order_by().values_list(side).annotate(Sum("amount"))) for side in ("debit", "credit")
        )
        return {book: entered.get(book, NOTHING) - left.get(book, NOTHING) for book in {*entered, *left}}


def _into(book: str) -> Case:
    """What an entry brings into a book, or takes out of it."""
    return Case(
        When(debit=book, then=F("amount")),
        When(credit=book, then=-F("amount")),
        default=Value(NOTHING),
        output_field=models.DecimalField(max_digits=14, decimal_places=2),
    )
