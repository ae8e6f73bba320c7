"""The statement as a waterfall: each figure with what was declared, what each source says, what is used, its line."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from msgspec.structs import replace

from bureau.models import Staff
from verification import wording
from verification.comparison import Difference
from verification.facts import Outcome
from verification.models import Check
from verification.pages.changes import changes_of
from verification.pages.evidence import evidence_of
from verification.pages.household import Read, Told, told_of
from verification.pages.near import near_of
from verification.pages.readers import Reader
from verification.pages.waterfall import waterfall
from verification.statement import Line
from verification.wording.netting import others_together, standard_words
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


def statement_context(check: Check, staff: Staff, told: Told | None = None) -> dict[str, Any]:
    """`statement`: sections with figures, differences and lines; completeness; None while nothing is assessed."""
    told = told or told_of(check)
    if told.found is None:
        return {"statement": None}
    changes = {"check": check, "changes": changes_of(check, told.sources)}
    return {"statement": statement_of(told.found, Reader(told.found), told.sources) | changes}


def statement_of(found: Read, reader: Reader, names: dict[str, str]) -> dict[str, Any]:
    """The statement of one assessment as this reader is shown it. Whoever reads, the amounts are the same."""
    completeness = found.result.statement.completeness
    return {
        "row": found.row,
        "standard": found.inputs.standard,
        "standard_words": standard_words(found.inputs.standard),
        "sections": [_section(section, found, reader, names) for section in SECTIONS],
        "completeness": wording.completeness_words(completeness),
        "cautions": wording.cautions(completeness, names),
        "is_complete": completeness.answered == completeness.asked,
        "missing": [names.get(code, code) for code in completeness.missing],
        "unanswered": list(_unanswered(found, reader, names)),
        "is_copy": reader.is_household,
        "near": near_of(found.result, reader, names),
    }


def _section(section: str, found: Read, reader: Reader, names: dict[str, str]) -> dict[str, Any]:
    comparison = found.result.comparison
    criteria = [criterion for name in CRITERIA[section] if (criterion := comparison.criterion(name))]
    differences = [each for each in comparison.differences if each.section == section]
    return {
        "code": section,
        "label": wording.section_name(section),
        "note": _period(section, found),
        "figures": [waterfall(criterion, found, reader, names) for criterion in criteria],
        "differences": [_difference(each, reader) for each in _told_apart(differences, reader)],
        "is_in_order": all(each.met for each in criteria) and all(each.within for each in differences),
        "lines": [*_lines(section, found, reader, names)],
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


def _told_apart(differences: Sequence[Difference], reader: Reader) -> list[Difference]:
    """The differences that the reader is told one by one, and one that is the sum of the others."""
    apart = [each for each in differences if reader.is_told_apart(each.member)]
    others = [each for each in differences if not reader.is_told_apart(each.member)]
    if not others:
        return apart
    together = replace(
        others[0],
        member="",
        item=others_together(),
        declared=sum((each.declared for each in others), Decimal(0)),
        found=sum((each.found for each in others), Decimal(0)),
        difference=sum((each.difference for each in others), Decimal(0)),
        within=all(each.within for each in others),
    )
    return [*apart, together]


def _difference(each: Difference, reader: Reader) -> dict[str, Any]:
    more = each.difference > 0
    return {
        "item": reader.item(each) if each.member else each.item,
        "member": reader.member(each.member),
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


def _lines(section: str, found: Read, reader: Reader, names: dict[str, str]) -> Iterator[dict[str, Any]]:
    """The lines that the reader is told one by one, and the sum of the others, where they add up to something."""
    lines = found.result.statement.lines_of(section)
    yield from (_line(line, found, reader, names) for line in lines if reader.is_told_apart(line.person))
    others = [line for line in lines if not reader.is_told_apart(line.person)]
    if others and section in UNITS:
        told = [amount for line in others if (amount := _figure(line)) is not None]
        counted = [line.counted for line in others if line.used]
        yield {
            "number": "",
            "text": others_together(),
            "member": "",
            "source": "",
            "found": wording.quantity(sum(told, Decimal(0)), _unit(section)),
            "besides": "",
            "counted": wording.quantity(sum(counted, Decimal(0)), UNITS[section]),
            "used": bool(counted),
            "reason": "",
            "caution": "",
            "evidence": None,
        }


def _line(line: Line, found: Read, reader: Reader, names: dict[str, str]) -> dict[str, Any]:
    evidence = found.result.statement.evidence.get(line.text.get("source", line.source))
    tells_all = not reader.is_household
    return {
        "number": line.number,
        "text": reader.line(line),
        "member": reader.member(line.person),
        "source": wording.source_name(line.source, names),
        "found": _found(line),
        "besides": _besides(line),
        "counted": _counted(line),
        "used": line.used,
        "reason": wording.line_reason(line),
        "caution": wording.line_caution(line, found.result.statement),
        "evidence": evidence_of(evidence, found, names, line, tells_all=tells_all) if evidence else None,
    }


def _unit(section: str) -> str:
    """In what the lines of a section tell; grants are counted in pieces and told in money."""
    return "cny" if UNITS.get(section, "") in {"", "benefits"} else UNITS[section]


def _found(line: Line) -> str:
    """What the line tells of, in the unit in which its section is counted."""
    return wording.quantity(_figure(line), _unit(line.section))


def _figure(line: Line) -> Decimal | None:
    if line.section == "vehicles":
        return Decimal(1)
    return line.area if line.section == "homes" else line.amount


def _besides(line: Line) -> str:
    """What it tells in money where it is counted in something else: the price of a vehicle, the rent of a lease."""
    if line.section not in {"vehicles", "homes"} or line.amount is None:
        return ""
    return wording.quantity(line.amount, "cny")


def _counted(line: Line) -> str:
    if line.section == "household":
        return _("Yes") if line.used else "--"
    return wording.quantity(line.counted, UNITS[line.section]) if line.used else "--"


def _unanswered(found: Read, reader: Reader, names: dict[str, str]) -> Iterator[dict[str, str]]:
    """Every source and living member without an answer, and why."""
    statement = found.result.statement
    for source, outcomes in statement.completeness.outcomes.items():
        for member in statement.members:
            outcome = outcomes.get(member, Outcome.NOT_ASKED.value)
            if not Outcome(outcome).is_answer:
                yield {"source": names.get(source, source), "member": reader.member(member), "outcome": outcome}
