"""Charge rent, receive it, take an entry back, close an account. What was written is never changed."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from msgspec import Struct

from benefits import arrears
from benefits.arrears import Arrears, Bill
from benefits.ledger_querysets import Unsettled
from benefits.models import BOOKS_OF, Account, Entry
from bureau import numbers, workdays
from bureau.errors import MoveRefusedError, NotAllowedError, UnfitDataError
from bureau.models import Staff
from bureau.roles import Role

ACCOUNT = "ZH"  # 账户: how numbers begin
CENT = Decimal("0.01")
NOTHING = Decimal("0.00")


class Due(Struct, frozen=True):
    """The rent of a month that is to be charged; `turn` is 2 when a bill of this month was taken back."""

    account: int
    month: date
    amount: Decimal
    due_on: date
    on: date
    turn: int = 1


class Posting(Struct, frozen=True):
    """Money that came in, by the bank's number; `turn` is 2 when what this number posted was taken back."""

    account: int
    amount: Decimal
    on: date
    reference: str
    recovered: bool
    turn: int = 1


def open_account(office_code: str, *, on: date) -> Account:
    """An account on which nothing stands yet."""
    return Account.objects.create(number=numbers.reference(ACCOUNT, on=on), office_code=office_code, opened_on=on)


@transaction.atomic
def bill(account: Account, *, month: date, amount: Decimal, due_on: date, by: Staff | None) -> Entry:
    """Charge the rent of a month, once.

    Raises `UnfitDataError` for a month before the account or billed already, and for a day that lies before the month.
    """
    account = _locked(account, by)
    month = month.replace(day=1)
    if month < account.opened_on.replace(day=1):
        raise UnfitDataError(_("This month lies before the account was opened."))
    if due_on < month:
        raise UnfitDataError(_("Rent is not due before its month begins."))
    bills = Entry.objects.filter(account=account, kind=Entry.Kind.BILL, month=month)
    if bills.standing().exists():
        raise UnfitDataError(_("The rent of this month has been billed already."))
    day = max(workdays.today(), account.opened_on)
    return _enter(account, Entry.Kind.BILL, amount, on=day, by=by, month=month, due_on=due_on, turn=bills.count() + 1)


def bill_many(dues: Iterable[Due]) -> int:
    """Charge many months in one statement: the system's own bills. The database refuses what `bill` would refuse."""
    debit, credit = BOOKS_OF[Entry.Kind.BILL]
    rows = [
        Entry(
            account_id=due.account,
            kind=Entry.Kind.BILL,
            debit=debit,
            credit=credit,
            amount=due.amount,
            on=due.on,
            month=due.month,
            due_on=due.due_on,
            turn=due.turn,
        )
        for due in dues
    ]
    return len(Entry.objects.bulk_create(rows))


def receive_many(postings: Iterable[Posting], *, by: Staff) -> list[Entry]:
    """Enter many payments in one statement, in their order. The database refuses what `receive` would refuse."""
    rows = []
    for each in postings:
        kind = Entry.Kind.RECOVERY if each.recovered else Entry.Kind.PAYMENT
        debit, credit = BOOKS_OF[kind]
        row = Entry(account_id=each.account, kind=kind, debit=debit, credit=credit, amount=each.amount, on=each.on)
        row.reference, row.turn, row.by = each.reference, each.turn, by
        rows.append(row)
    return list(Entry.objects.bulk_create(rows))


@transaction.atomic
def receive(
    account: Account, *, amount: Decimal, on: date, reference: str, by: Staff | None, recovered: bool = False
) -> Entry:
    """Enter a payment by the bank's number. `recovered`: it came through a demand, a suit or enforcement.

    A number that was posted on the wrong account is posted anew once that was taken back. Raises `UnfitDataError` for a
    number that stands posted, no number, and a day ahead or before the account.
    """
    account = _locked(account, by)
    kind = Entry.Kind.RECOVERY if recovered else Entry.Kind.PAYMENT
    return _enter(account, kind, amount, on=on, by=by, **_posting(reference))


@transaction.atomic
def waive(account: Account, *, amount: Decimal, reason: str, by: Staff) -> Entry:
    """Give up some of what is owed, with the reason. Raises `UnfitDataError` when that is more than is owed."""
    account = _locked(account, by)
    if amount > owed(account):
        raise UnfitDataError(_("This is more than is owed."))
    return _enter(account, Entry.Kind.WAIVER, amount, on=workdays.today(), by=by, note=_reason(reason))


@transaction.atomic
def refund(account: Account, *, amount: Decimal, reference: str, by: Staff) -> Entry:
    """Pay back some of what was paid too much. Raises `UnfitDataError` when that is more than there is."""
    account = _locked(account, by)
    if amount > -owed(account):
        raise UnfitDataError(_("This is more than was paid too much."))
    day = workdays.today()
    return _enter(account, Entry.Kind.REFUND, amount, on=day, by=by, **_posting(reference))


@transaction.atomic
def reverse(entry: Entry, *, reason: str, by: Staff | None) -> Entry:
    """Take an entry back by its mirror, with the reason; once, and no reversal.

    Raises `MoveRefusedError` when it was taken back before, `UnfitDataError` without a reason.
    """
    account = _locked(entry.account, by)
    if entry.kind == Entry.Kind.REVERSAL:
        raise MoveRefusedError(_("A reversal is not taken back; enter anew what is right."))
    if Entry.objects.filter(reverses=entry).exists():
        raise MoveRefusedError(_("This entry has been taken back already."))
    return Entry.objects.create(
        account=account,
        kind=Entry.Kind.REVERSAL,
        debit=entry.credit,
        credit=entry.debit,
        amount=entry.amount,
        on=workdays.today(),
        note=_reason(reason),
        reverses=entry,
        by=by,
    )


@transaction.atomic
def close(account: Account, *, by: Staff | None) -> None:
    """Close an account on which nothing is owed either way. Raises `MoveRefusedError` with what is left."""
    account = _locked(account, by)
    left = owed(account)
    if left:
        raise MoveRefusedError(_("An account closes at 0.00; %(left)s yuan are left on it.") % {"left": left})
    account.closed_on = workdays.today()
    account.save(update_fields=["closed_on"])


def owed(account: Account) -> Decimal:
    """What is owed on an account, in CNY; less than 0 when too much was paid."""
    return Entry.objects.owed([account.pk]).get(account.pk, NOTHING)


def arrears_of(
    accounts: Iterable[Account], *, on: date, paused: Mapping[int, Decimal] | None = None
) -> Mapping[int, Arrears]:
    """By account what is overdue on the day; in one query for all of them.

    `paused`: by account what a plan of instalments leaves until later, which counts as if it were paid.
    """
    keys = [account.pk for account in accounts]
    return _arrears(Entry.objects.unsettled(keys), keys, paused or {}, on)


def arrears_listed(keys: Sequence[int], *, on: date) -> Mapping[int, Arrears]:
    """The same for a list over all accounts, of which only the keys are known: by what the database keeps as owed."""
    return _arrears(Entry.objects.unsettled(keys, by_balances=True), keys, {}, on)


def _arrears(
    unsettled: Iterable[Unsettled], keys: Sequence[int], paused: Mapping[int, Decimal], on: date
) -> Mapping[int, Arrears]:
    bills: dict[int, list[Bill]] = {key: [] for key in keys}
    settled = {key: paused.get(key, NOTHING) for key in keys}
    owed: dict[int, Decimal] = {}
    for key, month, due_on, amount, left in unsettled:
        bills[key].append(Bill(month, due_on, amount))
        settled[key] += amount
        owed[key] = left
    return {key: arrears.arrears(bills[key], settled[key] - owed.get(key, NOTHING), on=on) for key in keys}


def standing_of(keys: Sequence[int]) -> Mapping[int, tuple[list[Bill], Decimal]]:
    """By account its bills that stand, and how much of them was settled; in two queries."""
    bills: dict[int, list[Bill]] = {key: [] for key in keys}
    rows = Entry.objects.standing().filter(account__in=keys, kind=Entry.Kind.BILL)
    for key, *columns in rows.order_by().values_list("account", "month", "due_on", "amount"):
        bills[key].append(Bill(*columns))
    balances = Entry.objects.owed(keys)
    billed = {key: sum((each.amount for each in bills[key]), NOTHING) for key in keys}
    return {key: (bills[key], billed[key] - balances.get(key, NOTHING)) for key in keys}


def _locked(account: Account, by: Staff | None) -> Account:
    """The account as it stands, locked.

    By hand only the cashier of its office enters anything: whoever lets homes and orders households out moves no money.
    """
    row: Account = Account.objects.select_for_update().get(pk=account.pk)
    if by is not None and not by.has_role(Role.CASHIER, row.office_code):
        raise NotAllowedError(_("Your posting does not include this work."))
    if row.closed_on is not None:
        # Translators: 账户 %(number)s 已结清销户，不再记账。
        raise MoveRefusedError(_("Account %(number)s is closed; nothing is entered on it.") % {"number": row})
    return row


def _enter(account: Account, kind: Entry.Kind, amount: Decimal, *, on: date, by: Staff | None, **more: object) -> Entry:
    if amount <= 0 or amount != amount.quantize(CENT):
        # Translators: 请填写大于 0 的金额，最多两位小数。
        raise UnfitDataError(_("Enter an amount of more than 0, with two decimal places at most."))
    if not account.opened_on <= on <= max(workdays.today(), account.opened_on):
        raise UnfitDataError(_("The day lies before the account was opened, or ahead."))
    debit, credit = BOOKS_OF[kind]
    try:
        with transaction.atomic():
            return Entry.objects.create(
                account=account, kind=kind, debit=debit, credit=credit, amount=amount, on=on, by=by, **more
            )
    except IntegrityError as error:
        if "entry_reference_is_posted_once" not in str(error):
            raise
        raise UnfitDataError(_posted_already()) from None  # on another account, at the same moment


def _posting(reference: str) -> dict[str, object]:
    """The bank's number, and how often what it posted was taken back."""
    if not reference.strip():
        raise UnfitDataError(_("Enter the bank's reference."))
    posted = Entry.objects.of_money(reference.strip())
    if posted.standing().exists():
        raise UnfitDataError(_posted_already())
    return {"reference": reference.strip(), "turn": posted.count() + 1}


def _posted_already() -> str:
    # Translators: 流水号已入账，未重复入账。
    return _("This reference has been posted already; nothing was entered again.")


def _reason(reason: str) -> str:
    if not reason.strip():
        raise UnfitDataError(_("Give the reason."))
    return reason.strip()
