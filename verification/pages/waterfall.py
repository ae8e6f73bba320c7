"""One figure as a waterfall: declared, what each source says, the netting rule, the value used, the standard, the line.

A source that was asked and says nothing is named with the reason; one that looked and has nothing is listed as well,
with its evidence. So nobody takes a silence for a zero.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from verification import wording
from verification.facts import Evidence, Outcome, RecordKind
from verification.figures import Criterion, Figure, Step
from verification.pages.evidence import evidence_of
from verification.pages.household import Read
from verification.pages.readers import Reader
from verification.statement import Heard, Line
from verification.statement.sheet import DECLARED, full_years
from verification.wording.criteria import unit_of
from verification.wording.lines import ASSISTANCE
from verification.wording.netting import (
    distance_words,
    netting_rule,
    nothing_declared,
    others_together,
    quiet_words,
    standard_words,
    value_words,
    whole_unit,
)

# From which kinds of record a figure is formed: whose silence counts, and of whom "nothing" is worth telling.
KINDS = {
    "residence": {RecordKind.REGISTRATION},
    "single_age": {RecordKind.REGISTRATION},
    "certificate": {RecordKind.ASSISTANCE},
    "income": {RecordKind.TAX, RecordKind.FUND, RecordKind.INSURANCE, RecordKind.ASSISTANCE},
    "area": {RecordKind.HOUSING},
    "assets": {RecordKind.DEPOSIT},
    "vehicles": {RecordKind.VEHICLE},
    "vehicle_price": {RecordKind.VEHICLE},
    "business": {RecordKind.BUSINESS},
    "one_benefit": {RecordKind.ASSISTANCE, RecordKind.HOUSING},
}
SECTION_OF = {
    "residence": "household",
    "single_age": "household",
    "certificate": "assistance",
    "income": "income",
    "area": "homes",
    "assets": "assets",
    "vehicles": "vehicles",
    "vehicle_price": "vehicles",
    "business": "business",
    "one_benefit": "assistance",
}
PROTECTION = frozenset({"public_rental", "rental_subsidy"})
# Which lines of the section belong to a figure, where not all do.
LINE_KINDS: dict[str, frozenset[str]] = {
    "residence": frozenset({"residence"}),
    "single_age": frozenset({"age"}),
    "one_benefit": PROTECTION | {"public_lease"},
}
YEARS_SINCE = {"residence": "since", "certificate": "from"}  # figures in years are told by the day of the record
FIGURE_NAMES = {"one_benefit": "benefits"}
TONES = {True: "success", False: "danger", None: "warning"}
NOTHING = Decimal(0)


def waterfall(criterion: Criterion, found: Read, reader: Reader, names: dict[str, str]) -> dict[str, Any]:
    """One figure from what was declared to its distance to the line."""
    return _Fall(criterion, found, reader, names).context()


class _Fall:
    """One figure in the making."""

    def __init__(self, criterion: Criterion, found: Read, reader: Reader, names: dict[str, str]) -> None:
        self.criterion, self.found, self.reader, self.names = criterion, found, reader, names
        self.unit = whole_unit(unit_of(criterion.name, criterion.unit))
        self.statement = found.result.statement
        kinds = self._line_kinds()
        lines = self.statement.lines_of(SECTION_OF[criterion.name])
        self.lines = [line for line in lines if kinds is None or line.kind in kinds]

    def _line_kinds(self) -> frozenset[str] | None:
        if self.criterion.name == "certificate":
            return frozenset(self.found.inputs.standard.tier.certificates)
        return LINE_KINDS.get(self.criterion.name)

    def context(self) -> dict[str, Any]:
        """What the template draws."""
        criterion = self.criterion
        sources = [*self._sources()]
        return {
            "code": criterion.name,
            "name": wording.criterion_name(criterion.name, criterion.unit),
            "value": wording.quantity(criterion.value, unit_of(criterion.name, criterion.unit)),
            "met": criterion.met,
            "tone": TONES[criterion.met],
            "verdict": wording.verdict_word(criterion.met),
            "reason": wording.reason_words(criterion, self.names) if criterion.met is None else "",
            "declared": self._declared(),
            "declared_used": self._used([line for line in self.lines if line.source == DECLARED]),
            "sources": [each for each in sources if not each["is_quiet"]],
            "quiet": (quiet := [each for each in sources if each["is_quiet"]]),
            "quiet_words": quiet_words(len(quiet), of_all=self.reader.is_told_of_all),
            "rule": netting_rule(criterion.name),
            "used": self._value(),
            "steps": self._steps(),
            "standard": standard_words(self.found.inputs.standard),
            "article": criterion.article,
            "limit": wording.criterion_limit(criterion),
            "distance": distance_words(criterion),
        }

    def _declared(self) -> str:
        """What the household wrote, in the unit in which the total is counted."""
        name, declared = self.criterion.name, self.found.inputs.declared
        if SECTION_OF[name] == "assistance":
            told = {each.assistance_type for each in declared.assistance if self.reader.is_told_apart(each.owner)}
            kinds = sorted(told & PROTECTION if name == "one_benefit" else told - PROTECTION)
            return wording.listed(str(ASSISTANCE[kind]) for kind in kinds) if kinds else nothing_declared()
        if name == "residence":
            persons = [each for each in declared.persons if self.reader.is_told_apart(each.key)]
            since = {each.hukou_since for each in persons if each.hukou_since}
            return wording.listed(day.isoformat() for day in sorted(since)) or wording.MISSING
        lines = [line for line in self.lines if line.source == DECLARED]
        return wording.quantity(self._says(lines), self.unit) if lines else nothing_declared()

    def _sources(self) -> Iterator[dict[str, Any]]:
        """Every source that was asked for this, in the order of the sources; then what a rule of the standard adds."""
        heard = {each.source: each for each in self.found.inputs.heard}
        order = [*self.names, *(code for code in heard if code not in self.names)]
        for code in order:
            if code in heard and KINDS[self.criterion.name] & {*heard[code].kinds}:
                yield self._source(code, heard[code])
        apart = [line for line in self._told_apart() if line.source not in {*heard, DECLARED}]
        for code in dict.fromkeys(line.source for line in apart):
            yield self._row(wording.source_name(code, self.names), [line for line in apart if line.source == code])
        if together := [line for line in self.lines if not self._is_apart(line) and line.source != DECLARED]:
            yield self._row(others_together(), together)

    def _source(self, code: str, heard: Heard) -> dict[str, Any]:
        lines = [line for line in self._told_apart() if line.source == code]
        silent = [*self._silent(code)]
        row = self._row(self.names.get(code, code), lines, self.statement.evidence.get(code))
        return row | {"silent": silent, "caution": self._caution(code), "is_quiet": not lines and not silent}

    def _caution(self, code: str) -> str:
        """That a source's answer is of an earlier check or rests on old data, also where it has nothing to tell."""
        completeness = self.statement.completeness
        members = [each for each in self.statement.members if self.reader.is_told_apart(each)]
        told = (wording.person_caution(code, each, completeness) for each in members)
        return next((each for each in told if each), "")

    def _silent(self, code: str) -> Iterator[dict[str, str]]:
        """The living members of whom the source has said nothing, and why."""
        outcomes = self.statement.completeness.outcomes.get(code, {})
        for member in self.statement.members:
            outcome = outcomes.get(member, Outcome.NOT_ASKED.value)
            if not Outcome(outcome).is_answer:
                yield {"member": self.reader.member(member), "outcome": outcome}

    def _row(self, name: str, lines: Sequence[Line], evidence: Evidence | None = None) -> dict[str, Any]:
        tells_all = not self.reader.is_household
        return {
            "name": name,
            "says": wording.quantity(self._says(lines), self.unit) if lines else wording.MISSING,
            "used": self._used(lines),
            "evidence": evidence_of(evidence, self.found, self.names, tells_all=tells_all) if evidence else None,
            "silent": [],
            "caution": "",
            "is_quiet": False,
        }

    def _is_apart(self, line: Line) -> bool:
        return self.reader.is_told_apart(line.person)

    def _told_apart(self) -> list[Line]:
        return [line for line in self.lines if self._is_apart(line)]

    def _says(self, lines: Iterable[Line]) -> Decimal | None:
        """What lines tell together, in the unit of the total; None where they tell of no figure."""
        told = [amount for line in lines if (amount := self._figure(line)) is not None]
        if not told:
            return None
        return max(told) if self._is_of_one_line else sum(told, NOTHING)

    @property
    def _is_of_one_line(self) -> bool:
        """Whether the figure is that of a single line: the dearest, the longest, the age."""
        return self.criterion.name in {"vehicle_price", "single_age", *YEARS_SINCE}

    def _figure(self, line: Line) -> Decimal | None:
        if day := line.text.get(YEARS_SINCE.get(self.criterion.name, "")):
            return Decimal(full_years(date.fromisoformat(day), self.found.inputs.on))
        if self.unit == "years_of_age":
            return Decimal(line.text["age"])
        if self.unit == "m2":
            return line.area
        if self.unit == "cny":
            return line.amount
        return None if self.criterion.name in YEARS_SINCE else Decimal(1)

    def _used(self, lines: Iterable[Line]) -> str:
        """What of it is used; `--` where nothing is."""
        if self._is_of_one_line:
            behind = [self._figure(line) for line in lines if line.number in self.criterion.lines]
            return wording.quantity(next((each for each in behind if each == self.criterion.value), None), self.unit)
        used = [line.counted for line in lines if line.used]
        return wording.quantity(sum(used, NOTHING), self.unit) if used else wording.MISSING

    def _value(self) -> str:
        test = self.found.inputs.standard.tier.income
        total = sum((line.counted for line in self.lines if line.used), NOTHING)
        return value_words(self.criterion, total, len(self.statement.members), test.months if test else 12)

    def _steps(self) -> list[str]:
        name = FIGURE_NAMES.get(self.criterion.name, self.criterion.name)
        figure: Figure = getattr(self.statement.figures, name)
        persons = {line.number: line.person for line in self.lines}
        whose = [
            (step, step.person or _only({persons.get(number, "") for number in step.lines})) for step in figure.steps
        ]
        together: dict[str, Decimal] = {}
        for step, person in whose:
            if not self.reader.is_told_apart(person):
                together[step.code] = together.get(step.code, NOTHING) + step.amount
        sums = [] if self._is_of_one_line else [Step(code=code, amount=amount) for code, amount in together.items()]
        apart = [self.reader.step(step) for step, person in whose if self.reader.is_told_apart(person)]
        return [*(wording.step_text(step, others_together()) for step in sums), *apart]


def _only(persons: set[str]) -> str:
    """The person of lines that are all of one; empty for those of several."""
    return next(iter(persons)) if len(persons) == 1 else ""
