"""What the check's pages and the check tabs of a case show; each context has one key, so that they go side by side.

`progress_context` -> progress, `statement_context` -> statement, `findings_context` -> settling,
`conclusion_context` -> concluding, `result_context` -> the last three from one reading, `check_context` -> all four:
for the parts `_progress.html`, `_statement.html`, `_findings.html`, `_conclusion.html` under templates/verification.
`copy_context` is the statement as the household is shown it. The caller has found the check in scope and writes down
the look.
"""

from typing import Any

from bureau.models import Staff
from verification.models import Check
from verification.pages.conclusion import conclusion_context
from verification.pages.copies import copy_context
from verification.pages.findings import findings_context
from verification.pages.household import Told, told_of
from verification.pages.progress import progress_context
from verification.pages.statement import statement_context

__all__ = [
    "check_context",
    "conclusion_context",
    "copy_context",
    "findings_context",
    "progress_context",
    "result_context",
    "statement_context",
]


def result_context(check: Check, staff: Staff) -> dict[str, Any]:
    """The statement, the findings and the conclusion of a check."""
    return _result(check, staff, told_of(check))


def check_context(check: Check, staff: Staff) -> dict[str, Any]:
    """The progress of a check and its result."""
    told = told_of(check)
    return progress_context(check, staff, told) | _result(check, staff, told)


def _result(check: Check, staff: Staff, told: Told) -> dict[str, Any]:
    return (
        statement_context(check, staff, told)
        | findings_context(check, staff, told)
        | conclusion_context(check, staff, told=told)
    )
