"""The sheet on which a statement is drawn up: lines, and the records that stand behind them, in a lasting order."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import TypedDict, TypeVar, Unpack

from msgspec import UNSET, Struct, UnsetType

from verification.connector import Reply
from verification.facts import Declared, DeclaredPerson, Evidence, RecordKind
from verification.figures import Figure, Figures, Step
from verification.record_form import RecordForm
from verification.records import Record
from verification.standards import Standard
from verification.statement.fingerprints import marks

DECLARED = "declared"  # the source of a line that the household itself wrote
STANDARD = "standard"  # the source of a line that a rule adds (minimum wage, moved deposits)
NOTHING = Decimal(0)

Kind = TypeVar("Kind", bound=RecordForm)


class LastKnown(Struct, frozen=True):
    """An answer that a source gave for an earlier check and that serves because it is silent now."""

    on: date  # of its data, else of its reply: the earliest of the members'
    check: str  # number of the check for which it was given


class Heard(Struct, frozen=True, kw_only=True):
    """What one source said of the household: a reply per person, also those that are no answer, and the evidence.

    What was not thought of when older ones were stored is unset there, so that they read and encode as they were.
    """

    source: str
    kinds: tuple[RecordKind, ...]
    replies: tuple[Reply, ...]
    evidence: Evidence | None = None
    required: bool = False
    stale_after: int | UnsetType = UNSET  # days after which its data are old
    last_known: LastKnown | UnsetType = UNSET  # the answers here are of then; the source itself is silent
    kept_back: bool | UnsetType = UNSET  # it answered, and its answers are in doubt

    def age(self, reply: Reply, on: date) -> int | None:
        """How many days old the data of an answer are on a day; None where the source does not say."""
        return (on - reply.data_date).days if reply.data_date and reply.outcome.is_answer else None

    def is_stale(self, reply: Reply, on: date) -> bool:
        """Whether an answer rests on data that are older than its source's may be."""
        age = self.age(reply, on)
        return age is not None and self.stale_after is not UNSET and age > self.stale_after

    def lacks_months(self, reply: Reply, on: date) -> bool:
        """Whether whole months before the day have passed since an answer that serves although it is of earlier."""
        if self.last_known is UNSET or not reply.outcome.is_answer:
            return False
        return (self.last_known.on.year, self.last_known.on.month) < (on.year, on.month)


class Line(Struct, frozen=True, kw_only=True):
    """One line of the statement.

    `counted` is what it adds to its section's figure: CNY for the period of income and for assets and business, m² for
    homes, pieces for vehicles and benefits. A line that adds nothing says why in `reason`.
    """

    number: int
    section: str  # household | income | homes | vehicles | assets | business | assistance
    kind: str  # wages, pension, ownership, transfer, car, deposit, … as the section has them
    person: str
    source: str  # a source code, "declared" or "standard"
    counted: Decimal = NOTHING
    used: bool = False
    reason: str = ""
    amount: Decimal | None = None  # as found, CNY
    area: Decimal | None = None  # as found, m² of the whole home
    text: dict[str, str] = {}
    record_key: str = ""
    data_date: date | None = None


class Details(TypedDict, total=False):
    """What a line may say besides."""

    reason: str
    amount: Decimal | None
    area: Decimal | None
    text: dict[str, str]
    record_key: str
    data_date: date | None


class Stale(Struct, frozen=True):
    """Data of a source that are older than they may be. `leaves_open`: what they do not show is not known."""

    on: date  # the earliest of the members'
    days: int  # old on the day of the check
    limit: int
    persons: tuple[str, ...]
    leaves_open: bool


class Completeness(Struct, frozen=True, kw_only=True):
    """Who was asked and who answered: outcomes by source and person, and the required sources that owe an answer.

    A source has `answered` when it told of every living member, now and not by old data. Those of which the last known
    answer serves, and those whose data are old, are named with the days.
    """

    asked: int
    answered: int
    outcomes: dict[str, dict[str, str]]
    missing: tuple[str, ...] = ()
    mismatched: tuple[tuple[str, str], ...] = ()  # source and person of every identity mismatch not yet settled
    last_known: dict[str, LastKnown] | UnsetType = UNSET
    stale: dict[str, Stale] | UnsetType = UNSET
    kept_back: tuple[str, ...] | UnsetType = UNSET  # sources whose answers are in doubt

    @property
    def in_doubt(self) -> tuple[str, ...]:
        """The sources whose answers are kept back; empty where none are."""
        return () if self.kept_back is UNSET else self.kept_back

    @property
    def served_by_last_known(self) -> dict[str, LastKnown]:
        """By source; empty where all that is told was told now."""
        return {} if self.last_known is UNSET else self.last_known

    @property
    def old(self) -> dict[str, Stale]:
        """By source; empty where no data are older than they may be."""
        return {} if self.stale is UNSET else self.stale

    @property
    def silent(self) -> int:
        """How many sources have not told of every living member."""
        return self.asked - self.answered - len({*self.served_by_last_known, *self.old})


class Statement(Struct, frozen=True, kw_only=True):
    """The household's economic status as of a day: lines, figures, completeness, evidence by source."""

    on: date
    members: tuple[str, ...]  # those who count
    lines: tuple[Line, ...]
    figures: Figures
    completeness: Completeness
    evidence: dict[str, Evidence] = {}

    def line(self, number: int) -> Line:
        """The line of this number."""
        return self.lines[number - 1]

    def lines_of(self, section: str) -> list[Line]:
        """The lines of a section, in order."""
        return [line for line in self.lines if line.section == section]


class Found(Struct, frozen=True):
    """One record with the source, the person and the day of the data."""

    source: str
    person: str
    record: Record
    data_date: date | None


class Sheet:
    """What a statement is drawn up from and on. Records come in one order whatever order the sources answered in."""

    def __init__(
        self, declared: Declared, heard: Sequence[Heard], standard: Standard, on: date, set_aside: frozenset[str]
    ) -> None:
        self.declared, self.standard, self.on, self.heard = declared, standard, on, heard
        self.persons: dict[str, DeclaredPerson] = {person.key: person for person in declared.persons}
        self.living: tuple[str, ...] = tuple(self.persons)
        self.lines: list[Line] = []
        self.silent: dict[str, frozenset[str]] = {}  # kind of record -> members of whom a required source owes it
        self._set_aside = set_aside
        self._found: dict[type[RecordForm], list[Found]] = {}
        for found in sorted(self._once(), key=lambda each: (each.person, each.source, each.record.record_key)):
            self._found.setdefault(type(found.record), []).append(found)

    def _once(self) -> Iterator[Found]:
        seen = set()
        for heard in self.heard:
            for reply in heard.replies:
                for record in reply.records if reply.outcome.is_answer else ():
                    key = (heard.source, reply.person, type(record), record.record_key)
                    if reply.person in self.persons and key not in seen:
                        seen.add(key)
                        yield Found(heard.source, reply.person, record, reply.data_date)

    def records(self, kind: type[Kind]) -> list[tuple[Found, Kind]]:
        """The records of a kind with where they come from, by person, source and key."""
        return [(found, found.record) for found in self._found.get(kind, ()) if isinstance(found.record, kind)]

    def is_set_aside(
        self,
        source: str,
        record_key: str,
        findings: Iterable[str],
        amount: Decimal,
        period: str = "",
        on: date | None = None,
    ) -> bool:
        """Whether a person has dismissed a finding on this record. The amount is that of the finding, in CNY."""
        if not self._set_aside:
            return False
        known = (marks(source, record_key, kind, period, amount, on) for kind in findings)
        return any(not self._set_aside.isdisjoint(each) for each in known)

    def add(
        self,
        section: str,
        kind: str,
        person: str,
        source: str,
        counted: Decimal = NOTHING,
        *,
        used: bool | None = None,
        **details: Unpack[Details],
    ) -> Line:
        """Write the next line; it is used when it adds something, unless said otherwise."""
        line = Line(
            number=len(self.lines) + 1,
            section=section,
            kind=kind,
            person=person,
            source=source,
            counted=counted,
            used=bool(counted) if used is None else used,
            **details,
        )
        self.lines.append(line)
        return line

    @property
    def months(self) -> int:
        """How many whole months before the check make the period of income."""
        test = self.standard.tier.income
        return test.months if test else 12

    def silent_on(self, kind: RecordKind) -> frozenset[str]:
        """The living members of whom a source that must answer has not told this kind of record."""
        return self.silent.get(kind, frozenset())

    def total(self, section: str, register: RecordKind | None = None) -> Figure:
        """The sum of what the lines of a section add, with a step per person.

        What was only declared is certain when the register of these things has answered, which may take it away.
        """
        lines = [line for line in self.lines if line.section == section and line.used]
        steps = []
        for person in dict.fromkeys(line.person for line in lines):
            own = [line for line in lines if line.person == person]
            numbers = tuple(line.number for line in own)
            steps.append(Step(code=section, person=person, amount=sum_of(own), lines=numbers))
        least = None
        if register and self.silent_on(register):
            least = sum_of(line for line in lines if line.source != DECLARED)
        numbers = tuple(line.number for line in lines)
        return Figure(value=sum_of(lines), lines=numbers, steps=tuple(steps), least=least)


def sum_of(lines: Iterable[Line]) -> Decimal:
    """What the lines add together."""
    return sum((line.counted for line in lines), NOTHING)


def years_before(on: date, years: int) -> date:
    """The same day so many years earlier; 29 February becomes 28 February."""
    try:
        return on.replace(year=on.year - years)
    except ValueError:
        return on.replace(year=on.year - years, day=28)


def full_years(since: date, on: date) -> int:
    """Whole years from one day to another, never less than 0."""
    return max(0, on.year - since.year - ((on.month, on.day) < (since.month, since.day)))
