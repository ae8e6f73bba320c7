"""The household objects to the result of its check: taken in at its window, answered by the check centre, taken up.

Nothing is decided meanwhile, a notice does not end, and the clock of the decision stands still. Where the household was
checked again and the objection was upheld, or the conclusion is another, the case is decided anew, even if refused.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications import deadlines, guards, moves, publicity
from applications.models import Application
from bureau import lifecycle, masks, workdays
from bureau.errors import MoveRefusedError, UnfitDataError
from bureau.models import Staff
from bureau.moves import why_not
from verification import objections
from verification.models import Objection

SWEEP_SIZE = 200


@transaction.atomic
def object_to_result(
    case: Application,
    *,
    grounds: str,
    lines: Sequence[int],
    proofs: Sequence[tuple[str, "UploadedFile[Any]"]],
    received_on: date,
    by: Staff,
) -> Objection:
    """Take the objection in, within the term from the day on which the household received the result."""
    lifecycle.make_move(case, moves.OBJECT, by=by, note=grounds.strip())
    assert case.current_check is not None  # noqa: S101 -- a case in these states has been checked
    _require_in_time(case, received_on)
    procedure = deadlines.procedure_on(case.accepted_on or received_on)
    objection = objections.receive(
        case.current_check,
        grounds=grounds,
        lines=lines,
        proofs=proofs,
        result_on=received_on,
        due_on=workdays.add_workdays(workdays.today(), procedure.recheck_days),
        department_days=procedure.department_days,
        by=by,
    )
    if case.status == Application.Status.CHECKED:
        case.due_on = None
        case.save(update_fields=["due_on"])
    return objection


def _require_in_time(case: Application, received_on: date) -> None:
    told_on, today = guards.result_told_on(case), workdays.today()
    last = guards.last_day_to_object(case, received_on)
    problem = ""
    if told_on is not None and received_on < told_on:
        problem = _("The result went out on %(day)s; it cannot have been received before.") % {"day": told_on}
    elif received_on > today:
        problem = _("This day lies in the future.")
    elif last < today:
        problem = _("The term to object ended on %(day)s.") % {"day": last}
    if problem:
        raise UnfitDataError(problem, {"received_on": [problem]})


def take_up_due() -> int:
    """The sweep: cases to be decided anew after an objection, and those that go on as they were; returns how many."""
    due = Application.objects.to_decide_anew().order_by("pk").values_list("pk", flat=True)
    taken = sum(_decide_anew(pk) for pk in due[:SWEEP_SIZE])
    return taken + sum(_go_on(pk) for pk in Application.objects.halted().values_list("pk", flat=True)[:SWEEP_SIZE])


def why_waiting(case: Application) -> str:
    """Why a case that is to be decided anew is not taken up yet, names masked; empty where nothing is in its way."""
    if not Application.objects.to_decide_anew().filter(pk=case.pk).exists():
        return ""
    reason = why_not(case, moves.TAKE_UP_RECHECK, None)
    if reason is None:
        return ""
    return masks.names(str(reason.text), case.members.values_list("name", flat=True))


def _decide_anew(case_id: int) -> int:
    try:
        with transaction.atomic():
            case = _locked(case_id)
            if case is None:
                return 0
            answered = Objection.objects.get(check_ordered=case.current_check, status=Objection.Status.ANSWERED)
            lifecycle.make_move(case, moves.TAKE_UP_RECHECK, by=None, note=answered.number, also=deadlines.with_clock)
            case.decisions.filter(superseded_at=None).update(superseded_at=timezone.now())
            publicity.take_down(case)
            case.current_check = answered.recheck
            case.save(update_fields=["current_check"])
    except MoveRefusedError:
        return 0  # a member applies elsewhere meanwhile; the pages say so (why_waiting)
    return 1


def _locked(case_id: int) -> Application | None:
    """The case, if it is still to be decided anew and no other worker's sweep has it."""
    rows = Application.objects.to_decide_anew().filter(pk=case_id).select_for_update(of=("self",), skip_locked=True)
    return rows.first()


@transaction.atomic
def _go_on(case_id: int) -> int:
    """The decision is due again: the objection was withdrawn, or answered without a new check."""
    case = Application.objects.halted().filter(pk=case_id).select_for_update(of=("self",), skip_locked=True).first()
    if case is None:
        return 0
    case.save(update_fields=deadlines.with_clock(case))
    return 1
