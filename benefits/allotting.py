"""The waiting list: register who was approved for a home, offer one in turn, take the answer."""

from datetime import date

import msgspec
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications import closing
from applications.models import Application, Member
from benefits import letters_out, moves, waiting
from benefits.models import AllotmentPolicy, Home, Offer, Turn
from bureau import numbers, timeline, workdays
from bureau.errors import MoveRefusedError, NotAllowedError, UnfitDataError
from bureau.lifecycle import make_move
from bureau.models import Staff
from bureau.moves import Move
from bureau.roles import Role
from verification.facts import Declared

TURN = "LH"  # 轮候: how numbers begin
SWEEP = 500


def policy_on(day: date) -> AllotmentPolicy:
    """The policy in force. Raises `UnfitDataError` when there is none."""
    found = AllotmentPolicy.objects.filter(effective_from__lte=day).order_by("-effective_from").first()
    if found is None:
        raise UnfitDataError(_("No allotment policy is in force. An administrator enters one."))
    return found


def register_due() -> int:
    """The sweep: a place for every household that was approved for a home and has none; returns how many."""
    due = Application.objects.filter(
        kind=Application.Kind.PUBLIC_RENTAL, status=Application.Status.APPROVED, turn=None
    ).select_related("declaration")
    return sum(_register(case) for case in due.order_by("status_since", "pk")[:SWEEP])


def _register(case: Application) -> int:
    try:
        with transaction.atomic():
            register(case)
    except IntegrityError as error:
        if "application_id" not in str(error):
            raise
        return 0  # another sweep was faster
    return 1


def register(case: Application) -> Turn:
    """The place of an approved household, by the policy of its day of approval."""
    approved_on = timezone.localtime(case.status_since).date()
    policy = policy_on(approved_on)
    assert case.declaration is not None  # noqa: S101 -- a constraint of what has been submitted
    declared = msgspec.json.decode(case.declaration.content, type=Declared)
    born = [row.born_on for row in Member.objects.filter(application=case)]
    groups = waiting.groups_of(declared, born, on=approved_on)
    turn = Turn.objects.create(
        number=numbers.reference(TURN, on=workdays.today()),
        application=case,
        office_code=case.office_code,
        approved_on=approved_on,
        registered_on=workdays.today(),
        policy=policy,
        groups=[code for code in policy.groups if code in groups],
        rank=waiting.rank_of(groups, policy.groups),
        persons=case.household_size,
        rooms=waiting.rooms_for(case.household_size),
    )
    timeline.record(turn, "registered", by=None)
    return turn


@transaction.atomic
def offer(turn: Turn, home: Home, *, by: Staff, reason: str = "") -> Offer:
    """Offer a vacant home. Whoever stands before them in the order is passed over with a reason only.

    Raises `MoveRefusedError` when the home is not vacant any more or somebody stands before them, `UnfitDataError` for
    a home that is too small.
    """
    policy = policy_on(workdays.today())
    make_move(turn, moves.OFFER, by=by, note=reason.strip())
    if home.rooms < turn.rooms:
        raise UnfitDataError(_("This home has too few rooms for a household of %(n)s.") % {"n": turn.persons})
    if not reason.strip() and (first := Turn.objects.before(turn).in_order().first()):
        raise MoveRefusedError(
            # Translators: %(number)s 排在前面；如需越过，请说明理由。
            _("%(number)s stands before this household. Offer it the home first, or say why not.") % {"number": first}
        )
    try:
        make_move(home, moves.HOLD, by=None, note=turn.number)
    except MoveRefusedError:
        raise MoveRefusedError(_("This home is not vacant any more; choose another.")) from None
    row = Offer.objects.create(
        turn=turn,
        home=home,
        offered_on=workdays.today(),
        answer_by=workdays.add_workdays(workdays.today(), policy.answer_days),
        by=by,
    )
    row.letter = letters_out.offer(row, refusals=policy.refusals, by=by)
    row.save(update_fields=["letter"])
    return row


@transaction.atomic
def refuse(offer: Offer, *, reason: str, by: Staff) -> None:
    """The household does not take the home; it waits on, until it has refused as often as the policy lets it."""
    if not reason.strip():
        raise UnfitDataError(_("Write down why the household refuses the home."))
    _need(by, offer.turn, Role.CLERK, Role.HOUSING_OFFICER)
    row = answered(offer, Offer.Answer.REFUSED, by=by, reason=reason.strip())
    _go_on_without(row)


@transaction.atomic
def take_back(offer: Offer, *, reason: str, by: Staff) -> None:
    """The office takes an offer back, for example because the home was damaged; it does not count as refused."""
    if not reason.strip():
        raise UnfitDataError(_("Give the reason."))
    _need(by, offer.turn, Role.HOUSING_OFFICER)
    row = answered(offer, Offer.Answer.TAKEN_BACK, by=by, reason=reason.strip())
    make_move(row.home, moves.FREE, by=None)
    make_move(row.turn, moves.WAIT_ON, by=None, note=reason.strip())


@transaction.atomic
def give_up(turn: Turn, *, reason: str, by: Staff) -> None:
    """The household does not want to wait any longer; it may apply anew."""
    _end(turn, moves.GIVE_UP, reason, by)


@transaction.atomic
def fall_out(turn: Turn, *, reason: str, by: Staff) -> None:
    """A household that waits is no longer fit, as an officer has found; the reason is written down."""
    _end(turn, moves.FALL_OUT, reason, by)


def _end(turn: Turn, move: Move, reason: str, by: Staff) -> None:
    if not reason.strip():
        raise UnfitDataError(_("Give the reason."))
    make_move(turn, move, by=by, note=reason.strip())
    closing.close(turn.application, why=turn.number)


def lapse_due() -> int:
    """The sweep: offers that nobody has answered by their last day count as refused; returns how many."""
    due = Offer.objects.filter(answer=Offer.Answer.OPEN, answer_by__lt=workdays.today()).order_by("pk")
    return sum(_lapse(row) for row in due[:SWEEP])


@transaction.atomic
def _lapse(offer: Offer) -> int:
    try:
        row = answered(offer, Offer.Answer.LAPSED, by=None)
    except MoveRefusedError:
        return 0  # answered meanwhile
    _go_on_without(row)
    return 1


def answered(offer: Offer, answer: Offer.Answer, *, by: Staff | None, reason: str = "") -> Offer:
    """Write the answer, once, under the lock of the place. Raises `MoveRefusedError` when there is one already."""
    turn = Turn.objects.select_for_update(of=("self",)).get(pk=offer.turn_id)
    row: Offer = Offer.objects.select_related("home").get(pk=offer.pk)
    row.turn = turn
    if row.answer != Offer.Answer.OPEN:
        raise MoveRefusedError(_("This offer has been answered already."))
    if by is not None and (refused := moves.no_relative_of(turn, by)):
        raise MoveRefusedError(refused)
    row.answer, row.answered_on, row.reason = answer, workdays.today(), reason
    row.save(update_fields=["answer", "answered_on", "reason"])
    return row


def _go_on_without(offer: Offer) -> None:
    make_move(offer.home, moves.FREE, by=None)
    refused = offer.turn.offers.filter(answer__in=[Offer.Answer.REFUSED, Offer.Answer.LAPSED]).count()
    gone = refused >= policy_on(offer.offered_on).refusals
    make_move(offer.turn, moves.GAVE_UP if gone else moves.WAIT_ON, by=None, note=offer.reason)
    if gone:
        closing.close(offer.turn.application, why=offer.turn.number)


def _need(by: Staff, turn: Turn, *roles: Role) -> None:
    if not any(by.has_role(role, turn.office_code) for role in roles):
        raise NotAllowedError(_("Your posting does not include this work."))
