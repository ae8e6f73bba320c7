"""The household's copy of its statement (核对结果告知): the same page of the assessment that was concluded, masked."""

from typing import Any

from verification import conclusions, wording
from verification.models import Conclusion
from verification.pages.household import read_assessment
from verification.pages.readers import Member
from verification.pages.statement import statement_of


def copy_context(conclusion: Conclusion, *, recipient: str, agreed: frozenset[str]) -> dict[str, Any]:
    """`statement` as the recipient is shown it, `failed` the figures by which the conclusion is unfit, `result`.

    Nothing in it says who at the bureau or at a department did what, nor what officers wrote of the household.
    """
    found = read_assessment(conclusion.assessment)
    shown = statement_of(found, Member(found, recipient, agreed), wording.source_names())
    failed = {each["name"] for each in conclusions.failed_criteria(conclusion)}
    figures = [figure for section in shown["sections"] for figure in section["figures"]]
    return {
        "statement": shown | {"check": conclusion.check_ordered, "changes": None},
        "failed": [figure for figure in figures if figure["code"] in failed],
        "result": {
            "outcome": conclusion.outcome,
            "on": conclusion.at,
            "check": conclusion.check_ordered.number,
        },
    }
