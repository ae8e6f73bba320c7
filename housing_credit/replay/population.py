"""Who comes to which window on which day, what they declare, and what is true. From a seed, always the same. Plain
Python.
"""

import copy
import random
from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import Any

import msgspec
from msgspec import Struct

from bureau import divisions
from housing_credit.replay import fates, planting, truth
from housing_credit.replay.days import Month
from housing_credit.replay.fates import CHANGED_BY, IN_A_HOME_BY, ORDINARY, Fate, Planted
from housing_credit.replay.people import BANK_NAMES, Invention, Someone
from housing_credit.replay.truth import Known
from verification.facts import Declared

HOME = "public_rental"
HARMLESS = 0.12  # share of the fit ones of whom something is found that changes nothing
NOTICE = {"households": 2227, "unfit": 585}  # the notice's own figures, with those of `Planted`


class Plant(Struct, frozen=True, kw_only=True):
    """How much is planted of what, and the seed from which all follows."""

    households: int = NOTICE["households"]
    unfit: int = NOTICE["unfit"]
    seed: int = 20171130
    first: Month = Month(2014, 3)
    last: Month = Month(2017, 9)  # in which households come
    subsidies: float = 0.85  # share of the households that apply for one
    tenants: Planted = Planted()

    @classmethod
    def for_households(cls, count: int) -> "Plant":
        """The notice's figures for so many households, in proportion."""
        part = count / NOTICE["households"]
        return cls(households=count, unfit=round(NOTICE["unfit"] * part), tenants=Planted().share(part))


class Household(Struct, frozen=True, kw_only=True, dict=True):
    """One household. `hides` names what it keeps from the window and what breaks the standard; empty: nothing."""

    place: int
    kind: str  # of application
    window: str
    comes_on: date
    people: tuple[Someone, ...]
    declaration: dict[str, Any]
    known: dict[str, Known]
    hides: str = ""
    fate: Fate = ORDINARY
    known_later: dict[str, Known] = {}  # once its circumstances have changed

    @cached_property
    def declared(self) -> Declared:
        """What it brings to the window."""
        return msgspec.convert(self.declaration, Declared, strict=False)

    def pinned(self, on: Month) -> list[dict[str, Any]]:
        """What the departments know of it in a month."""
        return truth.pinned(self.people, self.known_later if self.known_later and on > CHANGED_BY else self.known)


def households(plant: Plant) -> list[Household]:
    """All of them, in the order of their coming."""
    invention = Invention(plant.seed, date(plant.first.year, 1, 1))
    draw = invention.draw
    months = plant.first.until(plant.last)
    days = sorted(draw.choice(draw.choice(months).intake) for _ in range(plant.households))
    windows = [office.code for office in divisions.OFFICES if office.tier == "window"]
    hiding = set(draw.sample(range(plant.households), plant.unfit))
    found = [
        _household(place, day, draw.choice(windows), place in hiding, invention, plant.subsidies)
        for place, day in enumerate(days)
    ]
    soon = IN_A_HOME_BY.desk_days[0]
    tenants = [each.place for each in found if each.kind == HOME and not each.hides and each.comes_on < soon]
    planted = fates.fates(tenants, plant.tenants, plant.seed)
    return [_with_fate(each, planted[each.place], plant.seed) if each.place in planted else each for each in found]


def _with_fate(household: Household, fate: Fate, seed: int) -> Household:
    later: dict[str, Known] = {}
    if fate.changes:
        later = copy.deepcopy(household.known)
        draw = random.Random(f"{seed}/{household.place}")  # noqa: S311 -- invented people, not a secret
        planting.UNFIT[fate.changes](household.people, later, {}, draw)
    return msgspec.structs.replace(household, fate=fate, known_later=later)


def _household(
    place: int, comes_on: date, window: str, hides: bool, invention: Invention, subsidies: float
) -> Household:
    draw = invention.draw
    kind = "rental_subsidy" if draw.random() < subsidies else HOME
    people = invention.family(modest=kind == "rental_subsidy")
    division = window[:6]
    known, declaration = truth.of_family(people, division), _declaration(people, division)
    hidden = draw.choice([*planting.UNFIT]) if hides else ""
    if hidden:
        planting.UNFIT[hidden](people, known, declaration, draw)
    elif draw.random() < HARMLESS:
        planting.HARMLESS[draw.choice([*planting.HARMLESS])](people, known, declaration, draw)
    return Household(
        place=place,
        kind=kind,
        window=window,
        comes_on=comes_on,
        people=people,
        declaration=declaration,
        known=known,
        hides=hidden,
    )


def _declaration(people: Sequence[Someone], division: str) -> dict[str, Any]:
    """An honest one: they rent, and own what they say."""
    return {
        "persons": [_person(each, division) for each in people],
        "homes": [
            {"owner": "m1", "address": "泰州市海陵区鼓楼南路118号3幢204室", "area": "52.00", "tenure": "private_rental"}
        ],
        "vehicles": [],
        "assets": [
            {
                "owner": each.key,
                "asset_type": "deposit",
                "institution": BANK_NAMES[each.bank],
                "amount": f"{each.balance}.00",
            }
            for each in people
            if each.bank
        ],
    }


def _person(each: Someone, division: str) -> dict[str, Any]:
    employment = "employed" if each.wage else "retired" if each.pension else "child"
    name, code = each.employer
    return {
        "key": each.key,
        "name": each.name,
        "id_number": each.id_number,
        "relation": each.relation,
        "marital": each.marital,
        "hukou_since": "2002-05-01" if each.bank else None,
        "hukou_division": division,
        "employment": employment,
        "employer_name": name,
        "employer_code": code,
        "income": {"wages": f"{each.wage * 12}.00", "transfers": f"{each.pension * 12}.00"},
    }
