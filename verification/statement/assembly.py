"""The statement put together: who counts first, then each section, then who still owes an answer."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from msgspec import UNSET
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
from verification.statement.sheet import NOTHING, Completeness, Heard, Sheet, Stale, Statement
from verification.statement.vehicles import count_vehicles

ANSWERS = frozenset(outcome for outcome in Outcome if outcome.is_answer)
OF_MONTHS = frozenset({RecordKind.TAX, RecordKind.FUND, RecordKind.INSURANCE})  # told month by month, not as of a day


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
    owed = _owed(sheet, completeness)
    sheet.silent = {kind: frozenset[str]().union(*of_whom.values()) for kind, of_whom in owed.items()}
    if unsure := sheet.silent_on(RecordKind.REGISTRATION):  # a death may yet be told of them
        size = replace(size, least=Decimal(len(sheet.living) - len(unsure)))
    figures = _figures(sheet, size, {kind: tuple(of_whom) for kind, of_whom in owed.items()})
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
    outcomes: dict[str, dict[str, str]] = {}
    mismatched = []
    silent = set()
    for heard in sorted(sheet.heard, key=_source):
        told = {reply.person: reply.outcome for reply in heard.replies}
        of_source = outcomes.setdefault(heard.source, {})
        for person in sheet.persons:
            outcome = told.get(person, Outcome.NOT_ASKED)
            of_source[person] = str(outcome)
            if outcome in ANSWERS or person not in sheet.living:
                continue
            silent.add(heard.source)
            settled = sheet.is_set_aside(heard.source, person, ("identity_mismatch",), NOTHING)
            if outcome is Outcome.IDENTITY_MISMATCH and not settled:
                mismatched.append((heard.source, person))
    needed = _needed(sheet)
    stale = dict(_stale(sheet, needed))
    served = {each.source: each.last_known for each in sheet.heard if each.last_known is not UNSET}
    return Completeness(
        asked=len(outcomes),
        answered=len({*outcomes} - silent - {*stale} - {*served}),
        outcomes=outcomes,
        missing=tuple(sorted(source for source in needed if source in silent or source not in outcomes)),
        mismatched=tuple(mismatched),
        last_known=dict(sorted(served.items())) or UNSET,
        stale=stale or UNSET,
        kept_back=tuple(sorted(each.source for each in sheet.heard if each.kept_back is True)) or UNSET,
    )


def _needed(sheet: Sheet) -> set[str]:
    """The sources whose answer the standard requires, or where it does not name them, their own policy."""
    may_be_missing = {*sheet.standard.sources_that_may_be_missing}
    return {each.source for each in sheet.heard if each.required} - may_be_missing | {*sheet.standard.required_sources}


def _stale(sheet: Sheet, needed: set[str]) -> Iterator[tuple[str, Stale]]:
    """By source what is told by data that are older than they may be. Of the dead nothing more is to be told."""
    for heard in sorted((each for each in sheet.heard if each.stale_after is not UNSET), key=_source):
        old = [reply for reply in heard.replies if reply.person in sheet.living and heard.is_stale(reply, sheet.on)]
        dates = [reply.data_date for reply in old if reply.data_date]
        if dates and heard.stale_after is not UNSET:
            yield (
                heard.source,
                Stale(
                    on=min(dates),
                    days=(sheet.on - min(dates)).days,
                    limit=heard.stale_after,
                    persons=tuple(sorted(reply.person for reply in old)),
                    leaves_open=heard.source in needed,
                ),
            )


Owed = dict[str, dict[str, frozenset[str]]]  # kind of record -> required source -> the living of whom it is to be told


def _owed(sheet: Sheet, completeness: Completeness) -> Owed:
    """What is not known because a required source has not told it: now, by data that are not old, up to this month.

    Old data and a last known answer show what they show. What they do not show may be there all the same.
    """
    heard_of = {each.source: each for each in sheet.heard}
    stale = {source: {*each.persons} for source, each in completeness.old.items() if each.leaves_open}
    behind = {source: {*_behind(sheet, heard_of[source])} for source in {*completeness.served_by_last_known}}
    behind = {source: persons for source, persons in behind.items() if persons and source in _needed(sheet)}
    owed: Owed = {}
    for source in sorted({*completeness.missing, *stale, *behind}):
        kinds = heard_of[source].kinds if source in heard_of else SOURCE_KINDS.get(source, tuple(RecordKind))
        told = completeness.outcomes.get(source, {})
        silent = {person for person in sheet.living if told.get(person) not in ANSWERS}
        silent = silent if source in completeness.missing else set[str]()
        for kind in kinds:
            persons = silent | stale.get(source, set()) | (behind.get(source, set()) if kind in OF_MONTHS else set())
            if persons or source in completeness.missing:
                owed.setdefault(kind, {})[source] = frozenset(persons)
    return owed


def _behind(sheet: Sheet, heard: Heard) -> Iterator[str]:
    """The living of whom a last known answer leaves out months of the period."""
    for reply in heard.replies:
        if reply.person in sheet.living and heard.lacks_months(reply, sheet.on):
            yield reply.person
