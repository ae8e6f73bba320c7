"""The rent bill of every month, by itself: in sets, in order, and the same bills however late or often it runs."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from msgspec import Struct

from benefits import ledger, reckoning, rent
from benefits.arrears import months_between
from benefits.ledger import NOTHING
from benefits.models import Entry, Exit, RentTerm, Tenancy
from bureau import workdays
from bureau.errors import UnfitDataError
from verification.standards import Rent

SET = 500
DUE_DAY = 10  # where no standard says another
BILLED = (Tenancy.Status.RUNNING, Tenancy.Status.ORDERED, Tenancy.Status.COURT)

log = logging.getLogger(__name__)


class Order(Struct, frozen=True):
    """An order to leave, as far as the rent asks: its last day, and when it was taken back."""

    leave_by: date
    rescinded_on: date | None

    def stands_in(self, month: date) -> bool:
        """Whether the household should have left before the month began, and the order stood then."""
        return self.leave_by < month and (self.rescinded_on is None or self.rescinded_on >= month)


class Rates:
    """What the standards say of rents, read once for each month."""

    def __init__(self) -> None:
        self._terms: dict[date, tuple[str, Rent | None]] = {}

    def on(self, month: date) -> tuple[str, Rent | None]:
        """The terms of the month with the code of the standard; none where no standard was in force."""
        if month not in self._terms:
            try:
                self._terms[month] = reckoning.rent_terms_on(month)
            except UnfitDataError:
                self._terms[month] = ("", None)
        return self._terms[month]


class Known(Struct, frozen=True):
    """What has to be known of a set of tenancies to bill them."""

    terms: Mapping[int, Sequence[RentTerm]]  # by tenancy, in the order in which they count
    orders: Mapping[int, Sequence[Order]]  # by tenancy
    bills: Mapping[tuple[int, date], Sequence[bool]]  # by account and month: whether each stands
    rates: Rates


def bill_due() -> int:
    """The sweep: every month that has begun, for every household that holds its home; returns how many bills.

    A tenancy whose rent cannot be worked out is left, with a word in the log, and keeps nobody else waiting.
    """
    month, rates = workdays.today().replace(day=1), Rates()
    made = last = 0
    while True:
        count, last = _bill_set(month, rates, after=last)
        made += count
        if not last:
            return made


@transaction.atomic
def _bill_set(month: date, rates: Rates, *, after: int) -> tuple[int, int]:
    """One set, locked: how many bills, and the last tenancy seen; 0 when there is no further one."""
    due = Tenancy.objects.filter(Q(billed_until=None) | Q(billed_until__lt=month), status__in=BILLED, pk__gt=after)
    locked = due.select_for_update(of=("self",), skip_locked=True).select_related("home")
    rows = list(locked.filter(account__closed_on=None).order_by("pk")[:SET])
    if not rows:
        return 0, 0
    return _bill(rows, month, _known(rows, rates)), rows[-1].pk


def bill_to_the_end(tenancy: Tenancy) -> None:
    """After the keys are back: what is still to be billed, and what was billed for days after is taken back.

    The last month is charged by its days. Raises `UnfitDataError` where a rent cannot be worked out.
    """
    assert tenancy.given_back_on is not None  # noqa: S101 -- the caller has just entered it
    last = tenancy.given_back_on.replace(day=1)
    known = _known([tenancy], Rates())
    _bill([tenancy], last, known, strict=True)
    kept = {"account": tenancy.account_id, "kind": Entry.Kind.BILL, "month__gte": last}
    for entry in Entry.objects.standing().filter(**kept).select_related("account").order_by("month"):
        amount = _share(tenancy, entry.month, _rent_of(tenancy, entry.month, known)) if entry.month == last else NOTHING
        if amount == entry.amount:
            continue
        # Translators: 房屋已于 %(day)s 退还，按实际居住天数重新出账。
        ledger.reverse(entry, reason=_("The home was given back on %(day)s.") % {"day": tenancy.given_back_on}, by=None)
        if amount > 0:
            due = ledger.Due(entry.account_id, entry.month, amount, entry.due_on, workdays.today(), entry.turn + 1)
            ledger.bill_many([due])


def due_day(month: date, *, moved_in: date, day: int = DUE_DAY) -> date:
    """By when the rent of a month is to be paid; that of the month of the handover with the next one."""
    first = rent.month_after(month) if moved_in > month else month
    return first.replace(day=day)


def _bill(rows: Sequence[Tenancy], until: date, known: Known, *, strict: bool = False) -> int:
    """The bills of these tenancies up to a month, the rents that changed by them, and how far each was billed."""
    dues: list[ledger.Due] = []
    terms: list[RentTerm] = []
    reached: dict[date, list[int]] = defaultdict(list)
    for row in rows:
        done = row.billed_until
        try:
            for month in _months(row, until):
                dues += _dues(row, month, known, terms)
                done = month
        except (rent.NotToBeWorkedOutError, UnfitDataError) as error:
            if strict:
                raise UnfitDataError(_why(error)) from error
            log.warning("the rent of %s cannot be worked out: %s", row.number, _why(error))
        if done is not None and done != row.billed_until:
            reached[done].append(row.pk)
            row.billed_until = done
    RentTerm.objects.bulk_create(terms)
    ledger.bill_many(dues)
    for month, keys in reached.items():
        Tenancy.objects.filter(pk__in=keys).update(billed_until=month)
    return len(dues)


def _why(error: rent.NotToBeWorkedOutError | UnfitDataError) -> str:
    return _(reckoning.WHY[error.code]) if isinstance(error, rent.NotToBeWorkedOutError) else str(error)


def _months(row: Tenancy, until: date) -> Iterator[date]:
    """Those not billed yet, in order."""
    assert row.handed_over_on is not None  # noqa: S101 -- a constraint of what is billed
    month = rent.month_after(row.billed_until) if row.billed_until else row.handed_over_on.replace(day=1)
    while month <= until:
        yield month
        month = rent.month_after(month)


def _dues(row: Tenancy, month: date, known: Known, changed: list[RentTerm]) -> Iterator[ledger.Due]:
    """The bill of a month, unless one stands already or nothing is owed; a rent that it changes is noted."""
    before = known.bills.get((row.account_id, month), ())
    amount = _rent_of(row, month, known, changed)
    share = _share(row, month, amount)
    if any(before) or share <= 0:
        return
    assert row.handed_over_on is not None  # noqa: S101 -- a constraint of what is billed
    _code, terms = known.rates.on(month)
    due_on = due_day(month, moved_in=row.handed_over_on, day=terms.due_day if terms else DUE_DAY)
    yield ledger.Due(row.account_id, month, share, due_on, max(month, row.handed_over_on), len(before) + 1)


def _rent_of(row: Tenancy, month: date, known: Known, changed: list[RentTerm] | None = None) -> Decimal:
    """By the contract or the review, unless the household should have left before the month began."""
    given = [term for term in known.terms.get(row.pk, ()) if term.from_month <= month]
    given += [term for term in changed or () if term.tenancy_id == row.pk]
    given.sort(key=lambda term: term.from_month)
    agreed = [term for term in given if term.kind != RentTerm.Kind.LEAVING]
    if not agreed:
        raise UnfitDataError(_("No rent has been agreed for this month."))
    order = next((each for each in known.orders.get(row.pk, ()) if each.stands_in(month)), None)
    if order is None:
        if changed is not None and given[-1].amount != agreed[-1].amount:
            changed.append(_back_to(agreed[-1], month))
        return agreed[-1].amount
    term = _while_leaving(row, agreed[-1], month, months_between(order.leave_by, month), known.rates)
    if changed is not None and term.amount != given[-1].amount:
        changed.append(term)
    return term.amount


def _while_leaving(row: Tenancy, agreed: RentTerm, month: date, months: int, rates: Rates) -> RentTerm:
    code, terms = rates.on(month)
    if terms is None:
        raise rent.NotToBeWorkedOutError("market")
    amount = rent.rent_while_leaving(terms, agreed.amount, area=row.home.area, months=months)
    working = [["contract", str(agreed.amount)], ["months", str(months)], ["result", str(amount)]]
    kind = RentTerm.Kind.LEAVING
    return RentTerm(tenancy=row, kind=kind, from_month=month, amount=amount, working=working, standard=code)


def _back_to(agreed: RentTerm, month: date) -> RentTerm:
    """The rent agreed, from this month on: an order to leave was taken back."""
    return RentTerm(
        tenancy_id=agreed.tenancy_id,
        kind=agreed.kind,
        from_month=month,
        amount=agreed.amount,
        working=agreed.working,
        standard=agreed.standard,
        reason=agreed.reason,
    )


def _share(row: Tenancy, month: date, amount: Decimal) -> Decimal:
    """Of a month's rent what is owed for the days from the handover to the day on which the home was given back."""
    assert row.handed_over_on is not None  # noqa: S101 -- a constraint of what is billed
    end = rent.month_after(month) - timedelta(days=1)
    first, last = max(month, row.handed_over_on), min(end, row.given_back_on or end)
    return amount if (first, last) == (month, end) else rent.part_of_month(amount, first=first, last=last)


def _known(rows: Sequence[Tenancy], rates: Rates) -> Known:
    """In three queries for the set."""
    keys = [row.pk for row in rows]
    terms: dict[int, list[RentTerm]] = defaultdict(list)
    for term in RentTerm.objects.filter(tenancy__in=keys).order_by("from_month", "pk"):
        terms[term.tenancy_id].append(term)
    orders: dict[int, list[Order]] = defaultdict(list)
    told = Exit.objects.filter(tenancy__in=keys, leave_by__isnull=False).order_by("pk")
    for key, leave_by, rescinded_at in told.values_list("tenancy", "leave_by", "rescinded_at"):
        assert key is not None and leave_by is not None  # noqa: S101, PT018 -- asked for above
        orders[key].append(Order(leave_by, timezone.localtime(rescinded_at).date() if rescinded_at else None))
    return Known(terms, orders, _bills_of(rows), rates)


def _bills_of(rows: Iterable[Tenancy]) -> Mapping[tuple[int, date], Sequence[bool]]:
    """Of months that have not been billed by the sweep: what was billed by hand, and whether it stands."""
    found: dict[tuple[int, date], list[bool]] = defaultdict(list)
    bills = Entry.objects.filter(account__tenancy__in=[row.pk for row in rows], kind=Entry.Kind.BILL)
    ahead = bills.filter(Q(account__tenancy__billed_until=None) | Q(month__gt=F("account__tenancy__billed_until")))
    for account, month, reversal in ahead.order_by().values_list("account", "month", "reversed_by"):
        found[account, month].append(reversal is None)
    return found
