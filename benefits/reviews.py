"""What follows from the check of a yearly review.

A sweep renews whom the check has found fit and whose amount stays; all else an officer decides, on the confirmed
findings of the check. A raw hit changes nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _
from msgspec import Struct

from applications import guards
from benefits import exits, reckoning, rent, review_moves, review_rounds, self_reports, subsidies, tenancies
from benefits.models import Exit, Grant, RentTerm, Review, SubsidyTerm
from benefits.querysets import ReviewQuerySet
from bureau import lifecycle, workdays
from bureau.errors import MoveRefusedError, NotAllowedError, UnfitDataError
from bureau.models import Staff
from bureau.moves import Move, why_not
from verification import assessing
from verification.models import Check, Conclusion, Finding

SET_SIZE = 500
TWO_SOURCES = 2


class Amounts(Struct, frozen=True):
    """What a household pays or is paid a month: now, and by its check; why it could not be worked out, if so."""

    before: Decimal | None
    due: reckoning.Reckoned | None
    why_not: str = ""

    @property
    def is_same(self) -> bool:
        """Whether it stays as it is."""
        return self.due is not None and self.due.amount == self.before


# --- sweeps ---------------------------------------------------------------------------------------------------------


def take_up_due() -> int:
    """The sweep: renew whom the check found fit and whose amount stays, in sets; let go whose check was cancelled or
    whose benefit has ended. Returns how many reviews were moved.
    """
    return _drop_ended() + _fall_through() + _renew_due()


def _drop_ended() -> int:
    gone = Review.objects.open().exclude(pk__in=Review.objects.open().of_live_benefit().values("pk"))
    # Who was ordered to leave for its silence may still answer, while it lives there.
    ids = list(gone.exclude(exit__isnull=False, tenancy__status__in=["ordered", "court"]).values_list("pk", flat=True))
    return len(lifecycle.make_moves(Review.objects.filter(pk__in=ids), review_moves.OVER)) if ids else 0


def _fall_through() -> int:
    cancelled = Review.objects.filter(status="checking", check_ordered__status=Check.Status.CANCELLED)
    if not cancelled.exists():
        return 0
    ids = list(cancelled.values_list("pk", flat=True))
    return len(lifecycle.make_moves(Review.objects.filter(pk__in=ids), review_moves.CHECK_FELL_THROUGH))


def _renew_due() -> int:
    """Set by set, over all whose check was concluded; those an officer has to decide are passed over."""
    renewed, after = 0, 0
    while rows := list(_fit().filter(pk__gt=after).order_by("pk")[:SET_SIZE]):
        after = rows[-1].pk
        renewed += _renew_set(rows)
    return renewed


def _fit() -> ReviewQuerySet:
    """Found fit, nothing new confirmed, the benefit not stopped: what a sweep may renew."""
    rows = Review.objects.to_decide().of_live_benefit()
    noted = Review.objects.to_decide().with_new_findings()
    found: ReviewQuerySet = (
        rows.exclude(pk__in=noted.values("pk"))
        .filter(check_ordered__conclusion__outcome=Conclusion.Outcome.FIT)
        .exclude(grant__status=Grant.Status.STOPPED)
    )
    return found.select_related(
        "review_round", "tenancy__home", "grant", "check_ordered__conclusion__assessment", "application"
    )


@transaction.atomic
def _renew_set(rows: Sequence[Review]) -> int:
    found = amounts_of(rows)
    same = [row for row in rows if found[row.pk].is_same]
    for row in same:
        row.amount_before = row.amount_after = found[row.pk].before
        row.decided_on = workdays.today()
    Review.objects.bulk_update(same, ["amount_before", "amount_after", "decided_on"])
    return len(
        lifecycle.make_moves(Review.objects.filter(pk__in=[row.pk for row in same]), review_moves.RENEW_AS_IT_IS)
    )


# --- amounts --------------------------------------------------------------------------------------------------------


def amounts_of(rows: Sequence[Review]) -> Mapping[int, Amounts]:
    """By review, what is paid a month now and what is due by the check; two queries for however many."""
    rents = _newest(RentTerm, "tenancy", [row.tenancy_id for row in rows if row.tenancy_id])
    granted = _newest(SubsidyTerm, "grant", [row.grant_id for row in rows if row.grant_id])
    terms: dict[date, reckoning.Terms] = {}
    found = {}
    for row in rows:
        on = row.review_round.opened_on
        before = rents.get(row.tenancy_id or 0) if row.tenancy_id else granted.get(row.grant_id or 0)
        found[row.pk] = _amounts(row, before, terms.setdefault(on, reckoning.Terms(on)))
    return found


def _newest(model: type[RentTerm] | type[SubsidyTerm], of: str, ids: Sequence[int]) -> dict[int, Decimal]:
    rows = model._default_manager.filter(**{f"{of}__in": ids}).order_by("from_month", "pk")
    return dict(rows.values_list(f"{of}_id", "amount"))  # in order: the newest stays


def _amounts(row: Review, before: Decimal | None, terms: reckoning.Terms) -> Amounts:
    try:
        check = row.check_ordered
        if check is None:
            raise UnfitDataError(_("The check of this household has not been concluded."))
        if row.tenancy is not None:
            return Amounts(before, terms.rent_of(row.tenancy.home.area, reckoning.household_of(check)))
        assert row.grant is not None  # noqa: S101 -- a constraint of the table
        return Amounts(before, terms.subsidy_of(reckoning.household_of(check, rent_paid=row.grant.rent_paid)))
    except UnfitDataError as error:
        return Amounts(before, None, str(error))


# --- what an officer decides ----------------------------------------------------------------------------------------


@transaction.atomic
def renew(review: Review, *, reason: str, by: Staff) -> None:
    """Found fit: the benefit goes on as it is, or with another amount from the next month that is still open; a subsidy
    that was stopped is paid again from next month, without what was left out.
    """
    row = _locked(review)
    due = amounts_of([row])[row.pk]
    _require(row, review_moves.RENEW, by)
    words = _given(reason)
    changed = not due.is_same
    if changed and due.due is None:
        raise MoveRefusedError(due.why_not)
    if row.grant is not None and row.grant.status == Grant.Status.STOPPED:
        subsidies.resume(row.grant, reason=words, by=by)
    if changed:
        assert due.due is not None  # noqa: S101 -- refused above
        _change(row, due.due, words, by)
    row.amount_before, row.amount_after = due.before, due.due.amount if due.due else due.before
    _decide(row, review_moves.CHANGE if changed else review_moves.RENEW, words, by)


def _change(row: Review, due: reckoning.Reckoned, reason: str, by: Staff) -> None:
    month = rent.month_after(workdays.today())
    if row.tenancy is not None:
        billed = row.tenancy.billed_until
        tenancies.change_rent(
            row.tenancy,
            due,
            from_month=max(month, rent.month_after(billed)) if billed else month,
            reason=reason,
            by=by,
        )
    elif row.grant is not None:
        subsidies.change_amount(row.grant, due, from_month=month, reason=reason, by=by)


@transaction.atomic
def send_out(review: Review, *, text: str, by: Staff) -> Exit:
    """Found unfit on a confirmed finding: order the household to leave its home, or end the subsidy.

    Raises `MoveRefusedError` when the check does not carry it; the database holds the same.
    """
    row = _locked(review)
    _require(row, review_moves.SEND_OUT, by)
    if _outcome(row) != Conclusion.Outcome.UNFIT:
        # Translators: 核对结论不是“不符合”，不得责令退出。
        raise MoveRefusedError(_("The check has not found this household unfit."))
    if nobody_is_alive(row):
        raise MoveRefusedError(_("All adults of this household are dead; that is another outcome."))
    origin = f"review:{row.pk}"
    if row.tenancy is not None:
        row.exit = exits.order_out(row.tenancy, reason=Exit.Reason.CHANGED, text=text, by=by, origin=origin)
    elif row.grant is not None:
        row.exit = exits.end_subsidy(row.grant, reason=Exit.Reason.CHANGED, text=text, by=by, origin=origin)
    _decide(row, review_moves.SEND_OUT, text.strip(), by)
    assert row.exit is not None  # noqa: S101 -- one of the two above
    return row.exit


@transaction.atomic
def find_dead(review: Review, *, text: str, by: Staff) -> Exit:
    """Nobody is alive in the household: each adult's death was told by two sources and confirmed by a person.

    The home is to be taken back, the subsidy ends; nobody was unfit. Raises `MoveRefusedError` on anything less.
    """
    row = _locked(review)
    _require(row, review_moves.FIND_DEAD, by)
    if not nobody_is_alive(row):
        # Translators: 每名成人的死亡须有两个来源反馈并经人工确认。
        raise MoveRefusedError(_("The death of every adult has to be told by two sources and confirmed by a person."))
    if row.tenancy is not None:
        row.exit = exits.leave(row.tenancy, reason=Exit.Reason.DEATH, text=text, by=by)
    elif row.grant is not None:
        row.exit = exits.end_subsidy(row.grant, reason=Exit.Reason.DEATH, text=text, by=by, origin=f"review:{row.pk}")
    _decide(row, review_moves.FIND_DEAD, text.strip(), by)
    assert row.exit is not None  # noqa: S101 -- one of the two above
    return row.exit


@transaction.atomic
def check_anew(review: Review, *, reason: str, by: Staff) -> None:
    """The check was concluded as incomplete: a new one is ordered in the same round."""
    row = _locked(review)
    if _outcome(row) != Conclusion.Outcome.INCOMPLETE:
        raise MoveRefusedError(_("Only an incomplete check is ordered again."))
    lifecycle.make_move(row, review_moves.CHECK_ANEW, by=by, note=_given(reason))


@transaction.atomic
def order_out_silent(review: Review, *, text: str, by: Staff) -> Exit:
    """Who lives in a home and has not answered the reminder in time is ordered to leave: a breach of its duty.

    The review stays open: who answers before it has left can be let stay, and is then checked.
    """
    row = _locked(review)
    if not Review.objects.silent_too_long(workdays.today()).filter(pk=row.pk).exists() or row.tenancy is None:
        raise MoveRefusedError(_("The household still has time to answer, or lives in no home."))
    if reason := review_rounds.why_no_relative(row, by):
        raise MoveRefusedError(reason)
    found = exits.order_out(row.tenancy, reason=Exit.Reason.BREACH, text=text, by=by, origin=f"review:{row.pk}")
    row.exit = found
    row.save(update_fields=["exit"])
    return found


def dead_of(check: Check) -> set[str]:
    """The members whose death two sources told and a person confirmed."""
    rows = check.findings.filter(kind="deceased_member", state=Finding.State.CONFIRMED, gone_at=None)
    return {row.member for row in rows if len({*row.params.get("sources", "").split(",")} - {""}) >= TWO_SOURCES}


def nobody_is_alive(row: Review) -> bool:
    """Whether nobody is alive who could hold the benefit."""
    check = row.check_ordered
    dead = dead_of(check) if check else set()
    adults = row.application.members.filter(born_on__lte=guards.adult_if_born_by(workdays.today()))
    declared = {person.key for person in assessing.declared_of(check).persons} if check else set()
    living = {member.key for member in adults} & declared
    return bool(dead) and living <= dead


def _outcome(row: Review) -> str:
    conclusion: Conclusion | None = getattr(row.check_ordered, "conclusion", None)
    return conclusion.outcome if conclusion else ""


def _locked(review: Review) -> Review:
    row = self_reports.locked(review)
    if row.tenancy is not None:
        row.tenancy = tenancies.locked(row.tenancy)
    return row


def _require(row: Review, move: Move, by: Staff) -> None:
    """Ask before anything is done, so that the reason is that of the review."""
    if reason := why_not(row, move, by):
        raise (NotAllowedError if reason.forbidden else MoveRefusedError)(reason.text, move=move.name)


def _decide(row: Review, move: Move, note: str, by: Staff) -> None:
    row.decided_by, row.decided_on = by, workdays.today()
    row.save(update_fields=["decided_by", "decided_on", "amount_before", "amount_after", "exit"])
    lifecycle.make_move(row, move, by=by, note=note)


def _given(reason: str) -> str:
    if not reason.strip():
        raise UnfitDataError(_("Give the reason."), {"reason": [_("Give the reason.")]})
    return reason.strip()
