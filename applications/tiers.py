"""The street, district and city desks:
forward, return for correction, reject, each with a written opinion (clause A2).
"""

from django.db import transaction
from django.utils.translation import gettext as _

from applications import deadlines, guards, letters_out, moves
from applications.models import Application, Opinion
from bureau import lifecycle
from bureau.errors import UnfitDataError
from bureau.locking import lock
from bureau.models import Staff
from bureau.moves import Move


@transaction.atomic
def forward(case: Application, *, by: Staff, opinion: str) -> Opinion:
    """The desk agrees and hands the case one tier up."""
    return _opine(case, moves.FORWARD, Opinion.Outcome.FORWARD, by=by, text=opinion)


@transaction.atomic
def return_for_correction(case: Application, *, by: Staff, opinion: str) -> Opinion:
    """The desk asks the household to correct or complete; the desk's clock stands still meanwhile."""
    lock(case)
    deadlines.pause_clock(case)
    before = case.status
    written = _opine(case, moves.RETURN, Opinion.Outcome.RETURN, by=by, text=opinion)
    case.returned_to = before
    case.save(update_fields=["returned_to"])
    letters_out.return_notice(case, written, by=by)
    return written


@transaction.atomic
def reject(case: Application, *, by: Staff, opinion: str, ground: str = "") -> Opinion:
    """The desk ends the case on what the household itself declared; a letter says why and what can be done.

    `ground` is one of `grounds.GROUNDS`, which heads the letter; any other is the desk's own.
    """
    written = _opine(case, moves.REJECT, Opinion.Outcome.REJECT, by=by, text=opinion)
    letters_out.rejection(case, written, ground=ground, by=by)
    return written


def _opine(case: Application, move: Move, outcome: Opinion.Outcome, *, by: Staff, text: str) -> Opinion:
    if not text.strip():
        raise UnfitDataError(_("Write your opinion."), {"opinion": [_("Write your opinion.")]})
    before = lifecycle.make_move(case, move, by=by, note=text, also=deadlines.with_clock)
    tier = Application.tier_of(before)
    seat = guards.seat_at(tier, case.office_code, by)
    assert seat is not None  # noqa: S101 -- the desk moves need it
    assert case.declaration_id is not None  # noqa: S101 -- a constraint of the table
    return Opinion.objects.create(
        application=case,
        declaration_id=case.declaration_id,  # what was declared need not be opened for it
        tier=tier,
        office=seat.office,
        by=by,
        outcome=outcome,
        text=text.strip(),
    )
