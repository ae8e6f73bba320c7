"""The statement put together: who counts first, then each section, then who still owes an answer."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from verification.facts import Declared, Outcome, RecordKind
from verification.figures import Figure, Figures
from verification.standards import Standard
from verification.standards.schema import SOURCE_KINDS
from verification.statement.assets import count_assets
from verification.statement.assistance import count_assistance
from verification.statement.businesses import count_businesses
from verification.statement.homes import count_homes
from verification.statement.household import count_members, note_marriages, residence_years, single_age
from verification.statement.income import count_income
from verification.statement.sheet import NOTHING, Completeness, Heard, Sheet, Statement
from verification.statement.vehicles import count_vehicles

ANSWERS = frozenset(outcome for outcome in Outcome if outcome.is_answer)


def assemble(
    declared: Declared, heard: Sequence[Heard], standard: Standard, *, on: date, set_aside: frozenset[str] = frozenset()
) -> Statement:
    """The statement of a household as of a day. The order in which sources answered makes no difference.

    Records on which a person has dismissed a finding (`set_aside`: marks) are shown and not counted.
    """
    sheet = Sheet(declared, heard, standard, on, set_aside)
    size = count_members(sheet)
    note_marriages(sheet)
    completeness = _completeness(sheet)
    missing = _missing_by_kind(heard, completeness.missing)
    sheet.silent = {kind: _silent(sheet, sources, completeness) for kind, sources in missing.items()}
    if unsure := sheet.silent_on(RecordKind.REGISTRATION):  # a death may yet be told of them
        size = replace(size, least=Decimal(len(sheet.living) - len(unsure)))
    figures = _figures(sheet, size, missing)
    return Statement(
        on=on,
        members=sheet.living,
        lines=tuple(sheet.lines),
        figures=figures,
        completeness=completeness,
        evidence={each.source: each.evidence for each in sorted(heard, key=_source) if each.evidence},
    )


def _figures(sheet: Sheet, size: Figure, missing: dict[str, tuple[str, ...]]) -> Figures:
    """Every section in turn; each writes its own lines."""
    area, area_total = count_homes(sheet)
    vehicles, price, unpriced = count_vehicles(sheet)
    business, disputed = count_businesses(sheet)
    benefits, certificate = count_assistance(sheet)
    return Figures(
        household_size=size,
        income=count_income(sheet),
        area=area,
        area_total=area_total,
        assets=count_assets(sheet),
        vehicles=vehicles,
        vehicle_price=price,
        unpriced_vehicles=unpriced,
        business=business,
        disputed_capital=disputed,
        residence=residence_years(sheet),
        single_age=single_age(sheet),
        benefits=benefits,
        certificate=certificate,
        missing=missing,
    )


def _source(heard: Heard) -> str:
    return heard.source


def _completeness(sheet: Sheet) -> Completeness:
    """Outcomes by source and person. The dead need no answer.

    A mismatch that a person has settled is one no more, yet the source has still said nothing: it is to be asked again.
    """
    standard = sheet.standard
    outcomes: dict[str, dict[str, str]] = {}
    mismatched = []
    silent = set()
    for heard in sorted(sheet.heard, key=_source):
        told = {reply.person: reply.outcome for reply in heard.replies}
        of_source = outcomes.setdefault(heard.source, {})
        for person in sheet.persons:
            outcome = told.get(person, Outcome.NOT_ASKED)
            of_source[person] = outcome.value
            if outcome in ANSWERS or person not in sheet.living:
                continue
            silent.add(heard.source)
            settled = sheet.is_set_aside(heard.source, person, ("identity_mismatch",), NOTHING)
            if outcome is Outcome.IDENTITY_MISMATCH and not settled:
                mismatched.append((heard.source, person))
    needed = {heard.source for heard in sheet.heard if heard.required} - {*standard.sources_that_may_be_missing}
    needed |= {*standard.required_sources}
    return Completeness(
        asked=len(outcomes),
        answered=len(outcomes) - len(silent),
        outcomes=outcomes,
        missing=tuple(sorted(source for source in needed if source in silent or source not in outcomes)),
        mismatched=tuple(mismatched),
    )


def _silent(sheet: Sheet, sources: tuple[str, ...], completeness: Completeness) -> frozenset[str]:
    """The living of whom one of these sources has not answered."""
    told = [completeness.outcomes.get(source, {}) for source in sources]
    return frozenset(person for person in sheet.living if any(outcomes.get(person) not in ANSWERS for outcomes in told))


def _missing_by_kind(heard: Sequence[Heard], missing: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """The required sources without an answer, by the kinds of record that they would have told of."""
    kinds: dict[str, tuple[RecordKind, ...]] = {**SOURCE_KINDS, **{each.source: each.kinds for each in heard}}
    by_kind: dict[str, tuple[str, ...]] = {}
    for source in missing:
        for kind in kinds.get(source, tuple(RecordKind)):
            by_kind[kind] = (*by_kind.get(kind, ()), source)
    return by_kind
