"""Every limit of every sample standard, read from the sample itself: just inside, on the line, just beyond.

What is expected follows from the sample's JSON and the operators that it leaves out, not from the code that reads it.
"""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
from msgspec.structs import replace

from tests.verification.household import (
    ACCOUNT,
    CAR,
    CHILD,
    DIBAO,
    FLAT,
    LOCAL,
    SHARE,
    STANDARDS,
    Told,
    check,
    earning,
)
from verification.facts import Declared
from verification.figures import Figure, Figures
from verification.rules import judge_all
from verification.standards.reading import SAMPLES
from verification.standards.schema import Standard

SHIPPED: dict[str, dict[str, Any]] = {
    path.stem: json.loads(path.read_text()) for path in sorted(SAMPLES.glob("*.json"))
}
CENT = Decimal("0.01")
ONE = Decimal(1)
FIGURES = {"one_benefit": "benefits"}  # where the figure has another name than the criterion


class Limit(NamedTuple):
    """One limit of one tier of one sample, for a household of so many."""

    standard: str
    tier: str
    criterion: str
    operator: str
    limit: Decimal
    size: int = 3
    step: Decimal = CENT
    whole: bool = False  # the figure is of the household and its limit per head

    def __str__(self) -> str:
        """For the name of the test."""
        return f"{self.standard} {self.tier} {self.criterion} {self.size}"

    @property
    def of_household(self) -> Decimal:
        """The limit as the figure has it."""
        return self.limit * self.size if self.whole else self.limit

    def holds(self, off: int) -> bool:
        """Whether a value so many steps above the limit meets it."""
        return {"<": off < 0, "<=": off <= 0, ">=": off >= 0}[self.operator]

    def chosen(self) -> Standard:
        """The sample with this tier as the line."""
        standard = STANDARDS[self.standard]
        return standard.at(next(tier for tier in standard.tiers if tier.code == self.tier))


def limits_of(name: str) -> Iterator[Limit]:
    content = SHIPPED[name]
    for tier in content["tiers"]:
        yield from _of_tier(name, content, tier)
        area, residence, business = content.get("area"), content.get("residence"), content.get("business")
        if area:
            yield Limit(name, tier["code"], "area", area.get("operator", "<"), Decimal(area["per_head"]))
        if residence:
            yield Limit(name, tier["code"], "residence", ">=", Decimal(residence["years"]), step=ONE)
        if business:
            yield Limit(name, tier["code"], "business", business.get("operator", "<="), Decimal(business["capital"]))
        if content.get("one_benefit", True):
            yield Limit(name, tier["code"], "one_benefit", "<=", Decimal(0), step=ONE)


def _of_tier(name: str, content: dict[str, Any], tier: dict[str, Any]) -> Iterator[Limit]:
    code, vehicles, assets = tier["code"], content.get("vehicles"), tier.get("assets", content.get("assets"))
    if income := tier.get("income"):
        yield Limit(name, code, "income", income.get("operator", "<"), Decimal(income["amount"]))
    if tier.get("kind") == "certificate":
        yield Limit(name, code, "certificate", ">=", Decimal(tier.get("certificate_years", 0)), step=ONE)
    if vehicles:
        yield Limit(name, code, "vehicles", "<=", Decimal(vehicles["count"]), step=ONE)
        price = Decimal(tier.get("vehicle_price", vehicles["price"]))
        yield Limit(name, code, "vehicle_price", vehicles.get("price_operator", "<="), price)
    for size in range(1, 7) if assets else ():
        band = [each for each in assets["table"] if each["persons"] <= size][-1]
        operator, whole = assets.get("operator", "<"), assets.get("scope", "per_head") == "per_head"
        yield Limit(name, code, "assets", operator, Decimal(band["limit"]), size=size, whole=whole)


LIMITS = [limit for name in SHIPPED for limit in limits_of(name)]
AROUND = [(limit, off) for limit in LIMITS for off in (-1, 0, 1) if limit.limit + off >= 0]
BY_MONEY = [limit for limit in LIMITS if limit.criterion not in {"residence", "certificate", "one_benefit"}]


@pytest.mark.parametrize(("limit", "off"), AROUND, ids=str)
def test_the_figure_is_judged_by_the_limit_and_operator_that_the_sample_writes(limit: Limit, off: int):
    value = limit.of_household + off * limit.step
    name = FIGURES.get(limit.criterion, limit.criterion)
    figures = Figures(**{"household_size": Figure(value=Decimal(limit.size)), name: Figure(value=value)})
    criterion = next(each for each in judge_all(figures, limit.chosen()) if each.name == limit.criterion)
    assert criterion.met is limit.holds(off)
    assert (criterion.limit, criterion.operator) == (limit.limit, limit.operator)
    assert (criterion.distance == 0) == (off == 0)


@pytest.mark.parametrize("name", SHIPPED)
def test_no_criterion_of_a_sample_is_without_a_boundary_here(name):
    standard = STANDARDS[name]
    for tier in standard.tiers:
        judged = {each.name for each in judge_all(Figures(household_size=Figure(value=ONE)), standard.at(tier))}
        assert judged == {each.criterion for each in LIMITS if (each.standard, each.tier) == (name, tier.code)}


def household_at(limit: Limit, value: Decimal) -> tuple[Told, Declared]:
    """A household that meets all else, of which this much is found (income: declared), in the whole.

    Its members cannot work, so that no minimum wage is counted for them.
    """
    content = SHIPPED[limit.standard]
    persons = [
        replace(earning(CHILD), key=f"m{place}", employment="unable", id_number="321299198003150017")
        for place in range(1, limit.size + 1)
    ]
    division = f"{content['residence']['divisions'][0]:0<6}"
    local = LOCAL | {"division_code": division, "moved_in_date": "2000-01-01"}
    told: Told = {("police", "m1"): [local], ("civil_affairs", "m1"): [DIBAO]}
    if limit.criterion == "income":
        persons[0] = replace(persons[0], income=replace(persons[0].income, transfers=value))
    elif limit.criterion == "area":
        told["housing_bureau", "m1"] = [FLAT | {"area": f"{value}"}]
    elif limit.criterion == "assets":
        told["icbc", f"m{limit.size}"] = [ACCOUNT | {"balance": f"{value}"}]
    elif limit.criterion == "vehicle_price":
        told["police", "m1"].append(CAR | {"insured_value": f"{value}"})
    elif limit.criterion == "business":
        told["market_regulation", "m1"] = [SHARE | {"paid_in_capital": f"{value / 10_000}"}]
    else:
        cars = [
            {"record_key": f"P{place}", "plate_no": f"P{place}", "insured_value": "1"} for place in range(int(value))
        ]
        told["police", "m1"] += [CAR | car for car in cars]
    return told, Declared(persons=tuple(persons))


@pytest.mark.parametrize(("limit", "off"), [(limit, off) for limit in BY_MONEY for off in (-1, 0, 1)], ids=str)
def test_one_cent_of_the_whole_household_decides_the_proposal(limit: Limit, off: int):
    """From what sources tell to the proposed conclusion, so that no rounding on the way crosses the line."""
    shared = {"income": limit.size * 12, "area": limit.size, "assets": limit.size if limit.whole else 1}
    value = limit.limit * shared.get(limit.criterion, 1) + off * limit.step
    told, declared = household_at(limit, value)
    comparison = check(told, declared, limit.chosen()).comparison
    assert comparison.proposed == ("fit" if limit.holds(off) else "unfit")
    assert comparison.reasons == (() if limit.holds(off) else (f"{limit.criterion}.failed",))
    assert comparison.tier == (limit.tier if limit.holds(off) else "")


@pytest.mark.parametrize("name", [name for name in SHIPPED if SHIPPED[name].get("assets") or "nanjing" in name])
def test_the_limit_of_a_band_holds_up_to_the_next_one(name):
    for tier in SHIPPED[name]["tiers"]:
        table = tier.get("assets", SHIPPED[name].get("assets"))["table"]
        sizes = [band["persons"] for band in table]
        standard = STANDARDS[name].at(next(each for each in STANDARDS[name].tiers if each.code == tier["code"]))
        for band, after in zip(table, [*sizes[1:], 20], strict=True):
            for size in range(band["persons"], after):
                assert standard.asset_test.limit_for(size) == Decimal(band["limit"])
