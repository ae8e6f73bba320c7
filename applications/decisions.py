"""The housing officer decides on a concluded check: grant and publish, refuse, or have it checked again."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications import deadlines, letters_out, moves, publicity
from applications.models import Application, Decision
from bureau import lifecycle
from bureau.errors import UnfitDataError
from bureau.models import Staff
from verification import conclusions


@transaction.atomic
def grant(case: Application, *, by: Staff, opinion: str) -> Decision:
    """Intend to grant, and put the masked public notice up;
    the approval follows by itself when the notice has run its days.
    """
    lifecycle.make_move(case, moves.PUBLISH, by=by, note=_words(opinion), also=deadlines.with_clock)
    decision = _decide(case, Decision.Outcome.GRANT, by=by, opinion=opinion, reasons=[])
    publicity.put_up(case, by=by)
    return decision


@transaction.atomic
def refuse(case: Application, *, by: Staff, opinion: str) -> Decision:
    """Refuse on a conclusion of unfit;
    the letter names every failed criterion in words and what the household can do.
    """
    lifecycle.make_move(case, moves.REFUSE, by=by, note=_words(opinion), also=deadlines.with_clock)
    assert case.current_check is not None  # noqa: S101 -- REFUSE needs its conclusion
    decision = _decide(
        case,
        Decision.Outcome.REFUSE,
        by=by,
        opinion=opinion,
        reasons=conclusions.failed_criteria(case.current_check.conclusion),
    )
    decision.letter = letters_out.refusal(case, decision, by=by)
    decision.save(update_fields=["letter"])
    return decision


@transaction.atomic
def have_checked_again(case: Application, *, by: Staff, reason: str) -> None:
    """After an incomplete check or an upheld objection:
    back to the check centre; the earlier decision is kept as superseded.
    """
    lifecycle.make_move(case, moves.RECHECK, by=by, note=_words(reason), also=deadlines.with_clock)
    case.decisions.filter(superseded_at=None).update(superseded_at=timezone.now())
    publicity.take_down(case)


def _decide(
    case: Application, outcome: Decision.Outcome, *, by: Staff, opinion: str, reasons: list[dict[str, Any]]
) -> Decision:
    assert case.current_check is not None  # noqa: S101 -- PUBLISH and REFUSE need its conclusion
    return Decision.objects.create(
        application=case,
        conclusion=case.current_check.conclusion,
        outcome=outcome,
        opinion=opinion.strip(),
        reasons=reasons,
        by=by,
    )


def _words(text: str) -> str:
    if not text.strip():
        raise UnfitDataError(_("Write your opinion."), {"opinion": [_("Write your opinion.")]})
    return text.strip()
