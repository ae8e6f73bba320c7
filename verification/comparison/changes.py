"""What changed for a household between two checks: the last that was concluded, and this one. Plain Python.

Weights are CNY, roughly, as those of findings. A criterion that turned outweighs everything else together. What a
source does not answer now has not gone: of it nothing is said but that the source is silent.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from msgspec import Struct

from verification.comparison.assessment import Assessed
from verification.comparison.proposal import ProposedFinding
from verification.facts import Outcome
from verification.figures import Criterion
from verification.statement import Line
from verification.statement.fingerprints import VALUE_OF_AREA

CHANGE_KINDS = (
    "criterion_turned",
    "finding_new",
    "finding_back",
    "finding_gone",
    "record_new",
    "record_changed",
    "record_gone",
    "source_silent",
    "standard_changed",
)
TURNED = 10**12  # of a criterion that turned; …
MOST = 10**9  # … of anything else at most
UNPRICED_VEHICLE = Decimal(100_000)
ABOUT_A_PERSON = Decimal(50_000)  # a death, a marriage, a registration
MONTHS = 12
NOTHING = Decimal(0)
_NOW = {False: 3, None: 2, True: 1}  # a criterion that fails now comes before one that is open, that before one met
_VERDICTS = {True: "met", False: "failed", None: "unknown"}

Key = tuple[str, ...]


class Change(Struct, frozen=True, kw_only=True):
    """One change. `was` and `now` are amounts in `unit`, of a criterion what it came to, of a standard its id.

    `name` is a criterion, a kind of finding, or the outcome of a silent source; `verdicts` how a criterion stood and
    stands. `line` is the record as it is told now, or was told last; `params` fill the sentence of a finding.
    """

    kind: str
    weight: int
    name: str = ""
    source: str = ""
    members: tuple[str, ...] = ()
    was: str = ""
    now: str = ""
    unit: str = ""
    verdicts: tuple[str, ...] = ()
    line: Line | None = None
    params: dict[str, str] = {}


class Changes(Struct, frozen=True):
    """All changes of a check, the weightiest first."""

    changes: tuple[Change, ...] = ()


def changes(before: Assessed, after: Assessed, dismissed: frozenset[str] = frozenset()) -> tuple[Change, ...]:
    """Every change, the weightiest first, in the same order whatever order sources and findings came in.

    `dismissed`: marks of the findings that a person dismissed in a check of the case, and what they were about.
    """
    silent = _silent(before, after)
    found = [
        *_standard(before, after),
        *_criteria(before, after),
        *_findings(before, after, dismissed, {*silent}),
        *_records(before, after, {*silent}),
        *_sources(before, silent),
    ]
    return tuple(sorted(found, key=_order))


def _order(change: Change) -> tuple[object, ...]:
    key = change.line.record_key if change.line else ""
    told = tuple(sorted(change.params.items()))
    return -change.weight, CHANGE_KINDS.index(change.kind), change.name, change.source, change.members, key, told


def _standard(before: Assessed, after: Assessed) -> Iterator[Change]:
    """The standard is no change of the household, so it weighs nothing."""
    if before.standard != after.standard:
        yield Change(kind="standard_changed", weight=0, was=before.standard, now=after.standard)


def _criteria(before: Assessed, after: Assessed) -> Iterator[Change]:
    """Those that both standards set and that are not judged as they were."""
    for now in after.comparison.criteria:
        was = before.comparison.criterion(now.name)
        if was is not None and was.met is not now.met:
            yield Change(
                kind="criterion_turned",
                weight=TURNED * _NOW[now.met],
                name=now.name,
                was=_value(was),
                now=_value(now),
                unit=now.unit,
                verdicts=(_VERDICTS[was.met], _VERDICTS[now.met]),
            )


def _value(criterion: Criterion) -> str:
    return "" if criterion.value is None else f"{criterion.value:f}"


def _findings(
    before: Assessed, after: Assessed, dismissed: frozenset[str], silent: set[tuple[str, str]]
) -> Iterator[Change]:
    """New, back after a dismissal, or gone. One that only grew is told by its record, one dismissed since by none."""
    turned = {change.name for change in _criteria(before, after)}
    earlier, later = _untold(before, turned), _untold(after, turned)
    for mark, finding in later.items():
        if mark not in earlier:
            yield _finding("finding_back" if finding.about in dismissed else "finding_new", finding)
    for mark, finding in earlier.items():
        is_silent = (finding.source, finding.member) in silent
        if mark not in later and not is_silent and dismissed.isdisjoint((finding.about, *finding.marks)):
            yield _finding("finding_gone", finding)


def _untold(assessed: Assessed, turned: set[str]) -> dict[Key, ProposedFinding]:
    """The findings but those on a criterion that turned, which is told by itself."""
    return {
        _mark(finding): finding
        for finding in assessed.comparison.findings
        if finding.kind != "over_limit" or finding.params["criterion"] not in turned
    }


def _mark(finding: ProposedFinding) -> Key:
    """What a finding is about; a criterion is the same whatever standard it stands in."""
    if finding.kind == "over_limit":
        return finding.kind, finding.params["criterion"]
    return ("", finding.about or finding.fingerprint)


def _finding(kind: str, finding: ProposedFinding) -> Change:
    return Change(
        kind=kind,
        weight=_capped(finding.weight),
        name=finding.kind,
        source=finding.source,
        members=(finding.member,) if finding.member else (),
        params=finding.params,
    )


def _records(before: Assessed, after: Assessed, silent: set[tuple[str, str]]) -> Iterator[Change]:
    """Records that count, or that a person set aside, on either side; by source and key."""
    earlier, later = _by_record(before.statement.lines), _by_record(after.statement.lines)
    for key in sorted({*earlier, *later}):
        was, now = earlier.get(key, []), later.get(key, [])
        if not was:
            if _counts(now):
                yield _record("record_new", now, None, _amount(now))
        elif not now:
            if _counts(was) and not any((line.source, line.person) in silent for line in was):
                yield _record("record_gone", was, _amount(was), None)
        elif _counts(was) or _counts(now):
            yield from _changed(was, now)


def _by_record(lines: Iterable[Line]) -> dict[Key, list[Line]]:
    """The lines by what they tell of; what has no key is told apart by what its text says it is."""
    records: dict[Key, list[Line]] = {}
    for line in lines:
        records.setdefault(record_of(line), []).append(line)
    return records


def record_of(line: Line) -> Key:
    """Which record of its source a line tells of."""
    own = line.record_key or "/".join((line.person, *(line.text.get(name, "") for name in _TELLING)))
    return line.section, line.kind, line.source, own


_UNITS = {"homes": "m2", "assistance": "cny_month"}
_TELLING = ("unit_key", "plate", "entity", "sort", "institution")


def _counts(lines: list[Line]) -> bool:
    """Whether it adds to a figure, a person set it aside, or it tells who the household is."""
    return any(line.used or line.reason == "set_aside" or line.section == "household" for line in lines)


def _changed(was: list[Line], now: list[Line]) -> Iterator[Change]:
    """Its amount: as it counts where it counts in both, else as it was found."""
    both = any(line.used for line in was) and any(line.used for line in now)
    old, new = _amount(was, used=both), _amount(now, used=both)
    if old is not None and new is not None and old != new:
        yield _record("record_changed", now, old, new)


def _amount(lines: list[Line], *, used: bool = False) -> Decimal | None:
    """What the lines of a record tell of, m² of homes and else CNY; None where that is no amount."""
    section = lines[0].section
    if section == "household":
        return None
    if section in {"vehicles", "assistance"}:
        amounts = {line.amount for line in lines if line.amount is not None}  # of one thing, told of each holder
        return max(amounts, default=None)
    if used:
        return sum((line.counted for line in lines if line.used), NOTHING)
    told = [line.area if section == "homes" and line.area is not None else line.amount for line in lines]
    return sum((amount for amount in told if amount is not None), NOTHING)


def _record(kind: str, lines: list[Line], was: Decimal | None, now: Decimal | None) -> Change:
    line = min(lines, key=lambda each: (not each.used, each.person, each.number))
    return Change(
        kind=kind,
        weight=_weight(line.section, was, now),
        name=line.section,
        source=line.source,
        members=tuple(sorted({each.person for each in lines})),
        was="" if was is None else f"{was:f}",
        now="" if now is None else f"{now:f}",
        unit="" if was is None and now is None else _UNITS.get(line.section, "cny"),
        line=line,
    )


def _weight(section: str, was: Decimal | None, now: Decimal | None) -> int:
    if was is None and now is None:
        return _capped(ABOUT_A_PERSON if section == "household" else UNPRICED_VEHICLE)
    beyond = abs((now or NOTHING) - (was or NOTHING))
    return _capped(beyond * {"homes": VALUE_OF_AREA, "assistance": MONTHS}.get(section, 1))


def _capped(weight: Decimal | int) -> int:
    """Whatever has changed weighs something, and nothing weighs as much as a criterion that turned."""
    return max(1, min(int(weight), MOST))


def _silent(before: Assessed, after: Assessed) -> dict[tuple[str, str], str]:
    """What came now of asking a source about a person of whom it told in the earlier check and does not tell now."""
    earlier, later = before.statement.completeness.outcomes, after.statement.completeness.outcomes
    still_here = {person for outcomes in later.values() for person in outcomes}
    told = [
        (source, person)
        for source, outcomes in earlier.items()
        for person, outcome in outcomes.items()
        if person in still_here and Outcome(outcome).is_answer
    ]
    now = {place: Outcome(later.get(place[0], {}).get(place[1], Outcome.NOT_ASKED)) for place in told}
    return {place: outcome.value for place, outcome in now.items() if not outcome.is_answer}


def _sources(before: Assessed, silent: dict[tuple[str, str], str]) -> Iterator[Change]:
    """One for each source that is silent now, as heavy as what it told before of those persons."""
    for source in sorted({source for source, _ in silent}):
        members = tuple(sorted(person for told, person in silent if told == source))
        told = [line for line in before.statement.lines if line.source == source and line.person in members]
        weights = (_weight(line.section, None, _amount([line])) for line in told if line.used)
        yield Change(
            kind="source_silent",
            weight=_capped(sum(weights)),
            name=silent[source, members[0]],
            source=source,
            members=members,
        )
