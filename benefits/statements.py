"""Statements of the bank: brought in whole or not at all.

Each line is posted on the one tenancy that it fits, or waits for a person, who assigns it, sends it back or says why it
is no rent.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Count, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from msgspec import Struct

from benefits import arrears, demands, file_faults, ledger, statement_files
from benefits.bank_files import UnfitFileError
from benefits.ledger import NOTHING
from benefits.models import Account, Entry, Statement, StatementLine, Tenancy
from benefits.statement_files import Line, Told
from bureau import ciphers, numbers, workdays
from bureau.errors import MoveRefusedError, NotAllowedError, UnfitDataError
from bureau.models import Staff
from bureau.roles import Role

STATEMENT = "DZ"  # 对账: how numbers begin
NAMED = re.compile(r"Z[LH][0-9]{4}-[0-9]{6}", re.ASCII)  # a tenancy or an account, as it is told to the household
State, Why = StatementLine.State, StatementLine.Why


class Fit(Struct, frozen=True):
    """The account that a line fits, or why it waits."""

    account: Account | None
    why: str = Why.NONE


class Sums(Struct, frozen=True):
    """What a statement came to: by state how many lines and how much."""

    lines: Mapping[str, int]
    amounts: Mapping[str, Decimal]

    @property
    def total(self) -> Decimal:
        """Of all states: what the statement says."""
        return sum(self.amounts.values(), NOTHING)


@transaction.atomic
def bring_in(content: bytes, *, name: str, by: Staff) -> Statement:
    """Take a statement, post what fits. Raises `UnfitDataError` with every mistake; then nothing is taken."""
    need_cashier(by)
    digest = ciphers.sm3(content).hex()
    if before := Statement.objects.filter(digest=digest).first():
        # Translators: 该文件已作为 %(number)s 导入，未重复入账。
        text = _("This file was brought in already as %(number)s; nothing was posted again.")
        raise UnfitDataError(text % {"number": before})
    try:
        told = statement_files.read(content, today=workdays.today())
    except UnfitFileError as error:
        raise file_faults.unfit(error) from None
    try:
        with transaction.atomic():
            statement = Statement.objects.create(
                number=numbers.reference(STATEMENT, on=workdays.today()),
                bank=told.bank,
                account=told.account,
                from_on=told.from_on,
                until_on=told.until_on,
                lines_count=len(told.lines),
                total=told.total,
                digest=digest,
                file_name=name[:200],
                by=by,
            )
            _post(statement, told, by)
    except IntegrityError as error:
        if not {"digest", "entry_reference_is_posted_once"} & {*re.findall(r"digest|entry_\w+", str(error))}:
            raise
        raise UnfitDataError(_("Somebody else posts from this statement at this moment. Try again.")) from None
    return statement


def _post(statement: Statement, told: Told, by: Staff) -> None:
    fits = _fits(told.lines)
    turns = _turns(line.reference for line in told.lines)
    rows, postings = [], []
    keys = sorted({fit.account.pk for fit in fits if fit.account})
    standing, since = ledger.standing_of(keys), demands.demanded_since(keys)
    settled = {key: paid for key, (_bills, paid) in standing.items()}
    for line, fit in zip(told.lines, fits, strict=True):
        row = StatementLine(
            statement=statement,
            row=line.row,
            on=line.on,
            amount=line.amount,
            payer=line.payer,
            remark=line.remark,
            reference=line.reference,
            state=State.WAITING if fit.why else State.POSTED,
            why=fit.why,
            account=fit.account,
        )
        rows.append(row)
        if fit.account is None or fit.why:
            continue
        key = fit.account.pk
        owed = arrears.arrears(standing[key][0], settled[key], on=line.on)
        recovered = demands.is_recovery(owed, since.get(key), on=line.on)
        settled[key] += line.amount
        turn = turns.get(line.reference, 0) + 1
        postings.append(ledger.Posting(key, line.amount, line.on, line.reference, recovered, turn))
    entries = {entry.reference: entry for entry in ledger.receive_many(postings, by=by)}
    for row in rows:
        row.entry = entries.get(row.reference) if row.state == State.POSTED else None
    StatementLine.objects.bulk_create(rows)


def _fits(lines: Sequence[Line]) -> list[Fit]:
    """By the number in the remark; else by the payer's name and exactly what one tenancy owes. In a few queries.

    The accounts are locked: what they owe stays true while it is posted.
    """
    numbers_told = {line.row: set(NAMED.findall(line.remark.upper())) for line in lines}
    told = set().union(*numbers_told.values())
    payers = {line.payer for line in lines if not numbers_told[line.row]}
    wanted = Q(number__in=told) | Q(account__number__in=told) | Q(tenant_name__in=payers, account__closed_on=None)
    found = list(Tenancy.objects.filter(wanted).values_list("number", "tenant_name", "account"))
    locked = Account.objects.filter(pk__in={row[2] for row in found}).order_by("pk").select_for_update()
    accounts = {account.pk: account for account in locked}
    owed = dict(Entry.objects.owed(accounts))
    by_number: dict[str, int] = {}
    by_name: dict[str, set[int]] = defaultdict(set)
    for number, tenant, key in found:
        by_number[number] = by_number[accounts[key].number] = key
        if accounts[key].closed_on is None:
            by_name[tenant].add(key)
    known = Entry.objects.filter(reference__in=[line.reference for line in lines]).standing()
    posted = set(known.exclude(reference="").values_list("reference", flat=True))
    fits = []
    for line in lines:
        fit = _fit(line, numbers_told[line.row], by_number, by_name, owed, accounts)
        if line.reference in posted:
            fit = Fit(fit.account, Why.KNOWN)
        if fit.account is not None and not fit.why:
            owed[fit.account.pk] = owed.get(fit.account.pk, NOTHING) - line.amount
        fits.append(fit)
    return fits


def _fit(
    line: Line,
    told: set[str],
    by_number: Mapping[str, int],
    by_name: Mapping[str, set[int]],
    owed: Mapping[int, Decimal],
    accounts: Mapping[int, Account],
) -> Fit:
    if told:
        keys = {by_number[number] for number in told if number in by_number}
        if told - by_number.keys():
            keys |= {0} if keys else set()  # one number is ours and one is not: a person looks at it
    else:
        keys = {key for key in by_name.get(line.payer, ()) if owed.get(key, NOTHING) == line.amount}
    if len(keys) != 1:
        return Fit(None, Why.SEVERAL if keys else Why.UNMATCHED)
    account = accounts[keys.pop()]
    if account.closed_on is not None:
        return Fit(account, Why.CLOSED)
    return Fit(account, Why.EARLY if line.on < account.opened_on else Why.NONE)


def _turns(references: Iterable[str]) -> Mapping[str, int]:
    """How often each number of the bank was posted and taken back before."""
    found = Entry.objects.filter(reference__in=list(references), kind__in=["payment", "recovery", "refund"])
    return dict(found.order_by().values_list("reference").annotate(Count("pk")))


@transaction.atomic
def assign(line: StatementLine, account: Account, *, by: Staff) -> StatementLine:
    """Post a line that waits on an account that a person has chosen. Raises what the ledger raises."""
    row = _waiting(line, by)
    row.entry = receive(account, amount=row.amount, on=row.on, reference=row.reference, by=by)
    row.account, row.state, row.why = account, State.POSTED, Why.NONE
    return _settle(row, by)


@transaction.atomic
def ignore(line: StatementLine, *, reason: str, by: Staff) -> StatementLine:
    """A line that is no rent, with the reason."""
    return _end(line, State.IGNORED, reason, by)


@transaction.atomic
def send_back(line: StatementLine, *, reason: str, by: Staff) -> StatementLine:
    """The money went back to its payer, with the reason and the number of the transfer."""
    return _end(line, State.RETURNED, reason, by)


def receive(account: Account, *, amount: Decimal, on: date, reference: str, by: Staff) -> Entry:
    """Enter a payment by hand, as recovered where it is (`demands.is_recovery`)."""
    owed = ledger.arrears_of([account], on=on)[account.pk]
    recovered = demands.is_recovery(owed, demands.demanded_since([account.pk]).get(account.pk), on=on)
    return ledger.receive(account, amount=amount, on=on, reference=reference, by=by, recovered=recovered)


def sums_of(statement: Statement) -> Sums:
    """Posted, waiting, ended by a person: together what the bank says."""
    found = statement.lines.order_by().values_list("state").annotate(Count("pk"), Sum("amount"))
    counted = {state: (count, amount) for state, count, amount in found}
    return Sums(
        {state: counted.get(state, (0, NOTHING))[0] for state in State.values},
        {state: counted.get(state, (0, NOTHING))[1] for state in State.values},
    )


def need_cashier(by: Staff) -> None:
    """Money is brought in and sent by cashiers. Raises `NotAllowedError`."""
    if not by.holds(Role.CASHIER):
        raise NotAllowedError(_("Your posting does not include this work."))


def _waiting(line: StatementLine, by: Staff) -> StatementLine:
    need_cashier(by)
    row: StatementLine = StatementLine.objects.select_for_update(of=("self",)).get(pk=line.pk)
    taken_back = row.state == State.POSTED and Entry.objects.filter(reverses=row.entry_id).exists()
    if row.state != State.WAITING and not taken_back:
        raise MoveRefusedError(_("This line has been settled already."))
    return row


def _end(line: StatementLine, state: str, reason: str, by: Staff) -> StatementLine:
    if not reason.strip():
        raise UnfitDataError(_("Give the reason."), {"note": [_("Give the reason.")]})
    row = _waiting(line, by)
    row.state, row.why, row.note, row.entry = state, Why.NONE, reason.strip(), None
    return _settle(row, by)


def _settle(row: StatementLine, by: Staff) -> StatementLine:
    row.settled_by, row.settled_at = by, timezone.now()
    row.save()
    return row
