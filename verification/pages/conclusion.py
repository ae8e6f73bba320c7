"""What the machine proposes, what a person may conclude from it and why not, and what was concluded."""

from typing import Any

from bureau.models import Staff
from bureau.moves import why_not
from bureau.roles import Role
from verification import conclusions, moves, wording
from verification.models import Check, Conclusion
from verification.pages.forms import ConcludeForm
from verification.pages.household import Read, Told, told_of

TONES = {"fit": "success", "unfit": "danger", "incomplete": "warning"}


def conclusion_context(
    check: Check, staff: Staff, form: ConcludeForm | None = None, told: Told | None = None
) -> dict[str, Any]:
    """`concluding`: the proposal with its reasons, the outcomes that are possible now, the conclusion once there."""
    told = told or told_of(check)
    found = told.found
    if found is None:
        return {"concluding": None}
    conclusion = Conclusion.objects.filter(check_ordered=check).select_related("by", "report__superseded_by").first()
    outcomes = [] if conclusion else outcomes_of(check, found, staff)
    refusals = list(dict.fromkeys(each["why_not"] for each in outcomes))
    is_officer = staff.has_role(Role.CHECK_OFFICER, check.office_code)
    proposed = found.result.comparison.proposed
    return {
        "concluding": {
            "check": check,
            "row": found.row,
            "proposed": proposed,
            "tone": TONES[proposed],
            "reasons": reasons_of(found, told.sources),
            "cautions": wording.cautions(found.result.statement.completeness, told.sources),
            "conclusion": conclusion,
            "decisive": _decisive(conclusion, found) if conclusion else "",
            "outcomes": outcomes,
            "why_none": refusals[0] if len(refusals) == 1 else "",
            "can_conclude": is_officer and check.status == Check.Status.ASSESSED,
            "form": form or ConcludeForm(possible=[each["value"] for each in outcomes if not each["why_not"]]),
        }
    }


def outcomes_of(check: Check, found: Read, staff: Staff) -> list[dict[str, str]]:
    """The three outcomes, each with the reason why it cannot be concluded now, or an empty text."""
    reason = why_not(check, moves.CONCLUDE, staff)
    return [
        {
            "value": value,
            "label": str(label),
            "why_not": str(reason.text if reason else conclusions.obstacle(check, found.row, value) or ""),
        }
        for value, label in Conclusion.Outcome.choices
    ]


def reasons_of(found: Read, names: dict[str, str]) -> list[str]:
    """Why the machine proposes what it proposes, in sentences."""
    return [
        wording.proposal_reason(code, found.result.comparison.criteria, names=names, members=found.members)
        for code in found.result.comparison.reasons
    ]


def _decisive(conclusion: Conclusion, found: Read) -> str:
    finding = conclusion.decisive_finding
    if finding is None:
        return ""
    return wording.finding_text(finding.kind, finding.params, member=found.members.get(finding.member, ""))
