"""The pinned households of scenarios/*.json: their declaration, what sources know, what an officer would conclude."""

from datetime import date
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.json import decode

from verification.mock_departments.relative_dates import resolve
from verification.mock_departments.world import World

FOLDER = Path(__file__).parent / "scenarios"
CONTROL_PERSONS = Path(__file__).parent / "control_persons.json"


class Expectation(Struct, frozen=True, forbid_unknown_fields=True):
    """What must come of it: conclusion fit, unfit or incomplete; kinds of findings; failing criteria, in words."""

    conclusion: str
    findings: tuple[str, ...] = ()
    failing: tuple[str, ...] = ()


class Scenario(Struct, frozen=True, forbid_unknown_fields=True):
    """One file. `household` has the JSON shape of a whole declaration; `known` goes by ID number through `people`."""

    title_zh: str
    title_en: str
    why: str
    kind: str  # public_rental | rental_subsidy
    household: dict[str, Any]
    people: list[Any]  # the JSON shape of world.Pinned
    expect: Expectation

    def papers(self, name: str, day: date) -> dict[str, Any]:
        """What the household brings to the window, offsets resolved; never what the sources know."""
        return {
            "name": name,
            "title_zh": self.title_zh,
            "title_en": self.title_en,
            "kind": self.kind,
            "household": resolve(self.household, day),
        }


def read_all() -> dict[str, Scenario]:
    """Every scenario by its file's name, in alphabetical order."""
    return {
        file.stem: decode(file.read_bytes(), type=Scenario)
        for file in sorted(FOLDER.glob("*.json"), key=lambda file: file.stem)
    }


def pin_all(world: World, scenarios: dict[str, Scenario]) -> None:
    """Make the truths of all scenarios and of the control persons those of this world.

    Two of them that share a number are an error.
    """
    control = decode(CONTROL_PERSONS.read_bytes())
    world.pin(control)
    world.control = frozenset(person["id_number"] for person in control)
    seen = {*world.control}
    for scenario in scenarios.values():
        world.pin(scenario.people)
        numbers = {person["id_number"] for person in scenario.people}
        if seen & numbers:
            raise ValueError("two scenarios share an ID number")
        seen |= numbers
