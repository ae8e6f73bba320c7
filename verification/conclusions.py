"""A person concludes from an assessed check:
fit, unfit on a confirmed finding, or incomplete; the numbered report follows (A8).
"""

from typing import Any

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from bureau import letter_data, lifecycle
from bureau.errors import MoveRefusedError, UnfitDataError
from bureau.models import Staff
from verification import assessing, moves, reports, wording
from verification.models import Assessment, Check, Conclusion, Finding

Outcome = Conclusion.Outcome


@transaction.atomic
def conclude(check: Check, *, outcome: str, opinion: str, by: Staff) -> Conclusion:
    """Conclude, and write the report. Raises `MoveRefusedError` when the assessment does not carry the outcome."""
    if not opinion.strip():
        raise UnfitDataError(_("Write your opinion."), {"opinion": [_("Write your opinion.")]})
    if outcome not in Outcome.values:
        raise UnfitDataError(_("Choose a conclusion."), {"outcome": [_("Choose a conclusion.")]})
    lifecycle.make_move(check, moves.CONCLUDE, by=by, note=opinion.strip(), outcome=outcome)
    if waits := moves.answers_are_heard(check, by):
        raise MoveRefusedError(waits)
    assessment = check.assessments.order_by("-version")[0]
    conclusion = Conclusion(
        check_ordered=check,
        assessment=assessment,
        outcome=outcome,
        opinion=opinion.strip(),
        decisive_finding=_decisive(check, assessment, outcome),
        by=by,
    )
    conclusion.report = reports.write(conclusion, by=by)
    conclusion.save(force_insert=True)
    reports.supersede_by(conclusion)
    return conclusion


def obstacle(check: Check, assessment: Assessment, outcome: str) -> str | None:
    """Why the assessment does not carry the outcome, or None. Incomplete may always be concluded."""
    if outcome == Outcome.UNFIT and not (assessment.proposed == Outcome.UNFIT and _grounds(check, assessment)):
        return _("Unfit needs a failed criterion and a confirmed finding behind it.")
    if outcome == Outcome.FIT and assessment.proposed != Outcome.FIT:
        return _("Fit needs every criterion met and every required answer in.")
    return None


def _decisive(check: Check, assessment: Assessment, outcome: str) -> Finding | None:
    """The confirmed finding that an unfit conclusion rests on; the others must be what the assessment carries."""
    if reason := obstacle(check, assessment, outcome):
        raise MoveRefusedError(reason)
    return _grounds(check, assessment)[0] if outcome == Outcome.UNFIT else None


def _grounds(check: Check, assessment: Assessment) -> list[Finding]:
    """The confirmed findings behind a failed criterion, the weightiest first; only those that this assessment holds."""
    failed = {criterion["name"] for criterion in failed_of(assessment)}
    held = {mark for finding in assessing.result_of(assessment).comparison.findings for mark in finding.marks}
    confirmed = check.findings.confirmed().filter(marks__overlap=list(held))
    return [finding for finding in confirmed if failed & set(finding.supports)]


def failed_of(assessment: Assessment) -> list[dict[str, Any]]:
    """The failed criteria as plain values: name, value, limit, operator, unit, reason, params, article.

    One whose finding a person dismissed does not count as failed.
    """
    comparison = assessing.result_of(assessment).comparison
    failed = [each for each in comparison.criteria if f"{each.name}.failed" in comparison.reasons]
    return [msgspec.to_builtins(criterion) for criterion in failed]


def failed_criteria(conclusion: Conclusion) -> list[dict[str, Any]]:
    """The failed criteria that a conclusion rests on."""
    return failed_of(conclusion.assessment)


def standard_name(conclusion: Conclusion) -> str:
    """The standard that was applied, as letters name it."""
    return conclusion.assessment.standard.name


def criteria_for_letter(conclusion: Conclusion) -> tuple[letter_data.Criterion, ...]:
    """Every criterion in words, for approval and report."""
    criteria = assessing.result_of(conclusion.assessment).comparison.criteria
    return tuple(wording.criterion_for_letter(criterion) for criterion in criteria)
