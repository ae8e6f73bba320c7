"""Rounds: open, fill in sets, pause, go on, close, cancel.

A higher floor fills a round with its households (`add`, `filled`); asking and assessing are the same as for one check.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau import lifecycle, numbers, timeline
from bureau.errors import NotAllowedError, UnfitDataError
from bureau.models import Staff
from bureau.roles import Role
from verification import canaries, holding, moves, orders, round_moves
from verification.models import Check, Inquiry, Round

PREFIX = "PC"  # 批次


@transaction.atomic
def open_round(name: str, population: Mapping[str, Any], *, by: Staff | None, office_code: str = orders.CITY) -> Round:
    """A new round, running and still empty; a source is tried with control persons first. `by` None: the calendar."""
    if by is not None and not by.has_role(Role.CHECK_OFFICER, office_code):
        raise NotAllowedError(_("Your posting does not include this work."))
    if not name.strip():
        raise UnfitDataError(_("Give the round a name."), {"name": [_("Give the round a name.")]})
    found = Round.objects.create(
        number=numbers.reference(PREFIX, on=timezone.localdate()),
        name=name.strip(),
        population=dict(population),
        office_code=office_code,
        opened_by=by,
    )
    timeline.record(found, "opened", by=by)
    canaries.plan(found)
    return found


@transaction.atomic
def locked(round_id: int) -> Round | None:
    """The round, its row locked for the caller's transaction while it is still to be filled; else None."""
    return Round.objects.to_fill().select_for_update(of=("self",)).filter(pk=round_id).first()


@transaction.atomic
def add(found: Round, many: Sequence[orders.Order]) -> list[Check]:
    """Order the checks of these households in the round, as one set."""
    checks = orders.place_many(many, by=found.opened_by, queue="rounds", within=found)
    Round.objects.filter(pk=found.pk).update(households=F("households") + len(checks))
    return checks


def filled(found: Round) -> None:
    """The last household of the population has been ordered."""
    Round.objects.filter(pk=found.pk, filled_at=None).update(filled_at=timezone.now())
    found.refresh_from_db(fields=["filled_at", "households"])


@transaction.atomic
def pause(found: Round, *, by: Staff, reason: str) -> None:
    """Nothing more is asked; what is out comes in. Single checks are not touched."""
    lifecycle.make_move(found, round_moves.PAUSE, by=by, note=holding.given(reason))


@transaction.atomic
def resume(found: Round, *, by: Staff) -> None:
    """Go on where it stopped."""
    lifecycle.make_move(found, round_moves.RESUME, by=by)
    holding.wake(found)


@transaction.atomic
def close(found: Round, *, by: Staff) -> None:
    """The round is done: nothing in it is open any more."""
    lifecycle.make_move(found, round_moves.CLOSE, by=by)


@transaction.atomic
def cancel(found: Round, *, by: Staff, reason: str) -> int:
    """Stop every check of the round that is not concluded; their cases go back. Returns how many were stopped."""
    lifecycle.make_move(found, round_moves.CANCEL, by=by, note=holding.given(reason))
    stopped = lifecycle.make_moves(Check.objects.of_round(found.pk), moves.DROP)
    Inquiry.objects.filter(check_ordered__in=stopped, state="open").update(
        state="cancelled", lease=None, lease_until=None
    )
    return len(stopped)
