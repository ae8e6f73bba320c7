"""The findings that the arithmetic proposes; nothing follows from one until a person has confirmed it.

A finding's fingerprint is that of the record behind it, so that what a person dismissed stays dismissed in later rounds
until its amount changes materially.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from verification.comparison.differences import (
    HIDDEN_BY_DECLARED,
    Difference,
    found_income,
    is_found,
    stated_at_banks,
    worth,
)
from verification.comparison.family import family_findings
from verification.comparison.proposal import FINDING_KINDS, ProposedFinding, propose
from verification.facts import Declared
from verification.figures import Criterion
from verification.standards import Standard
from verification.statement import Line, Statement
from verification.statement.fingerprints import VALUE_OF_AREA, group_key, own_key
from verification.statement.sheet import DECLARED, NOTHING, STANDARD
from verification.statement.vehicles import plate

__all__ = ["FINDING_KINDS", "Compared", "ProposedFinding", "propose_all"]

VALUE_OF_VEHICLE = Decimal(100_000)  # CNY, of no known price: only to sort findings of different units
CENT = Decimal("0.01")
UNIT_VALUES = {"m2_head": VALUE_OF_AREA, "m2": VALUE_OF_AREA, "vehicles": 100_000, "years": 1_000, "benefits": 100_000}


Key = TypeVar("Key", str, tuple[str, str])  # what lines go together by


class Compared(Struct, frozen=True, kw_only=True):
    """Everything that findings are drawn from."""

    declared: Declared
    statement: Statement
    standard: Standard
    differences: tuple[Difference, ...]
    criteria: tuple[Criterion, ...]


def propose_all(compared: Compared) -> list[ProposedFinding]:
    """Every finding, the weightiest first; those of equal weight in a lasting order."""
    findings = [
        *over_limit(compared),
        *_homes(compared),
        *_vehicles(compared),
        *_income(compared),
        *_deposits(compared),
        *_moved(compared),
        *_businesses(compared),
        *_assistance(compared),
        *family_findings(compared.declared, compared.statement, compared.standard),
    ]
    return _once(sorted(findings, key=lambda finding: (-finding.weight, finding.kind, finding.member, finding.about)))


def _once(findings: Iterable[ProposedFinding]) -> list[ProposedFinding]:
    """One finding for a record that two members are told of, a home or a marriage: the weightiest, with all lines."""
    kept: dict[str, ProposedFinding] = {}
    for finding in findings:
        first = kept.setdefault(finding.about, finding)
        kept[finding.about] = replace(first, lines=tuple(sorted({*first.lines, *finding.lines})))
    return [*kept.values()]


def over_limit(compared: Compared) -> Iterator[ProposedFinding]:
    """One for each failed criterion, so that a refusal always rests on something that a person confirmed."""
    for criterion in compared.criteria:
        if criterion.met is not False:
            continue
        beyond, unit = abs(criterion.distance or NOTHING), UNIT_VALUES.get(criterion.unit, 1)
        lines = [compared.statement.line(number) for number in criterion.lines]
        yield propose(
            "over_limit",
            compared.statement,
            source=STANDARD,
            record_key=f"{compared.standard.id}:{criterion.name}",
            amount=beyond,
            weight=int(beyond * unit),
            worth=beyond * unit,
            params={"criterion": criterion.name, "unit": criterion.unit, **criterion.params},
            supports=(criterion.name,),
            lines=lines,
        )


def _homes(compared: Compared) -> Iterator[ProposedFinding]:
    lines = compared.statement.lines_of("homes")
    # A home declared as rented or borrowed is not declared as one's own.
    declared = {
        line.text["unit_key"]
        for line in lines
        if line.source == DECLARED and line.reason not in {"not_owned", "public_lease_apart"}
    }
    for line in lines:
        hidden = line.used or line.reason in {"other_use", "money_not_area", "unit_counted_once"}
        if not is_found(line) or line.text["unit_key"] in declared or not hidden:
            continue
        kind = "undeclared_transfer" if line.kind in {"transfer", "compensation"} else "undeclared_home"
        yield propose(
            kind,
            compared.statement,
            source=line.source,
            record_key=line.record_key,
            amount=line.area or NOTHING,
            worth=(line.area or NOTHING) * VALUE_OF_AREA,
            weight=int((line.area or NOTHING) * VALUE_OF_AREA) or int(line.amount or NOTHING),
            member=line.person,
            params={"address": line.text["address"], "area": f"{line.area}", "right": line.kind},
            supports=("area",) if line.used else (),
            lines=[line],
        )


def _vehicles(compared: Compared) -> Iterator[ProposedFinding]:
    owned = sorted(compared.declared.vehicles, key=lambda vehicle: vehicle.sold_on is None)  # not sold, if any says so
    declared = {plate(vehicle.plate): vehicle for vehicle in owned}
    for line in compared.statement.lines_of("vehicles"):
        known = declared.get(plate(line.text["plate"]))
        sold = known is not None and known.sold_on is not None
        if not is_found(line) or not (line.used or line.reason in {"claimed_sold", "not_private"}):
            continue
        if known is not None and not sold:
            continue
        params = {"plate": line.text["plate"], "model": line.text.get("model", "")}
        if known is not None:
            params |= {"sold_on": f"{known.sold_on}", "proof": known.proof}
        yield propose(
            "sold_vehicle_unregistered" if sold else "undeclared_vehicle",
            compared.statement,
            source=line.source,
            record_key=line.record_key,
            amount=Decimal(line.text.get("insured_value", "0")),
            weight=int(line.amount or VALUE_OF_VEHICLE),
            member=line.person,
            params=params,
            supports=() if line.reason == "not_private" else ("vehicles", "vehicle_price"),
            lines=[line],
        )


def _income(compared: Compared) -> Iterator[ProposedFinding]:
    """Per kind and source, for members whose found income is above the declared by more than the tolerance."""
    test = compared.standard.tier.income
    months = test.months if test else 12
    for person in _above(compared, "income"):
        stated = next(each.income for each in compared.declared.persons if each.key == person)
        kinds: dict[str, dict[tuple[str, str], list[Line]]] = {}
        for line in found_income(compared.statement, person):
            kinds.setdefault(line.kind, {}).setdefault((line.text["sort"], line.source), []).append(line)
        for kind, groups in kinds.items():
            declared = (getattr(stated, kind) * months / 12).quantize(CENT)
            yield from _understated(compared, person, kind, groups, declared)


def _understated(
    compared: Compared, person: str, kind: str, groups: dict[tuple[str, str], list[Line]], declared: Decimal
) -> Iterator[ProposedFinding]:
    """Of one kind of income what was declared is set against the smallest sums; the rest is what was left out."""
    in_all = sum((_sum(lines) for lines in groups.values()), NOTHING)
    for (sort, source), lines, beyond in _beyond(groups, declared):
        found = _sum(lines)
        params = {"income": kind, "sort": sort, "declared": f"{declared:f}", "found": f"{found:f}"}
        if found != in_all:
            params |= {"in_all": f"{in_all:f}", "beyond": f"{beyond:f}"}
        yield propose(
            "understated_income",
            compared.statement,
            source=source,
            record_key=own_key(person, group_key(line.record_key for line in lines)),
            period=kind,
            on=compared.statement.on,
            amount=found,
            weight=int(beyond),
            member=person,
            params=params,
            supports=("income",),
            lines=lines,
        )


def _beyond(groups: Mapping[Key, list[Line]], declared: Decimal) -> Iterator[tuple[Key, list[Line], Decimal]]:
    """The groups that what was declared does not cover whole, each with what is left; it covers the smallest first."""
    left = declared
    for key, lines in sorted(groups.items(), key=lambda group: (_sum(group[1]), group[0])):
        covered = min(left, _sum(lines))
        left -= covered
        if _sum(lines) > covered:
            yield key, lines, _sum(lines) - covered


def _above(compared: Compared, section: str) -> list[str]:
    """Members with more found than declared in a section, beyond the tolerance."""
    return [
        each.member
        for each in compared.differences
        if each.section == section and not each.within and each.difference > 0
    ]


def _deposits(compared: Compared) -> Iterator[ProposedFinding]:
    """Per bank, for members whose money at banks is above the declared by more than the tolerance, in all of them.

    What was declared is set against the smallest balances.
    """
    for person in _above(compared, "assets"):
        banks: dict[str, list[Line]] = {}
        for line in compared.statement.lines_of("assets"):
            if line.person == person and is_found(line) and line.reason in HIDDEN_BY_DECLARED:
                banks.setdefault(line.source, []).append(line)
        stated = stated_at_banks(compared.declared, person)
        for source, lines, beyond in _beyond(banks, stated):
            found = _sum(lines)
            yield propose(
                "undeclared_deposit",
                compared.statement,
                source=source,
                record_key=group_key(line.record_key for line in lines),
                amount=found,
                weight=int(beyond),
                member=person,
                params={"declared": f"{stated}", "found": f"{found}", "beyond": f"{beyond}"},
                supports=("assets",),
                lines=lines,
            )


def _sum(lines: Iterable[Line]) -> Decimal:
    return sum((worth(line) for line in lines), NOTHING)


def _moved(compared: Compared) -> Iterator[ProposedFinding]:
    for line in compared.statement.lines_of("assets"):
        if line.kind == "moved":
            yield propose(
                "moved_deposits",
                compared.statement,
                source=line.text["source"],
                record_key=line.record_key,
                amount=line.amount or NOTHING,
                weight=int(line.counted),
                member=line.person,
                params={name: line.text[name] for name in ("average_6m", "balance", "large_outflow_6m")},
                supports=("assets",),
                lines=[line],
            )


def _businesses(compared: Compared) -> Iterator[ProposedFinding]:
    lines = compared.statement.lines_of("business")
    declared = {(line.person, line.text["entity"]) for line in lines if line.source == DECLARED}
    for line in lines:
        known = (line.person, line.text["entity"]) in declared
        hidden = not known and line.reason in {"", "entity_counted_once", "exempt_role"}
        if not is_found(line) or not (hidden or line.reason == "disowned"):
            continue
        yield propose(
            "disowned_business" if line.reason == "disowned" else "undeclared_business",
            compared.statement,
            source=line.source,
            record_key=own_key(line.person, line.record_key),
            amount=line.amount or NOTHING,
            weight=int(line.amount or NOTHING),
            member=line.person,
            params={
                "name": line.text["name"],
                "role": line.kind,
                "capital": "" if line.amount is None else f"{line.amount}",
            },
            supports=("business",) if line.used or line.reason == "disowned" else (),
            lines=[line],
        )


def _assistance(compared: Compared) -> Iterator[ProposedFinding]:
    for line in compared.statement.lines_of("assistance"):
        if line.used:
            yield propose(
                "duplicate_assistance",
                compared.statement,
                source=line.source,
                record_key=line.record_key,
                amount=NOTHING,
                weight=int((line.amount or NOTHING) * 12),
                member=line.person,
                params={"protection": line.kind, **line.text},
                supports=("one_benefit",),
                lines=[line],
            )
