"""The only writer of any status. Work modules call it;
nothing else does (import-linter and a house-rule test hold that).
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Case, QuerySet, Value, When
from django.utils import timezone

from bureau import timeline
from bureau.errors import MoveRefusedError, NotAllowedError
from bureau.locking import lock
from bureau.models import Staff
from bureau.moves import Move, why_not

Also = Callable[[Any], Sequence[str]]  # changes a subject in its new status; the names of the fields it changed


# Without a savepoint: a move that is refused ends the work that it was to be part of.
@transaction.atomic(savepoint=False)
def make_move(
    subject: Any, move: Move, *, by: Staff | None, note: str = "", also: Also | None = None, **facts: Any
) -> str:
    """Lock the subject, ask `why_not`, write the new status and its time, record it; returns the status before.

    `by` is None when the system acts. What `also` changes is written with the status. Raises `NotAllowedError` when
    this person never may, `MoveRefusedError` when not now; then nothing is written.
    """
    lock(subject)
    if reason := why_not(subject, move, by):
        raise (NotAllowedError if reason.forbidden else MoveRefusedError)(reason.text, move=move.name)
    before = subject.status
    subject.status = move.steps[before]
    subject.status_since = timezone.now()
    subject.save(update_fields=["status", "status_since", *(also(subject) if also else ())])
    office = (
        next(
            (by.office_for(role, subject.office_code) for role in move.who if by.has_role(role, subject.office_code)),
            None,
        )
        if by
        else None
    )
    timeline.record(subject, move.name, by=by, note=note, office=office, before=before, after=subject.status, **facts)
    return str(before)


def make_moves(subjects: QuerySet[Any], move: Move, *, by: Staff | None = None, note: str = "") -> Sequence[int]:
    """The system makes one move for a whole set, in one update: the ids that moved.

    Rows of another status are left alone. `by` is who had it done, for the timeline; the caller has asked whether that
    person may.
    """
    if move.who:
        raise NotAllowedError("Only the system's own moves are made in sets.")
    return _make_moves(subjects, move, by, note)


@transaction.atomic(savepoint=False)
def _make_moves(subjects: QuerySet[Any], move: Move, by: Staff | None, note: str) -> Sequence[int]:
    now = timezone.now()
    ids = list(
        subjects.filter(status__in=move.steps)
        .order_by("pk")
        .select_for_update(of=("self",))
        .values_list("pk", flat=True)
    )
    steps = [When(status=start, then=Value(end)) for start, end in move.steps.items()]
    subjects.model._default_manager.filter(pk__in=ids).update(status=Case(*steps), status_since=now)
    timeline.record_many(subjects.model, ids, move.name, by=by, note=note)
    return ids
