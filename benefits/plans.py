"""Arrears in instalments: agreed, kept or missed by the days, cancelled with a reason.

While a plan is kept, what it leaves until later does not count as arrears. Its state follows from its days and from
what was settled on the account by each of them; no sweep has to run for it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from django.db import transaction
from django.utils.translation import gettext as _
from msgspec import Struct

from benefits import ledger
from benefits.ledger import NOTHING
from benefits.models import Account, Entry, Instalment, Plan, Tenancy
from bureau import numbers, timeline, workdays
from bureau.errors import MoveRefusedError, NotAllowedError, UnfitDataError
from bureau.models import Staff
from bureau.roles import Role

PLAN = "FQ"  # 分期: how numbers begin
SETTLES = (Entry.Kind.PAYMENT, Entry.Kind.RECOVERY, Entry.Kind.WAIVER)
MOST_INSTALMENTS = 36


class Way(StrEnum):
    """How a plan stands."""

    RUNNING = "running"
    KEPT = "kept"
    MISSED = "missed"
    CANCELLED = "cancelled"


class State(Struct, frozen=True):
    """How a plan stands on a day: what was settled under it, what of it is due later, and since when it is over."""

    way: Way
    settled: Decimal
    later: Decimal
    over_on: date | None = None


@transaction.atomic
def agree(account: Account, instalments: Sequence[tuple[date, Decimal]], *, by: Staff) -> Plan:
    """A plan over everything that is overdue today.

    Raises `UnfitDataError` unless the instalments come to that sum, on days of their own from today on;
    `MoveRefusedError` where nothing is overdue or a plan runs.
    """
    row = locked(account, by)
    today = workdays.today()
    overdue = ledger.arrears_of([row], on=today)[row.pk].amount
    if overdue <= 0:
        # Translators: 该账户没有欠租，无需分期。
        raise MoveRefusedError(_("Nothing is overdue on this account."))
    if running_on([row.pk], on=today):
        raise MoveRefusedError(_("A plan runs on this account already."))
    days = [day for day, _amount in instalments]
    if not 1 <= len(days) <= MOST_INSTALMENTS or len(set(days)) != len(days) or min(days) < today:
        # Translators: 请填写 1 至 36 期，每期日期不同且不早于今天。
        raise UnfitDataError(_("Enter 1 to 36 instalments, each on a day of its own, from today on."))
    if any(amount <= 0 or amount != amount.quantize(ledger.CENT) for _day, amount in instalments):
        raise UnfitDataError(_("Enter an amount of more than 0, with two decimal places at most."))
    if sum((amount for _day, amount in instalments), NOTHING) != overdue:
        # Translators: 各期合计须等于欠租 %(sum)s 元。
        raise UnfitDataError(_("The instalments must come to the %(sum)s yuan that are overdue.") % {"sum": overdue})
    newest = row.entries.order_by("-pk").values_list("pk", flat=True).first() or 0
    plan = Plan.objects.create(
        number=numbers.reference(PLAN, on=today), account=row, agreed_on=today, total=overdue, after=newest, by=by
    )
    Instalment.objects.bulk_create(Instalment(plan=plan, due_on=day, amount=amount) for day, amount in instalments)
    timeline.record(_subject(row), "plan_agreed", by=by, note=plan.number)
    return plan


@transaction.atomic
def cancel(plan: Plan, *, reason: str, by: Staff) -> None:
    """End a plan with the reason: from today on everything overdue counts again."""
    if not reason.strip():
        raise UnfitDataError(_("Give the reason."))
    account = locked(plan.account, by)
    row = Plan.objects.get(pk=plan.pk)
    if states_of([row], on=workdays.today())[row.pk].way != Way.RUNNING:
        raise MoveRefusedError(_("This plan is over."))
    row.cancelled_on, row.cancelled_because = workdays.today(), reason.strip()
    row.save(update_fields=["cancelled_on", "cancelled_because"])
    timeline.record(_subject(account), "plan_cancelled", by=by, note=f"{row.number}: {row.cancelled_because}")


def note_due() -> int:
    """The sweep: a word in the timeline of the tenancy for each plan that was kept or missed; returns how many.

    It changes nothing else: a plan is over by its days.
    """
    open_ones = list(Plan.objects.filter(over_on=None, cancelled_on=None).select_related("account").order_by("pk"))
    found = states_of(open_ones, on=workdays.today())
    return sum(_note(plan, found[plan.pk]) for plan in open_ones if found[plan.pk].way != Way.RUNNING)


@transaction.atomic
def _note(plan: Plan, state: State) -> int:
    if not Plan.objects.filter(pk=plan.pk, over_on=None).update(over_on=state.over_on or workdays.today()):
        return 0  # another sweep was faster
    timeline.record(_subject(plan.account), f"plan_{state.way}", by=None, note=plan.number)
    return 1


def _subject(account: Account) -> Account | Tenancy:
    """Under what it is told: the tenancy of the account."""
    return Tenancy.objects.filter(account=account).first() or account


def states_of(plans: Iterable[Plan], *, on: date) -> Mapping[int, State]:
    """How each plan stands at the beginning of the day; in three queries for all of them."""
    rows = list(plans)
    due: dict[int, list[tuple[date, Decimal]]] = defaultdict(list)
    dues = Instalment.objects.filter(plan__in=[row.pk for row in rows]).order_by("due_on")
    for key, day, amount in dues.values_list("plan", "due_on", "amount"):
        due[key].append((day, amount))
    settled: dict[int, list[tuple[int, date, Decimal]]] = defaultdict(list)
    entries = Entry.objects.standing().filter(account__in={row.account_id for row in rows}, kind__in=SETTLES)
    for key, *paid in entries.order_by().values_list("account", "pk", "on", "amount"):
        settled[key].append((paid[0], paid[1], paid[2]))
    rents: dict[int, list[tuple[date, Decimal]]] = defaultdict(list)
    bills = Entry.objects.standing().filter(account__in={row.account_id for row in rows}, kind=Entry.Kind.BILL)
    for key, *rent in bills.order_by().values_list("account", "due_on", "amount"):
        rents[key].append((rent[0], rent[1]))
    return {
        row.pk: _state(
            row,
            due[row.pk],
            [(day, amount) for pk, day, amount in settled[row.account_id] if pk > row.after],
            sum((amount for day, amount in rents[row.account_id] if row.agreed_on <= day < on), NOTHING),
            on,
        )
        for row in rows
    }


def _state(
    plan: Plan, due: Sequence[tuple[date, Decimal]], paid: Sequence[tuple[date, Decimal]], rent: Decimal, on: date
) -> State:
    """Kept as long as by the end of each instalment's day so much was settled as was due until then.

    Of what was settled the rent that fell due meanwhile is taken first; so paying both leaves nothing to be counted.
    """

    def until(day: date) -> Decimal:
        return sum((amount for when, amount in paid if when <= day), NOTHING)

    last = min(on, plan.cancelled_on) if plan.cancelled_on else on
    wanted = NOTHING
    for day, amount in due:
        wanted += amount
        if until(day) >= wanted:
            continue
        if day < last:
            return State(Way.MISSED, min(plan.total, until(on)), NOTHING, day + timedelta(days=1))
    settled = min(plan.total, max(NOTHING, until(on) - rent))
    if plan.cancelled_on is not None and plan.cancelled_on <= on:
        return State(Way.CANCELLED, settled, NOTHING, plan.cancelled_on)
    if settled >= plan.total or due[-1][0] < on:
        return State(Way.KEPT, settled, NOTHING)
    later = sum((amount for day, amount in due if day >= on), NOTHING)
    return State(Way.RUNNING, settled, min(later, plan.total - settled))


def running_on(accounts: Sequence[int], *, on: date) -> Mapping[int, tuple[Plan, State]]:
    """By account the plan that runs on the day, and how it stands; in four queries."""
    plans = list(Plan.objects.filter(account__in=accounts, agreed_on__lte=on).order_by("agreed_on", "pk"))
    found = states_of(plans, on=on) if plans else {}
    return {plan.account_id: (plan, found[plan.pk]) for plan in plans if found[plan.pk].way == Way.RUNNING}


def paused(accounts: Sequence[int], *, on: date) -> Mapping[int, Decimal]:
    """By account what a running plan leaves until later."""
    return {key: state.later for key, (_plan, state) in running_on(accounts, on=on).items()}


def locked(account: Account, by: Staff) -> Account:
    """The account, locked. Plans are agreed by who keeps its ledger."""
    row: Account = Account.objects.select_for_update().get(pk=account.pk)
    if not by.has_role(Role.CASHIER, row.office_code):
        raise NotAllowedError(_("Your posting does not include this work."))
    if row.closed_on is not None:
        raise MoveRefusedError(_("Account %(number)s is closed; nothing is entered on it.") % {"number": row})
    return row
