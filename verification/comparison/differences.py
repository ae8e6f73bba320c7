"""Line by line: declared, found, the difference, and whether it is within the tolerance of the standard."""

from collections.abc import Iterator
from decimal import Decimal

from msgspec import Struct

from verification.facts import Declared
from verification.standards import Standard
from verification.standards.schema import Tolerance
from verification.statement import Line, Statement
from verification.statement.assets import AT_BANKS
from verification.statement.sheet import DECLARED, NOTHING, STANDARD
from verification.statement.vehicles import plate

EXACT = Tolerance()
HIDDEN_BY_DECLARED = {"", "declared_is_more"}  # a found line with one of these is an income or asset that is there


class Difference(Struct, frozen=True, kw_only=True):
    """One thing declared and found. `difference` is found less declared; income is CNY a month."""

    section: str
    member: str
    item: str  # what it is: a kind of income, an address, a plate, an entity; empty for a total
    unit: str  # cny_month | cny | m2 | vehicles
    declared: Decimal
    found: Decimal
    difference: Decimal
    within: bool
    lines: tuple[int, ...] = ()


def differences(declared: Declared, statement: Statement, standard: Standard) -> tuple[Difference, ...]:
    """Every difference, also those within tolerance and those of zero, by section and member."""
    return (
        *_income(declared, statement, standard),
        *_homes(statement, standard),
        *_vehicles(statement),
        *_assets(declared, statement, standard),
        *_businesses(statement, standard),
    )


def worth(line: Line) -> Decimal:
    """What a found line tells of, whether or not it is used: its amount, by the factor that the rule applies."""
    return (line.amount or NOTHING) * Decimal(line.text.get("factor", "1"))


def is_found(line: Line) -> bool:
    """Whether a line comes from a source, not from the household or from a rule."""
    return line.source not in {DECLARED, STANDARD}


def found_income(statement: Statement, person: str) -> list[Line]:
    """The found income lines of a person that stand after netting, used or outdone by what was declared."""
    return [
        line
        for line in statement.lines_of("income")
        if line.person == person and is_found(line) and line.reason in HIDDEN_BY_DECLARED
    ]


def stated_at_banks(declared: Declared, person: str) -> Decimal:
    """What a member declared of the kinds that banks answer for, CNY."""
    return sum(
        (each.amount for each in declared.assets if each.owner == person and each.asset_type in AT_BANKS), NOTHING
    )


def _of(
    section: str,
    member: str,
    item: str,
    unit: str,
    pair: tuple[Decimal, Decimal],
    within: Tolerance | bool,
    lines: list[Line],
) -> Difference:
    declared, found = pair
    return Difference(
        section=section,
        member=member,
        item=item,
        unit=unit,
        declared=declared,
        found=found,
        difference=found - declared,
        within=within if isinstance(within, bool) else within.covers(declared, found),
        lines=tuple(line.number for line in lines),
    )


def _income(declared: Declared, statement: Statement, standard: Standard) -> Iterator[Difference]:
    """A month's income of each living member."""
    months = standard.tier.income.months if standard.tier.income else 12
    for person in declared.persons:
        if person.key in statement.members:
            lines = found_income(statement, person.key)
            found = sum((worth(line) for line in lines), NOTHING)
            pair = person.income.total / 12, found / months
            # A twelfth is seldom even: whether it is within is told by sums of so many months that nothing is divided.
            within = standard.tolerance.income.covers(person.income.total * months, found * 12, times=12 * months)
            yield _of("income", person.key, "", "cny_month", pair, within, lines)


def _homes(statement: Statement, standard: Standard) -> Iterator[Difference]:
    """The floor area of each home that counts on one side or the other, the whole of it, m²."""
    units: dict[str, list[Line]] = {}
    for line in statement.lines_of("homes"):
        if line.kind != "public_lease" and line.reason not in {"set_aside", "not_owned"}:
            units.setdefault(line.text["unit_key"], []).append(line)
    for lines in units.values():
        declared = max((line.area or NOTHING for line in lines if not is_found(line)), default=NOTHING)
        found = max((line.area or NOTHING for line in lines if is_found(line)), default=NOTHING)
        item, member = lines[0].text["address"], lines[0].person
        yield _of("homes", member, item, "m2", (declared, found), standard.tolerance.area, lines)


def _vehicles(statement: Statement) -> Iterator[Difference]:
    plates: dict[str, list[Line]] = {}
    for line in statement.lines_of("vehicles"):
        if line.reason not in {"set_aside", "gone", "licence_only", "declared_sold"}:
            plates.setdefault(plate(line.text["plate"]) or f"#{line.number}", []).append(line)
    for lines in plates.values():
        declared = Decimal(any(not is_found(line) for line in lines))
        found = Decimal(any(is_found(line) for line in lines))
        item, member = lines[0].text["plate"], lines[0].person
        yield _of("vehicles", member, item, "vehicles", (declared, found), EXACT, lines)


def _assets(declared: Declared, statement: Statement, standard: Standard) -> Iterator[Difference]:
    """Each member's money at banks."""
    for person in declared.persons:
        lines = [
            line
            for line in statement.lines_of("assets")
            if line.person == person.key and is_found(line) and line.reason in HIDDEN_BY_DECLARED
        ]
        pair = stated_at_banks(declared, person.key), sum((worth(line) for line in lines), NOTHING)
        yield _of("assets", person.key, "", "cny", pair, standard.tolerance.assets, lines)


def _businesses(statement: Statement, standard: Standard) -> Iterator[Difference]:
    entities: dict[tuple[str, str], list[Line]] = {}
    for line in statement.lines_of("business"):
        if line.reason not in {"set_aside", "deregistered", "impostor_revoked"}:
            entities.setdefault((line.person, line.text["entity"]), []).append(line)
    for (member, _), lines in entities.items():
        declared = max((worth(line) for line in lines if not is_found(line)), default=NOTHING)
        found = max((worth(line) for line in lines if is_found(line)), default=NOTHING)
        item = lines[0].text["name"]
        yield _of("business", member, item, "cny", (declared, found), standard.tolerance.business, lines)
