"""The way out (退出): an order to leave, the keys back, the account settled, the subsidy ended.

By what it follows from is told in `origin`; nothing here follows from a raw hit: an officer gives the reason.
"""

from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications import closing
from benefits import allotting, billing, ledger, letters_out, moves, rent, subsidies, tenancies
from benefits.models import Exit, Grant, Tenancy
from bureau import timeline, workdays
from bureau.errors import MoveRefusedError, NotAllowedError, UnfitDataError
from bureau.lifecycle import make_move
from bureau.models import Staff
from bureau.roles import Role

SWEEP = 500
DEMANDED = frozenset({Exit.Reason.CHANGED, Exit.Reason.UNFIT, Exit.Reason.BREACH})


@transaction.atomic
def order_out(tenancy: Tenancy, *, reason: Exit.Reason, text: str, by: Staff, origin: str = "") -> Exit:
    """Order a household to leave, by a day that the policy gives it (公共租赁住房管理办法, art. 27-31).

    Raises `UnfitDataError` without facts, or for a reason that is no ground to order anybody.
    """
    row = tenancies.locked(tenancy)
    if reason not in DEMANDED:
        # Translators: 该退出原因无需责令腾退。
        raise UnfitDataError(_("Nobody is ordered to leave for this reason; take the home back instead."))
    leave_by = workdays.today() + timedelta(days=allotting.policy_on(workdays.today()).leave_days)
    found = _state(row, reason=reason, text=text, by=by, origin=origin, leave_by=leave_by)
    make_move(row, moves.ORDER_OUT, by=by, note=text.strip())
    found.letter = letters_out.order_to_leave(found, by=by)
    found.save(update_fields=["letter"])
    return found


@transaction.atomic
def let_stay(found: Exit, *, reason: str, by: Staff) -> None:
    """Take an order back, with the reason: the tenancy runs on, at the rent of the contract."""
    if not reason.strip():
        raise UnfitDataError(_("Give the reason."))
    tenancy = _tenancy_of(found)
    make_move(tenancy, moves.LET_STAY, by=by, note=reason.strip())
    found.rescinded_at, found.rescinded_because = timezone.now(), reason.strip()
    found.save(update_fields=["rescinded_at", "rescinded_because"])


@transaction.atomic
def go_to_court(found: Exit, *, note: str, by: Staff) -> None:
    """The household has stayed on beyond its last day; the suit itself is kept with the credit case.

    Raises `MoveRefusedError` while its time runs.
    """
    if not found.days_late():
        raise MoveRefusedError(_("The household still has time to leave."))
    make_move(_tenancy_of(found), moves.SUE, by=by, note=note.strip())


@transaction.atomic
def leave(tenancy: Tenancy, *, reason: Exit.Reason, text: str, by: Staff) -> Exit:
    """A household leaves of itself, or nobody lives there any more: no order, and the keys are still to come.

    Raises `UnfitDataError` for a reason that wants an order.
    """
    if reason in DEMANDED:
        raise UnfitDataError(_("For this reason a household is ordered to leave."))
    row = tenancies.locked(tenancy)
    _need_officer(by, row.office_code)
    if row.status != Tenancy.Status.RUNNING:
        raise MoveRefusedError(_("Only a running tenancy can be left like this."))
    found = _state(row, reason=reason, text=text, by=by)
    timeline.record(row, "leaving", by=by, note=text.strip())
    return found


@transaction.atomic
def take_back(tenancy: Tenancy, *, on: date, condition: str, by: Staff, damage: Decimal | None = None) -> Exit:
    """The keys are back and the home was looked at. What is owed stays owed.

    Raises `UnfitDataError` without the condition, or for a day ahead or before the handover; `MoveRefusedError` where
    no exit stands.
    """
    row = tenancies.locked(tenancy)
    if not condition.strip():
        # Translators: 请填写验收情况。
        raise UnfitDataError(_("Write down in which condition the home is."))
    if row.handed_over_on is None or not row.handed_over_on <= on <= workdays.today():
        raise UnfitDataError(_("The day lies before the handover, or ahead."))
    if damage is not None and damage < 0:
        raise UnfitDataError(_("Enter an amount of 0 or more."))
    found = tenancies.standing_exit(row)
    if found is None:
        raise MoveRefusedError(_("State first why the benefit ends."))
    row.given_back_on = on
    row.save(update_fields=["given_back_on"])
    billing.bill_to_the_end(row)
    make_move(row, moves.GIVE_BACK, by=by, note=condition.strip())
    make_move(row.home, moves.COME_BACK, by=None, note=row.number)
    found.ended_on, found.condition, found.damage = on, condition.strip(), damage
    found.save(update_fields=["ended_on", "condition", "damage"])
    return found


@transaction.atomic
def settle(tenancy: Tenancy, *, by: Staff) -> None:
    """Close the account of a home that was given back, and with it the tenancy.

    Raises `MoveRefusedError` with what is left on the account.
    """
    row = tenancies.locked(tenancy)
    if row.status != Tenancy.Status.RETURNED:
        raise MoveRefusedError(_("The home has not been given back."))
    ledger.close(row.account, by=by)
    row.account.refresh_from_db()
    make_move(row, moves.END, by=None)
    closing.close(row.application, why=row.number)


@transaction.atomic
def end_subsidy(grant: Grant, *, reason: Exit.Reason, text: str, by: Staff, origin: str = "") -> Exit:
    """End a subsidy: own report of being unfit, from this month on; found unfit, from the next (no month twice)."""
    row = subsidies.locked(grant)
    _need_words(text)
    own = reason in {Exit.Reason.VOLUNTARY, Exit.Reason.DEATH}
    month = workdays.today().replace(day=1) if own else rent.month_after(workdays.today())
    if row.stopped_from is None or month < row.stopped_from:
        row.stopped_from = month
        row.save(update_fields=["stopped_from"])
    found = Exit.objects.create(
        grant=row, reason=reason, text=text.strip(), origin=origin, ordered_on=workdays.today(), by=by
    )
    make_move(row, moves.END_SUBSIDY, by=by, note=text.strip())
    found.ended_on, found.letter = workdays.today(), letters_out.subsidy_ended(found, by=by)
    found.save(update_fields=["ended_on", "letter"])
    closing.close(row.application, why=row.number)
    return found


def _state(
    tenancy: Tenancy, *, reason: Exit.Reason, text: str, by: Staff, origin: str = "", leave_by: date | None = None
) -> Exit:
    _need_words(text)
    if tenancies.standing_exit(tenancy) is not None:
        raise MoveRefusedError(_("It has been stated already why this benefit ends."))
    return Exit.objects.create(
        tenancy=tenancy,
        reason=reason,
        text=text.strip(),
        origin=origin,
        ordered_on=workdays.today(),
        leave_by=leave_by,
        by=by,
    )


def _tenancy_of(found: Exit) -> Tenancy:
    if found.tenancy is None or not found.is_standing or found.ended_on is not None:
        raise MoveRefusedError(_("This exit is over."))
    return tenancies.locked(found.tenancy)


def _need_words(text: str) -> None:
    if not text.strip():
        # Translators: 请写明事实。
        raise UnfitDataError(_("Write down the facts."), {"text": [_("Write down the facts.")]})


def _need_officer(by: Staff, office_code: str) -> None:
    if not by.has_role(Role.HOUSING_OFFICER, office_code):
        raise NotAllowedError(_("Your posting does not include this work."))
