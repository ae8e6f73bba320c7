"""Everything that the sources know of anybody: pinned people first, invented lives for the rest."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct, convert

from verification.mock_departments import invented
from verification.mock_departments.clock import CLOCK
from verification.mock_departments.lives import life
from verification.mock_departments.questions import Asked, Household, PersonAnswer, old_form
from verification.mock_departments.relative_dates import resolve
from verification.mock_departments.sources import SOURCES, Source

_CODES = {"found": 0, "none": 1, "identity_mismatch": 2, "not_in_charge": 3, "error": 9}
RESULTS = {"", *_CODES, "silent", "omitted"}


class Holding(Struct, frozen=True, forbid_unknown_fields=True):
    """What one source holds on one pinned person.

    `result` forces an outcome: identity_mismatch, not_in_charge, error, none; `omitted` leaves the whole question out
    of the answer; `silent` does so too, and a request that is only about such people is never answered. `name` is the
    name under which this source holds the person, `id_number` the number (an old one of 15 digits).
    """

    records: tuple[dict[str, Any], ...] = ()  # fields by section 10 of the contract
    result: str = ""
    name: str = ""
    id_number: str = ""
    remark: str = ""

    def __post_init__(self) -> None:
        if self.result not in RESULTS:
            raise ValueError(f"result is one of {sorted(RESULTS)}")
        if not all(record.get("kind") and record.get("record_key") for record in self.records):
            raise ValueError("every record has a kind and a record_key")


class Pinned(Struct, frozen=True, forbid_unknown_fields=True):
    """A person whose truth is set by hand. `rest`: what the sources not listed know, nothing or an invented life."""

    id_number: str
    name: str = ""  # the true name; empty: any name is taken as true
    known: dict[str, Holding] = {}
    rest: str = "invented"

    def __post_init__(self) -> None:
        if unknown := set(self.known) - set(SOURCES):
            raise ValueError(f"no such source: {sorted(unknown)}")
        if self.rest not in {"invented", "nothing"}:
            raise ValueError("rest is invented or nothing")


_NOTHING = Holding()


class World:
    """The truth of this program: a seed, and the people who are pinned."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._pinned: dict[str, Pinned] = {}
        self.control: frozenset[str] = frozenset()  # ID numbers of the control persons

    def pin(self, people: list[Any]) -> int:
        """Set what the sources know of these people, offsets resolved; on `msgspec.ValidationError` nothing changes."""
        pinned = convert(resolve(people, CLOCK.today()), list[Pinned])
        self._pinned.update((person.id_number, person) for person in pinned)
        return len(pinned)

    def forget_all(self) -> None:
        """Unpin everybody."""
        self._pinned.clear()

    def is_silent_on(self, source: Source, household: Household) -> bool:
        """Whether this source keeps still about somebody of the household (never answers, rather than leaves out)."""
        return any(self._forced(source, person) == "silent" for person in household.persons)

    def search(self, source: Source, household: Household) -> list[PersonAnswer] | None:
        """What the source says of each person, in the order asked; None when it leaves the question out."""
        if any(self._forced(source, person) in {"silent", "omitted"} for person in household.persons):
            return None
        return [self._search_one(source, household, person) for person in household.persons]

    def _forced(self, source: Source, person: Asked) -> str:
        pinned = self._pinned.get(person.id_no)
        return pinned.known.get(source.code, _NOTHING).result if pinned else ""

    def _search_one(self, source: Source, household: Household, person: Asked) -> PersonAnswer:
        pinned = self._pinned.get(person.id_no)
        holding = pinned.known.get(source.code) if pinned else None
        if pinned and (holding is not None or pinned.rest == "nothing"):
            return _held(pinned, holding or _NOTHING, household, person)
        if pinned and pinned.name and pinned.name != person.person_name.strip():
            return PersonAnswer(person.person, person.id_no, 2)
        lived = life(person.id_no, self.seed, household.asof_date)
        records = invented.RECORDS[source.code](household, person, lived, source.code, self.seed)
        return _answer(household, person, person.id_no, records)


def _held(pinned: Pinned, holding: Holding, household: Household, person: Asked) -> PersonAnswer:
    name = holding.name or pinned.name
    number = holding.id_number or person.id_no
    if number not in {person.id_no, old_form(person.id_no)} or (name and name != person.person_name.strip()):
        return PersonAnswer(person.person, person.id_no, 2)
    if holding.result in _CODES and holding.result != "found":
        day = CLOCK.today() if holding.result == "none" else None
        return PersonAnswer(person.person, number, _CODES[holding.result], day, [], holding.remark)
    return _answer(household, person, number, holding.records, holding.remark)


def _answer(
    household: Household, person: Asked, number: str, held: Sequence[dict[str, Any]], remark: str = ""
) -> PersonAnswer:
    records = [record for record in held if record["kind"] in household.kinds and _is_wanted(record, household)]
    return PersonAnswer(person.person, number, 0 if records else 1, CLOCK.today(), records, remark)


def _is_wanted(record: dict[str, Any], household: Household) -> bool:
    """Homes that left the person before the look-back day are not sent (section 10.1)."""
    left_on = record.get("transferred_on")
    return left_on is None or str(left_on) >= household.since_date.isoformat()
