"""From an accepted offer to the keys: the contract, the handover, the rent from month to month, the renewal."""

from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from applications import closing
from benefits import allotting, ledger, letters_out, moves, reckoning, rent
from benefits.models import Contract, Exit, Offer, RentTerm, Tenancy
from bureau import numbers, timeline, workdays
from bureau.errors import MoveRefusedError, NotAllowedError, UnfitDataError
from bureau.lifecycle import make_move
from bureau.models import Staff
from bureau.roles import Role

TENANCY, CONTRACT = "ZL", "HT"  # 租赁, 合同: how numbers begin
MOST_MONTHS = 60  # five years
RENEWED_WITHIN = 3  # months before a contract ends (公共租赁住房管理办法, art. 30)


@transaction.atomic
def accept(offer: Offer, *, by: Staff, months: int | None = None) -> Tenancy:
    """The household takes the home: contract and rent account. `months`: of the policy unless said.

    Raises `UnfitDataError` for a contract of more than five years (公共租赁住房管理办法, art. 18).
    """
    _need_officer(by, offer.turn.office_code)
    today = workdays.today()
    row = allotting.answered(offer, Offer.Answer.ACCEPTED, by=by)
    case = row.turn.application
    assert case.current_check is not None  # noqa: S101 -- an approval rests on it
    due = reckoning.rent_of(row.home.area, reckoning.household_of(case.current_check), on=today)
    make_move(row.turn, moves.HOUSE, by=None)
    make_move(row.home, moves.LET, by=None, note=row.turn.number)
    tenancy = Tenancy.objects.create(
        number=numbers.reference(TENANCY, on=today),
        application=case,
        offer=row,
        home=row.home,
        account=ledger.open_account(case.office_code, on=today),
        office_code=case.office_code,
        tenant_name=case.applicant_name,
        signed_on=today,
    )
    contract = _sign(tenancy, begins_on=today, months=months, by=by)
    set_rent(tenancy, RentTerm.Kind.CONTRACT, due, from_month=today.replace(day=1), by=by)
    _print(contract, by=by)
    timeline.record(tenancy, "signed", by=by)
    return tenancy


def _sign(tenancy: Tenancy, *, begins_on: date, months: int | None, by: Staff) -> Contract:
    policy = allotting.policy_on(begins_on)
    length = policy.contract_months if months is None else months
    if not 1 <= length <= MOST_MONTHS:
        # Translators: 租赁合同期限为 1 至 60 个月。
        raise UnfitDataError(_("A contract is of 1 to 60 months."))
    _code, standard = reckoning.standard_on(tenancy.application.kind, begins_on)
    return Contract.objects.create(
        number=numbers.reference(CONTRACT, on=workdays.today()),
        tenancy=tenancy,
        begins_on=begins_on,
        ends_on=months_after(begins_on, length) - timedelta(days=1),
        deposit=standard.rent.deposit if standard.rent else None,
        by=by,
    )


def _print(contract: Contract, *, by: Staff) -> None:
    contract.letter = letters_out.lease(contract, by=by)
    contract.save(update_fields=["letter"])


@transaction.atomic
def hand_over(tenancy: Tenancy, *, by: Staff) -> None:
    """The keys: from this day the rent is owed."""
    row = locked(tenancy)
    row.handed_over_on = workdays.today()
    row.save(update_fields=["handed_over_on"])
    make_move(row, moves.HAND_OVER, by=by)


@transaction.atomic
def call_off(tenancy: Tenancy, *, reason: str, by: Staff) -> None:
    """A household that has signed does not move in: nothing is owed, the home is free; it may apply anew."""
    if not reason.strip():
        raise UnfitDataError(_("Give the reason."))
    _need_officer(by, tenancy.office_code)
    ledger.close(tenancy.account, by=None)  # nothing was billed yet
    make_move(tenancy, moves.CALL_OFF, by=None, note=reason.strip())
    make_move(tenancy.home, moves.COME_BACK, by=None, note=tenancy.number)
    timeline.record(tenancy, "called_off", by=by, note=reason.strip())
    closing.close(tenancy.application, why=tenancy.number)


@transaction.atomic
def renew(tenancy: Tenancy, *, months: int | None = None, by: Staff) -> Contract:
    """A further contract after the present one (续租). Raises `MoveRefusedError` unless the tenancy runs."""
    row = locked(tenancy)
    _need_officer(by, row.office_code)
    if row.status != Tenancy.Status.RUNNING:
        raise MoveRefusedError(_("Only a running tenancy is renewed."))
    last = row.contracts.order_by("-ends_on").first()
    begins_on = last.ends_on + timedelta(days=1) if last else workdays.today()
    if begins_on > months_after(workdays.today(), RENEWED_WITHIN):
        # Translators: 请在合同到期前三个月内办理续租。
        raise MoveRefusedError(_("A contract is renewed within the three months before it ends."))
    found = _sign(row, begins_on=begins_on, months=months, by=by)
    _print(found, by=by)
    timeline.record(row, "renewed", by=by, note=found.number)
    return found


def set_rent(
    tenancy: Tenancy,
    kind: RentTerm.Kind,
    due: reckoning.Reckoned,
    *,
    from_month: date,
    by: Staff | None,
    reason: str = "",
) -> RentTerm:
    """The rent from a month on, which has not been billed. Raises `UnfitDataError` for a month that has."""
    month = from_month.replace(day=1)
    if tenancy.billed_until is not None and month <= tenancy.billed_until:
        # Translators: 该月租金已出账，租金只能从尚未出账的月份起调整。
        raise UnfitDataError(_("This month has been billed; rents change from a month that has not."))
    return RentTerm.objects.create(
        tenancy=tenancy,
        kind=kind,
        from_month=month,
        amount=due.amount,
        working=due.working,
        standard=due.standard,
        reason=reason,
        by=by,
    )


@transaction.atomic
def change_rent(tenancy: Tenancy, due: reckoning.Reckoned, *, from_month: date, reason: str, by: Staff) -> RentTerm:
    """After a review: another rent from a month on, with the reason."""
    row = locked(tenancy)
    _need_officer(by, row.office_code)
    if not reason.strip():
        raise UnfitDataError(_("Give the reason."))
    if from_month.replace(day=1) < workdays.today().replace(day=1):
        # Translators: 租金不得追溯调整。
        raise UnfitDataError(_("A rent is not changed for months that are over."))
    term = set_rent(row, RentTerm.Kind.REVIEW, due, from_month=from_month, by=by, reason=reason.strip())
    timeline.record(row, "rent_changed", by=by, note=f"{due.amount}")
    return term


def rent_in(tenancy: Tenancy, month: date) -> Decimal | None:
    """The rent of a month by the terms; None where the terms begin later."""
    terms = tenancy.rents.filter(from_month__lte=month).order_by("-from_month", "-pk")
    return terms.values_list("amount", flat=True).first()


def locked(tenancy: Tenancy) -> Tenancy:
    """The tenancy as it stands, locked."""
    row: Tenancy = Tenancy.objects.select_for_update(of=("self",)).select_related("account", "home").get(pk=tenancy.pk)
    return row


def standing_exit(tenancy: Tenancy) -> Exit | None:
    """By which it ends, if anything has been decided."""
    return tenancy.exits.filter(rescinded_at=None).first()


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the last of the month where there is none."""
    year, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + year, month + 1, 1)
    last = rent.month_after(first) - timedelta(days=1)
    return first.replace(day=min(day.day, last.day))


def _need_officer(by: Staff, office_code: str) -> None:
    if not by.has_role(Role.HOUSING_OFFICER, office_code):
        raise NotAllowedError(_("Your posting does not include this work."))
