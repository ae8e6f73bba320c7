"""What the check's pages and the check tabs of a case show; each context has one key, so that they go side by side.

`progress_context` -> progress, `statement_context` -> statement, `findings_context` -> settling,
`conclusion_context` -> concluding: for the parts `_progress.html`, `_statement.html`, `_findings.html`,
`_conclusion.html` under templates/verification. `copy_context` is the statement as the household is shown it. The
caller has found the check in scope and writes down the look.
"""

from verification.pages.conclusion import conclusion_context
from verification.pages.copies import copy_context
from verification.pages.findings import findings_context
from verification.pages.progress import progress_context
from verification.pages.statement import statement_context

__all__ = ["conclusion_context", "copy_context", "findings_context", "progress_context", "statement_context"]
