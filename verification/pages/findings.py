"""The findings of a check: those that a person still has to settle, who has settled the others and why, also before."""

from typing import Any

from bureau.models import Staff
from bureau.roles import Role
from verification import wording
from verification.models import Check, Finding
from verification.pages.earlier import Earlier
from verification.pages.forms import ConfirmForm, DismissForm
from verification.pages.household import Read, Told, told_of
from verification.wording.settled import taken_back
from verification.wording.terms import source_name

State = Finding.State


def findings_context(check: Check, staff: Staff, told: Told | None = None) -> dict[str, Any]:
    """`settling`: findings in words, open, settled and dismissed in earlier checks, the forms for who may settle."""
    told = told or told_of(check)
    found, names = told.found, told.sources
    rows = list(check.findings.exclude(state=State.LAPSED).select_related("settled_by", "reopening__by"))
    earlier = Earlier(check)
    shown = [describe(row, found, names) | {"earlier": earlier.beside(row)} for row in rows]
    can_settle = check.status == Check.Status.ASSESSED and staff.has_role(Role.CHECK_OFFICER, check.office_code)
    return {
        "settling": {
            "check": check,
            "open": [each for each in shown if each["row"].state == State.OPEN],
            "settled": [each for each in shown if each["row"].state != State.OPEN],
            "before": earlier.dismissed(rows, found.members if found else {}, names),
            "can_settle": can_settle,
            "kept_back": [names.get(code, code) for code in found.result.statement.completeness.in_doubt]
            if found
            else [],
        }
    }


def describe(row: Finding, found: Read | None, names: dict[str, str]) -> dict[str, Any]:
    """One finding in words with its evidence and its two forms, told apart by prefix."""
    members = found.members if found else {}
    proposed = next((each for each in _proposed(found) if {row.fingerprint, *row.marks} & {*each.marks}), None)
    return {
        "row": row,
        "name": wording.finding_name(row.kind),
        "member": members.get(row.member, ""),
        "text": wording.finding_text(row.kind, row.params, names=names),
        "taken_back": taken_back(row),
        "source": source_name(row.source_code, names),
        "supports": [_criterion_name(name, found) for name in row.supports],
        "evidence": [
            {
                "source": names.get(each.source, each.source),
                "request_number": each.request_number,
                "replied_at": each.replied_at,
                "data_date": each.data_date,
                "digest": each.digest,
            }
            for each in (proposed.evidence if proposed else ())
        ],
        "confirm_form": ConfirmForm(prefix=f"confirm-{row.pk}"),
        "dismiss_form": DismissForm(prefix=f"dismiss-{row.pk}"),
    }


def _criterion_name(name: str, found: Read | None) -> str:
    criterion = found.result.comparison.criterion(name) if found else None
    return wording.criterion_name(name, criterion.unit if criterion else "")


def _proposed(found: Read | None) -> Any:
    return found.result.comparison.findings if found else ()
