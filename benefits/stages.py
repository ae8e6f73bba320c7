"""The way out of a home and the credit case side by side: order, last day, lead, lawyer's letter, court, keys, money.

The registry knows nothing of homes; here both are read, and nothing is written.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Max, QuerySet
from msgspec import Struct

from benefits import ledger
from benefits.models import Entry, Exit, Tenancy
from credit.models import Case, CureItem, Lead


class Stage(Struct, frozen=True):
    """One stage: its code, the day, what it is about, and whether it is behind."""

    code: str
    on: date | None
    done: bool
    number: str = ""
    text: str = ""
    amount: Decimal | None = None
    late: int = 0
    case: str = ""  # number of the credit case it belongs to


class Cure(Struct, frozen=True):
    """A thing to correct of a credit case, and whether the books of benefits show that it is done."""

    item: CureItem
    done_on: date | None
    left: Decimal | None = None


def cases_of(tenancy: Tenancy) -> QuerySet[Case]:
    """The credit cases of the household since it signed."""
    people = tenancy.application.members.values("id_index")
    rows: QuerySet[Case] = Case.objects.filter(
        parties__subject__identifier_index__in=people, opened_on__gte=tenancy.signed_on
    )
    return (
        rows.distinct().select_related("act", "lead").prefetch_related("proceedings", "lawyers_letters").order_by("pk")
    )


def tenancies_of(case: Case) -> QuerySet[Tenancy]:
    """The homes of those whom a credit case is about."""
    people = case.parties.values("subject__identifier_index")
    return Tenancy.objects.filter(application__members__id_index__in=people).distinct()


def of(tenancy: Tenancy, *, with_cases: bool = True) -> list[Stage]:
    """The stages of the way out that stands, oldest first; nothing while the household lives there by right."""
    found = tenancy.exits.filter(rescinded_at=None).first()
    if found is None:
        return []
    stages = [Stage("ordered" if found.leave_by else "left", found.ordered_on, True, text=found.text)]
    if found.leave_by is not None:
        stages.append(Stage("last_day", found.leave_by, found.ended_on is not None, late=found.days_late()))
    if with_cases:
        stages += _in_the_registry(tenancy, found)
    stages.append(Stage("keys", found.ended_on, found.ended_on is not None, text=found.condition))
    closed_on, owed = tenancy.account.closed_on, ledger.owed(tenancy.account)
    stages.append(Stage("settled", closed_on, closed_on is not None, number=tenancy.account.number, amount=owed))
    return stages


def _in_the_registry(tenancy: Tenancy, found: Exit) -> Iterable[Stage]:
    lead = Lead.objects.filter(origin=f"exit:{found.pk}").first()
    if lead is not None:
        yield Stage("lead", lead.received_on, lead.status != Lead.Status.RECEIVED, number=lead.number)
    for case in cases_of(tenancy):
        yield Stage("case", case.opened_on, True, number=case.number, text=case.act.name, case=case.number)
        for letter in case.lawyers_letters.all():
            yield Stage("lawyer", letter.sent_on, True, text=letter.firm, case=case.number)
        for each in case.proceedings.all():
            yield _before_the_court(each, case)


def _before_the_court(found: Any, case: Case) -> Stage:
    return Stage(
        found.kind,
        found.outcome_on or found.filed_on,
        bool(found.outcome),
        number=found.number,
        text=found.get_outcome_display() if found.outcome else found.body,
        amount=found.recovered,
        case=case.number,
    )


def cures_of(case: Case) -> list[Cure]:
    """The things to correct, and which of them the books show as done: keys handed back, nothing owed any more."""
    items = list(case.cure_items.all())
    held = list(tenancies_of(case).select_related("account"))
    returned = [row.given_back_on for row in held]
    back = max((day for day in returned if day), default=None) if all(returned) else None
    accounts = [row.account_id for row in held]
    left = sum(Entry.objects.owed(accounts).values(), Decimal(0)) if held else None
    return [_cure(item, back, left, held) for item in items]


def _cure(item: CureItem, back: date | None, left: Decimal | None, held: list[Tenancy]) -> Cure:
    if item.met_on is not None:
        return Cure(item, item.met_on)
    if item.kind == CureItem.Kind.HAND_BACK and held:
        return Cure(item, back)
    if item.kind == CureItem.Kind.PAY and left is not None:
        return Cure(item, _last_paid_on(held) if left <= 0 else None, left)
    return Cure(item, None)


def _last_paid_on(held: list[Tenancy]) -> date | None:
    paid = Entry.objects.standing().filter(
        account__in=[row.account_id for row in held], kind__in=["payment", "recovery"]
    )
    found: date | None = paid.aggregate(last=Max("on"))["last"]
    return found
