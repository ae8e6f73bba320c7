"""Commission a check from the check centre, and take up what it has concluded."""

import msgspec
from django.db import transaction

from applications import deadlines, moves
from applications.models import Application, Authorisation
from bureau import lifecycle
from bureau.errors import MoveRefusedError
from bureau.models import Staff
from bureau.moves import Move
from verification import orders
from verification.facts import Declared
from verification.models import Check


@transaction.atomic
def order(case: Application, *, by: Staff) -> Check:
    """The city check officer sends one order to all sources (clause A4).

    The declaration as it stands now is what is checked.
    """
    lifecycle.make_move(case, moves.ORDER, by=by)
    assert case.declaration is not None  # noqa: S101 -- a constraint of the table
    assert case.accepted_on is not None  # noqa: S101 -- likewise
    check = orders.place(
        orders.Order(
            subject=case.reference,
            purpose=case.kind,
            programme=case.kind,
            office_code=case.office_code,
            declared=msgspec.json.decode(case.declaration.content, type=Declared),
            grants=grants_of(case),
            accepted_on=case.accepted_on,
        ),
        by=by,
    )
    case.current_check = check
    case.save(update_fields=["current_check"])
    deadlines.start_clock(case)
    return check


def grants_of(case: Application) -> dict[str, orders.Grant]:
    """The live authorisations of the household that cover this application's purpose."""
    rows = Authorisation.objects.filter(application=case, ended_at=None, purposes__contains=[case.kind])
    return {row.member_key: orders.Grant(row.number, tuple(row.kinds), row.valid_to) for row in rows}


def take_up_due() -> int:
    """Move on every case whose check a person has concluded, or whose check was cancelled; returns how many."""
    cases = Application.objects.being_checked().select_related("current_check")
    concluded = [case for case in cases.filter(current_check__status="concluded")]
    cancelled = [case for case in cases.filter(current_check__status="cancelled")]
    for case, move in [(case, moves.TAKE_UP) for case in concluded] + [
        (case, moves.CHECK_FELL_THROUGH) for case in cancelled
    ]:
        _take_up(case, move)
    return len(concluded) + len(cancelled)


def _take_up(case: Application, move: Move) -> None:
    try:
        with transaction.atomic():
            lifecycle.make_move(case, move, by=None)
            deadlines.start_clock(case)
    except MoveRefusedError:
        return  # another worker's sweep, or a withdrawal, was faster
