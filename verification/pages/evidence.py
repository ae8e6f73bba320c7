"""The evidence behind a figure: which request, when it was answered, as of when, by which digest it is found again."""

from typing import Any

from verification import wording
from verification.facts import Evidence, ReplyMode
from verification.models import LIST_SERIES
from verification.pages.household import Read
from verification.statement import Line


def evidence_of(
    evidence: Evidence, found: Read, names: dict[str, str], line: Line | None = None, *, tells_all: bool = True
) -> dict[str, Any]:
    """What stands behind what a source said, or behind one line of it.

    Without `tells_all` it leaves out the key of the record, which may be a number of a person or of an account, and who
    answered at a department.
    """
    data_date = (line.data_date if line else None) or evidence.data_date
    return {
        "summary": data_date.isoformat() if data_date else wording.NO_DAY,
        "source": names.get(evidence.source, evidence.source),
        "request_number": evidence.request_number,
        "replied_at": evidence.replied_at,
        "data_date": data_date,
        "record_key": line.record_key if line and tells_all else "",
        "digest": evidence.digest,
        "mode": _by_hand(evidence, line.person if line else "", found, tells_all=tells_all),
    }


def _by_hand(evidence: Evidence, person: str, found: Read, *, tells_all: bool) -> str:
    """On which request list an answer came, and who gave it; empty for one that came over the wire."""
    if not evidence.request_number.startswith(LIST_SERIES):
        return ""
    said = [reply for heard in found.inputs.heard if heard.source == evidence.source for reply in heard.replies]
    operator = next((reply.operator for reply in said if reply.person == person), "") if tells_all else ""
    return wording.mode_words(ReplyMode.MANUAL, evidence.request_number, operator)
