"""The monthly payment list of subsidies: drafted, approved, sent to the bank by somebody else, answered."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.db import IntegrityError, connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from applications.letters_out import LETTER_LANGUAGE
from benefits import file_faults, moves, payment_files
from benefits.bank_files import UnfitFileError
from benefits.ledger import NOTHING
from benefits.models import Exit, Grant, PaymentList, PaymentReceipt, PaymentRow, SubsidyTerm
from benefits.payment_files import Item
from bureau import ciphers, numbers, workdays
from bureau.errors import MoveRefusedError, NotAllowedError, UnfitDataError
from bureau.lifecycle import make_move
from bureau.models import Staff
from bureau.roles import Role
from verification import assessing
from verification.models import Conclusion

LIST = "FF"  # 发放: how numbers begin
CITY = "321200"
Outcome = PaymentRow.Outcome

# The months up to one that a subsidy is paid for, without those that are on a list or were paid.
DUE = """
SELECT g.id, m.month::date FROM benefits_grant g
CROSS JOIN LATERAL generate_series(g.paid_from::timestamp, %(month)s::timestamp, interval '1 month') AS m(month)
WHERE g.paid_from IS NOT NULL AND g.bank <> '' AND (g.stopped_from IS NULL OR m.month < g.stopped_from)
  AND NOT EXISTS (
    SELECT 1 FROM benefits_paymentrow r
    WHERE r.grant_id = g.id AND r.month = m.month::date AND r.outcome IN ('', 'paid')
) AND NOT EXISTS (
    SELECT 1 FROM benefits_subsidypause p
    WHERE p.grant_id = g.id AND p.from_month <= m.month AND m.month < p.until_month
) ORDER BY g.number, m.month
"""


@transaction.atomic
def draft(month: date, *, by: Staff) -> PaymentList:
    """A list of everything that is to be paid up to a month and is on no list: also what failed before.

    Raises `UnfitDataError` for a month ahead, `MoveRefusedError` when nothing is left to be paid.
    """
    if not (by.has_role(Role.CASHIER, CITY) or by.has_role(Role.HOUSING_OFFICER, CITY)):
        raise NotAllowedError(_("Your posting does not include this work."))
    first, today = month.replace(day=1), workdays.today()
    if first > today.replace(day=1):
        raise UnfitDataError(_("This month has not begun."))
    rows = list(_rows(first))
    if not rows:
        # Translators: 该月没有待发放的补贴。
        raise MoveRefusedError(_("Nothing is left to be paid for this month."))
    found = PaymentList.objects.create(
        number=numbers.reference(LIST, on=today),
        month=first,
        turn=PaymentList.objects.filter(month=first).count() + 1,
        office_code=CITY,
        households=len({row.grant_id for row in rows}),
        persons=sum({row.grant_id: row.persons for row in rows}.values()),
        amount=sum((row.amount for row in rows), NOTHING),
        drafted_on=today,
        drafted_by=by,
    )
    for row in rows:
        row.list = found
    try:
        with transaction.atomic():
            PaymentRow.objects.bulk_create(rows)
    except IntegrityError as error:
        if "subsidy_is_paid_once_a_month" not in str(error):
            raise
        raise MoveRefusedError(_("Somebody else drafts this list at this moment. Try again.")) from None
    return found


def _rows(until: date) -> Iterator[PaymentRow]:
    """In four queries, by the terms of each month as `subsidies.amount_in` reads them."""
    with connection.cursor() as cursor:
        cursor.execute(DUE, {"month": until})
        due = cursor.fetchall()
    grants = Grant.objects.select_related("application").in_bulk({key for key, _month in due})
    terms: dict[int, list[tuple[date, Decimal]]] = {}
    told = SubsidyTerm.objects.filter(grant__in=grants).order_by("from_month", "pk")
    for key, since, amount in told.values_list("grant", "from_month", "amount"):
        terms.setdefault(key, []).append((since, amount))
    tiers = _tiers(grants)
    place = 0
    for key, month in due:
        amount = next((amount for since, amount in reversed(terms.get(key, ())) if since <= month), NOTHING)
        if amount <= 0:
            continue
        place += 1
        grant = grants[key]
        yield PaymentRow(
            place=place,
            grant=grant,
            month=month,
            amount=amount,
            payee=grant.payee,
            bank=grant.bank,
            bank_account=grant.bank_account,
            persons=grant.application.household_size,
            tier=tiers.get(grant.application.current_check_id or 0, ""),
        )


def _tiers(grants: Mapping[int, Grant]) -> Mapping[int, str]:
    """By check in which tier the household was found."""
    checks = {grant.application.current_check_id for grant in grants.values()}
    found = Conclusion.objects.filter(check_ordered__in=checks).select_related("assessment")
    return {row.check_ordered_id: assessing.result_of(row.assessment).comparison.tier for row in found}


@transaction.atomic
def approve(found: PaymentList, *, by: Staff) -> None:
    """The housing officer stands for who is paid how much."""
    PaymentList.objects.filter(pk=found.pk, approved_by=None).update(approved_by=by)
    make_move(found, moves.APPROVE_LIST, by=by)


@transaction.atomic
def send(found: PaymentList, *, by: Staff) -> None:
    """The cashier has handed it to the bank; somebody else has approved it."""
    row = PaymentList.objects.select_for_update(of=("self",)).get(pk=found.pk)
    if reason := moves.sent_by_another(row, by):
        raise NotAllowedError(reason)
    PaymentList.objects.filter(pk=found.pk, sent_by=None).update(sent_by=by)
    make_move(found, moves.SEND_LIST, by=by)


@transaction.atomic
def discard(found: PaymentList, *, reason: str, by: Staff) -> None:
    """Give up a list that was not sent; what is on it is due again."""
    if not reason.strip():
        raise UnfitDataError(_("Give the reason."))
    make_move(found, moves.DROP_LIST, by=by, note=reason.strip())
    found.rows.update(outcome=Outcome.DROPPED)


@transaction.atomic
def answer(found: PaymentList, content: bytes, *, name: str, by: Staff) -> PaymentReceipt:
    """Bring in the bank's receipt: what of each row. Raises `UnfitDataError` with every mistake; then nothing is taken.

    What was not paid is due again and comes on the next list.
    """
    row = PaymentList.objects.select_for_update(of=("self",)).get(pk=found.pk)
    if not by.has_role(Role.CASHIER, row.office_code):
        raise NotAllowedError(_("Your posting does not include this work."))
    digest = ciphers.sm3(content).hex()
    if PaymentReceipt.objects.filter(digest=digest).exists():
        # Translators: 该回执已导入。
        raise UnfitDataError(_("This receipt was brought in already."))
    if row.status != PaymentList.Status.SENT:
        raise MoveRefusedError(_("The list has not been sent to the bank, or was answered already."))
    try:
        told = payment_files.read_receipt(content, number=row.number, items=items_of(row))
    except UnfitFileError as error:
        raise file_faults.unfit(error) from None
    said = {each.place: each for each in told}
    rows = list(row.rows.all())
    for each in rows:
        each.outcome = Outcome.PAID if said[each.place].paid else Outcome.FAILED
        each.why, each.answered_on = said[each.place].why, workdays.today()
    PaymentRow.objects.bulk_update(rows, ["outcome", "why", "answered_on"], batch_size=500)
    make_move(row, moves.ANSWER_LIST, by=None, note=name[:200])
    return PaymentReceipt.objects.create(list=row, digest=digest, file_name=name[:200], by=by)


def items_of(found: PaymentList) -> list[Item]:
    """Its rows as the bank gets them."""
    return [
        Item(row.place, row.payee, row.bank, row.bank_account, row.amount, f"{row.month:%Y-%m}")
        for row in found.rows.order_by("place")
    ]


def for_the_bank(found: PaymentList) -> bytes:
    """The workbook; an approved list only."""
    if found.approved_by_id is None:
        raise MoveRefusedError(_("The list has not been approved yet."))
    cover = (
        ("月份", f"{found.month:%Y-%m}"),
        ("户数", str(found.households)),
        ("人数", str(found.persons)),
        ("合计金额", f"{found.amount:.2f}"),
        ("大写", payment_files.in_capitals(found.amount)),
    )
    return payment_files.workbook(found.number, cover, items_of(found))


def report(found: PaymentList) -> bytes:
    """What is kept of a list: a sheet for each tier, without bank accounts, and the subsidies that ended meanwhile."""
    headings = ("序号", "补贴编号", "姓名", "人数", "月份", "金额", "结果", "原因")
    sheets: dict[str, tuple[Sequence[str], list[Sequence[object]]]] = {}
    for row in found.rows.select_related("grant").order_by("tier", "place"):
        line = (row.place, row.grant.number, row.payee, row.persons, f"{row.month:%Y-%m}", row.amount)
        outcome = {Outcome.PAID: "成功", Outcome.FAILED: "失败", Outcome.DROPPED: "作废"}.get(Outcome(row.outcome), "")
        sheets.setdefault(row.tier or "未分档", (headings, []))[1].append((*line, outcome, row.why))
    with translation.override(LETTER_LANGUAGE):
        ended: list[Sequence[object]] = [
            (row.grant.number, row.grant.payee, row.get_reason_display(), row.ended_on.isoformat())
            for row in newly_ended(found)
            if row.grant and row.ended_on
        ]
    sheets["新增退出"] = (("补贴编号", "姓名", "退出原因", "退出日期"), ended)
    return payment_files.tables(sheets)


def newly_ended(found: PaymentList) -> Sequence[Exit]:
    """Subsidies that ended in the month before the list and until it was drafted."""
    since = (found.month - timedelta(days=1)).replace(day=1)
    ended = Exit.objects.filter(grant__isnull=False, rescinded_at=None, ended_on__range=(since, found.drafted_on))
    return list(ended.select_related("grant").order_by("ended_on", "pk"))
