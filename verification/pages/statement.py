"""The statement as a waterfall: each figure with what was declared, what each source says, what is used, its line."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from bureau.models import Staff
from verification import wording
from verification.comparison import Difference, NearLine
from verification.facts import Evidence, Outcome, ReplyMode
from verification.figures import Criterion, Figure
from verification.models import LIST_SERIES, Check
from verification.pages.changes import changes_of
from verification.pages.household import Read, read
from verification.statement import Line
from verification.wording.criteria import criterion_distance, unit_of
from verification.wording.terms import SECTIONS

# What the lines of a section are counted in, and which criteria are judged from it.
UNITS = {
    "income": "cny",
    "homes": "m2",
    "vehicles": "vehicles",
    "assets": "cny",
    "business": "cny",
    "assistance": "benefits",
}
CRITERIA = {
    "household": ("residence", "single_age"),
    "income": ("income",),
    "homes": ("area",),
    "vehicles": ("vehicles", "vehicle_price"),
    "assets": ("assets",),
    "business": ("business",),
    "assistance": ("certificate", "one_benefit"),
}
TONES = {True: "success", False: "danger", None: "warning"}


def statement_context(check: Check, staff: Staff) -> dict[str, Any]:
    """`statement`: sections with criteria, differences and lines; completeness; None while nothing is assessed."""
    found = read(check)
    if found is None:
        return {"statement": None}
    names = wording.source_names()
    completeness = found.result.statement.completeness
    return {
        "statement": {
            "check": check,
            "row": found.row,
            "standard": found.inputs.standard,
            "sections": [_section(section, found, names) for section in SECTIONS],
            "completeness": wording.completeness_words(completeness),
            "cautions": wording.cautions(completeness, names),
            "is_complete": completeness.answered == completeness.asked,
            "missing": [names.get(code, code) for code in completeness.missing],
            "unanswered": list(_unanswered(found, names)),
            "changes": changes_of(check, names),
            "near": _near(found.result.near) if found.result.near else None,
        }
    }


def _section(section: str, found: Read, names: dict[str, str]) -> dict[str, Any]:
    comparison = found.result.comparison
    criteria = [criterion for name in CRITERIA[section] if (criterion := comparison.criterion(name))]
    differences = [each for each in comparison.differences if each.section == section]
    return {
        "code": section,
        "label": wording.section_name(section),
        "note": _period(section, found),
        "criteria": [_criterion(criterion, found, names) for criterion in criteria],
        "differences": [_difference(each, found.members) for each in differences],
        "is_in_order": all(each.met for each in criteria) and all(each.within for each in differences),
        "lines": [_line(line, found, names) for line in found.result.statement.lines_of(section)],
    }


def _period(section: str, found: Read) -> str:
    """Of when the figures are: income of whole months before the check, all else as of its day."""
    on = found.inputs.on
    if section != "income":
        # Translators: 截至 %(day)s
        return _("as of %(day)s") % {"day": on.isoformat()}
    test = found.inputs.standard.tier.income
    # Translators: 核对日前 %(months)s 个月
    return _("%(months)s whole months before %(day)s") % {"months": test.months if test else 12, "day": on.isoformat()}


def _criterion(criterion: Criterion, found: Read, names: dict[str, str]) -> dict[str, Any]:
    unit = unit_of(criterion.name, criterion.unit)
    return {
        "name": wording.criterion_name(criterion.name, criterion.unit),
        "value": wording.quantity(criterion.value, unit),
        "limit": wording.criterion_limit(criterion),
        "distance": criterion_distance(criterion),
        "article": criterion.article,
        "tone": TONES[criterion.met],
        # Translators: 符合 / 不符合 / 待判定
        "word": {True: _("Met"), False: _("Not met"), None: _("Open")}[criterion.met],
        "reason": wording.reason_words(criterion, names),
        "steps": _steps(criterion, found),
    }


def _steps(criterion: Criterion, found: Read) -> list[str]:
    name = {"one_benefit": "benefits"}.get(criterion.name, criterion.name)
    figure: Figure = getattr(found.result.statement.figures, name)
    return [wording.step_text(step, found.members.get(step.person, "")) for step in figure.steps]


def _difference(each: Difference, members: dict[str, str]) -> dict[str, Any]:
    more = each.difference > 0
    return {
        "item": each.item,
        "member": members.get(each.member, ""),
        "declared": wording.quantity(each.declared, each.unit),
        "found": wording.quantity(each.found, each.unit),
        "difference": wording.signed(each.difference, each.unit),
        "differs": not each.within,
        "tone": "success" if each.within else "danger" if more else "warning",
        # Translators: 少报 / 多报 / 容差内 / 一致
        "word": _("Found more")
        if not each.within and more
        else _("Declared more")
        if not each.within
        else _("Within tolerance")
        if each.difference
        else _("Agrees"),
    }


def _line(line: Line, found: Read, names: dict[str, str]) -> dict[str, Any]:
    evidence = found.result.statement.evidence.get(line.text.get("source", line.source))
    return {
        "number": line.number,
        "text": wording.line_text(line),
        "member": found.members.get(line.person, ""),
        "source": wording.source_name(line.source, names),
        "found": _found(line),
        "counted": _counted(line),
        "used": line.used,
        "reason": wording.line_reason(line),
        "caution": wording.line_caution(line, found.result.statement),
        "evidence": _evidence(evidence, line, found, names) if evidence else None,
    }


def _found(line: Line) -> str:
    parts = [wording.quantity(line.area, "m2")] if line.area is not None else []
    if line.section == "vehicles":  # one of them, at its price: in the unit in which it is counted
        parts.append(wording.quantity(1, "vehicles"))
    parts += [wording.quantity(line.amount, "cny")] if line.amount is not None else []
    return " · ".join(parts) or "--"


def _counted(line: Line) -> str:
    if line.section == "household":
        return _("Yes") if line.used else "--"
    return wording.quantity(line.counted, UNITS[line.section]) if line.used else "--"


def _evidence(evidence: Evidence, line: Line, found: Read, names: dict[str, str]) -> dict[str, Any]:
    data_date = line.data_date or evidence.data_date
    return {
        "summary": data_date.isoformat() if data_date else wording.NO_DAY,
        "source": names.get(evidence.source, evidence.source),
        "request_number": evidence.request_number,
        "replied_at": evidence.replied_at,
        "data_date": data_date,
        "record_key": line.record_key,
        "digest": evidence.digest,
        "mode": _by_hand(evidence, line, found),
    }


def _by_hand(evidence: Evidence, line: Line, found: Read) -> str:
    """On which request list an answer came, and who gave it; empty for one that came over the wire."""
    if not evidence.request_number.startswith(LIST_SERIES):
        return ""
    said = [reply for heard in found.inputs.heard if heard.source == evidence.source for reply in heard.replies]
    operator = next((reply.operator for reply in said if reply.person == line.person), "")
    return wording.mode_words(ReplyMode.MANUAL, evidence.request_number, operator)


def _unanswered(found: Read, names: dict[str, str]) -> Iterator[dict[str, str]]:
    """Every source and living member without an answer, and why."""
    statement = found.result.statement
    for source, outcomes in statement.completeness.outcomes.items():
        for member in statement.members:
            outcome = outcomes.get(member, Outcome.NOT_ASKED.value)
            if not Outcome(outcome).is_answer:
                yield {"source": names.get(source, source), "member": found.members.get(member, ""), "outcome": outcome}


def _near(near: NearLine) -> dict[str, Any]:
    """The criterion that one fact would turn."""
    return {
        "name": wording.criterion_name(near.criterion),
        "share": Decimal(near.share),
        "is_beyond": near.distance < 0,
        "line": near.line,
    }
