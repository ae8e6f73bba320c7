"""The monthly subsidy of a household that rents on the market: granted, set up, stopped, resumed, changed."""

from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import Application
from benefits import letters_out, moves, reckoning, rent
from benefits.models import Grant, SubsidyPause, SubsidyTerm
from bureau import numbers, timeline, workdays
from bureau.errors import NotAllowedError, UnfitDataError
from bureau.lifecycle import make_move
from bureau.models import Staff
from bureau.roles import Role

GRANT = "BF"  # 补贴发放: how numbers begin
SWEEP = 500
CARD = range(12, 31)  # digits of a bank account


def grant_due() -> int:
    """The sweep: a subsidy for every household that was approved for one and has none; returns how many."""
    due = Application.objects.filter(
        kind=Application.Kind.RENTAL_SUBSIDY, status=Application.Status.APPROVED, subsidy=None
    )
    return sum(_grant(case) for case in due.order_by("status_since", "pk")[:SWEEP])


def _grant(case: Application) -> int:
    try:
        with transaction.atomic():
            Grant.objects.create(
                number=numbers.reference(GRANT, on=workdays.today()),
                application=case,
                office_code=case.office_code,
                granted_on=timezone.localtime(case.status_since).date(),
                payee=case.applicant_name,
            )
    except IntegrityError as error:
        if "application_id" not in str(error):
            raise
        return 0  # another sweep was faster
    return 1


@transaction.atomic
def set_up(grant: Grant, *, bank: str, account: str, rent_paid: Decimal | None, by: Staff) -> SubsidyTerm:
    """Where it is paid to, and how much: worked out from the check and the terms of the day of the grant."""
    row = locked(grant)
    row.bank, row.bank_account, row.rent_paid = _bank(bank), _account(account), _rent(rent_paid)
    row.paid_from = reckoning.paid_from(row.granted_on)
    row.save(update_fields=["bank", "bank_account", "rent_paid", "paid_from"])
    make_move(row, moves.SET_UP, by=by)
    check = row.application.current_check
    assert check is not None  # noqa: S101 -- an approval rests on it
    household = reckoning.household_of(check, rent_paid=row.rent_paid)
    return _set_amount(row, reckoning.subsidy_of(household, on=row.granted_on), row.paid_from, by=by)


@transaction.atomic
def correct_account(grant: Grant, *, bank: str, account: str, by: Staff) -> None:
    """Another bank account for what is still to be paid."""
    row = locked(grant)
    if not (by.has_role(Role.CLERK, row.office_code) or by.has_role(Role.HOUSING_OFFICER, row.office_code)):
        raise NotAllowedError(_("Your posting does not include this work."))
    row.bank, row.bank_account = _bank(bank), _account(account)
    row.save(update_fields=["bank", "bank_account"])
    timeline.record(row, "account_corrected", by=by)


@transaction.atomic
def stop(grant: Grant, *, from_month: date, reason: str, by: Staff | None) -> None:
    """Nothing is paid from this month on, until it is resumed. By nobody: the review was not answered."""
    if not reason.strip():
        raise UnfitDataError(_("Give the reason."))
    row = locked(grant)
    row.stopped_from = from_month.replace(day=1)
    row.save(update_fields=["stopped_from"])
    make_move(row, moves.STOP if by else moves.STOP_UNANSWERED, by=by, note=reason.strip())
    letters_out.subsidy_stopped(row, reason=reason.strip(), by=by)


@transaction.atomic
def resume(grant: Grant, *, reason: str, by: Staff) -> None:
    """Paid again from next month on, without what was left out meanwhile. What was due before the stop is due still."""
    if not reason.strip():
        raise UnfitDataError(_("Give the reason."))
    row = locked(grant)
    again = rent.month_after(workdays.today())
    if row.stopped_from is not None and row.stopped_from < again:
        SubsidyPause.objects.create(grant=row, from_month=row.stopped_from, until_month=again, by=by)
    row.stopped_from = None
    row.save(update_fields=["stopped_from"])
    make_move(row, moves.RESUME, by=by, note=reason.strip())


@transaction.atomic
def change_amount(grant: Grant, due: reckoning.Reckoned, *, from_month: date, reason: str, by: Staff) -> SubsidyTerm:
    """After a review: another amount from a month on, which has not begun."""
    row = locked(grant)
    if not by.has_role(Role.HOUSING_OFFICER, row.office_code):
        raise NotAllowedError(_("Your posting does not include this work."))
    if not reason.strip():
        raise UnfitDataError(_("Give the reason."))
    month = from_month.replace(day=1)
    if month <= workdays.today().replace(day=1):
        # Translators: 补贴金额自次月起调整。
        raise UnfitDataError(_("A subsidy changes from the month after at the earliest."))
    timeline.record(row, "amount_changed", by=by, note=f"{due.amount}")
    return _set_amount(row, due, month, by=by, reason=reason.strip())


def _set_amount(
    grant: Grant, due: reckoning.Reckoned, month: date, *, by: Staff | None, reason: str = ""
) -> SubsidyTerm:
    return SubsidyTerm.objects.create(
        grant=grant,
        from_month=month,
        amount=due.amount,
        working=due.working,
        standard=due.standard,
        reason=reason,
        by=by,
    )


def amount_in(grant: Grant, month: date) -> Decimal | None:
    """What a month is paid with; None where nothing is: before the first month, and while it is stopped."""
    if grant.paid_from is None or month < grant.paid_from:
        return None
    if grant.stopped_from is not None and month >= grant.stopped_from:
        return None
    if grant.pauses.filter(from_month__lte=month, until_month__gt=month).exists():
        return None
    terms = grant.terms.filter(from_month__lte=month).order_by("-from_month", "-pk")
    return terms.values_list("amount", flat=True).first()


def locked(grant: Grant) -> Grant:
    """The subsidy as it stands, locked."""
    rows = Grant.objects.select_for_update(of=("self",)).select_related("application__current_check")
    row: Grant = rows.get(pk=grant.pk)
    return row


def _bank(name: str) -> str:
    if not name.strip():
        raise UnfitDataError(_("Enter the bank."), {"bank": [_("Enter the bank.")]})
    return name.strip()


def _account(number: str) -> str:
    digits = "".join(number.split())
    if not digits.isdigit() or len(digits) not in CARD:
        # Translators: 请填写银行卡号或账号，12 至 30 位数字。
        text = _("Enter the bank account: 12 to 30 digits.")
        raise UnfitDataError(text, {"account": [text]})
    return digits


def _rent(amount: Decimal | None) -> Decimal | None:
    if amount is not None and amount <= 0:
        text = _("Enter the rent a month, more than 0.")
        raise UnfitDataError(text, {"rent_paid": [text]})
    return amount
