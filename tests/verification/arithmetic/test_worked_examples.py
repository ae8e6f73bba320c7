"""The published limits of domain.md §3.2 as tables: each city's line, and households on either side of it.

Limits of eligibility only. Cities that ship no sample are written down here as their notices put them; where a notice
names a figure of another year's statistics, the figure here is invented and the ratio is the notice's.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from tests.verification.household import ACCOUNT, CAR, CHILD, FATHER, LOCAL, MOTHER, STANDARDS, TAIZHOU, check, earning
from verification.facts import Declared
from verification.figures import Criterion, Figure, Figures, Operator
from verification.rules import judge_all
from verification.standards import Standard, Tier, choose
from verification.standards.schema import (
    AreaTest,
    AssetBand,
    AssetTest,
    BusinessTest,
    IncomeTest,
    Residence,
    SingleRule,
    VehicleTest,
)

BARE = replace(TAIZHOU, area=None, assets=None, vehicles=None, business=None, residence=None, minimum_wage=None)
NANJING, XUZHOU = STANDARDS["nanjing-2021-public-rental"], STANDARDS["xuzhou-2017-rental-subsidy"]
DIBAO_HOUSING = STANDARDS["xuzhou-2017-public-rental-dibao"]


def income(amount: str, code: str = "line", **terms: object) -> Tier:
    return Tier(code=code, name=code, income=IncomeTest(amount=Decimal(amount), **terms))


def assets(limit: str, **terms: object) -> AssetTest:
    return AssetTest(table=(AssetBand(persons=1, limit=Decimal(limit)),), **terms)


CHANGZHOU = replace(BARE, id="changzhou", tiers=(income("3125", "low"), income("5000", "lower_middle")))
SUZHOU = replace(
    BARE,
    tiers=(income("3360"),),
    area=AreaTest(per_head=Decimal(18), operator=Operator.AT_MOST),
    residence=Residence(divisions=("3205",), years=5),
)
XUZHOU_SALE = replace(
    BARE,
    tiers=(income("2065"),),
    area=AreaTest(per_head=Decimal(15), operator=Operator.AT_MOST),
    residence=Residence(divisions=("3203",), years=5),
    single=SingleRule(age=35),
)
NO_HOME = AreaTest(per_head=Decimal("0.01"), counted_uses=("dwelling", "commercial", "office"))
XUZHOU_NEWCOMERS = replace(BARE, tiers=(income("999999"),), area=NO_HOME)
INDEX = IncomeTest(ratio=Decimal("0.8"), index_name="invented", index_amount=Decimal(60_000), base="yearly")
YANGZHOU = replace(BARE, tiers=(Tier(code="line", name="line", income=INDEX),))
YUHUAN = replace(
    BARE,
    tiers=(income("60000", base="yearly"),),  # invented
    residence=Residence(divisions=("3310",), years=1),
    area=AreaTest(
        per_head=Decimal(18), operator=Operator.AT_MOST, total=Decimal(36), total_operator=Operator.UNDER, joined="or"
    ),
    assets=assets("200000"),
    business=BusinessTest(capital=Decimal(300_000)),
    vehicles=VehicleTest(count=1, price=Decimal(150_000), price_operator=Operator.UNDER),
)
CHENGDE = replace(
    BARE,
    tiers=(income("999999"),),
    area=AreaTest(per_head=Decimal(15), operator=Operator.AT_MOST, total=Decimal(50), joined="and"),
    assets=assets("80000", scope="household", operator=Operator.AT_MOST),
    vehicles=VehicleTest(count=1, price=Decimal(50_000)),
)
SUZHOU_SND = replace(BARE, area=NO_HOME, single=SingleRule(age=60))


@dataclass
class Example:
    """A household's figures under one city's standard, and which of its criteria fail."""

    city: str
    standard: Standard
    figures: dict[str, str]
    failed: list[str] = field(default_factory=list)
    size: int = 3


def low(standard: Standard) -> Standard:
    return standard.at(standard.tiers[0])


INNER = {"residence": "5"}
EXAMPLES = [
    Example("Nanjing", NANJING, INNER | {"income": "4290.99", "area": "14.99", "assets": "599999.99"}),
    Example("Nanjing", NANJING, INNER | {"income": "4291"}, ["income"]),
    Example("Nanjing", NANJING, INNER | {"area": "15"}, ["area"]),
    Example("Nanjing", NANJING, {"residence": "4"}, ["residence"]),
    Example("Nanjing", NANJING, INNER | {"vehicles": "1", "vehicle_price": "120000"}),
    Example("Nanjing", NANJING, INNER | {"vehicles": "1", "vehicle_price": "120000.01"}, ["vehicle_price"]),
    Example("Nanjing", NANJING, INNER | {"vehicles": "2", "vehicle_price": "9000"}, ["vehicles"]),
    Example("Nanjing", NANJING, INNER | {"assets": "459999.99"}, size=2),
    Example("Nanjing", NANJING, INNER | {"assets": "460000"}, ["assets"], size=2),
    Example("Nanjing", NANJING, INNER | {"assets": "680000"}, ["assets"], size=4),
    Example("Nanjing", NANJING, INNER | {"assets": "849999.99"}, size=5),
    Example("Nanjing, low", low(NANJING), INNER | {"income": "2681.99", "assets": "449999.99"}),
    Example("Nanjing, low", low(NANJING), INNER | {"income": "2682"}, ["income"]),
    Example("Nanjing, low", low(NANJING), INNER | {"assets": "450000"}, ["assets"]),
    Example("Nanjing, low", low(NANJING), INNER | {"assets": "339999.99"}, size=2),
    Example("Nanjing, low", low(NANJING), INNER | {"assets": "520000"}, ["assets"], size=4),
    Example("Nanjing, low", low(NANJING), INNER | {"vehicles": "1", "vehicle_price": "80000"}),
    Example("Nanjing, low", low(NANJING), INNER | {"vehicles": "1", "vehicle_price": "80000.01"}, ["vehicle_price"]),
    Example("Changzhou", CHANGZHOU, {"income": "4999.99"}),
    Example("Changzhou", CHANGZHOU, {"income": "5000"}, ["income"]),
    Example("Changzhou, low", low(CHANGZHOU), {"income": "3124.99"}),
    Example("Changzhou, low", low(CHANGZHOU), {"income": "3125"}, ["income"]),
    Example("Suzhou", SUZHOU, {"income": "3359.99", "area": "18", "residence": "5"}),
    Example("Suzhou", SUZHOU, {"income": "3360", "area": "18.01", "residence": "4"}, ["residence", "income", "area"]),
    Example("Xuzhou, subsidy", XUZHOU, INNER | {"income": "1548.99", "area": "14.99"}),
    Example("Xuzhou, subsidy", XUZHOU, INNER | {"income": "1549", "area": "15"}, ["income", "area"]),
    Example("Xuzhou, dibao", DIBAO_HOUSING, INNER | {"certificate": "1", "area": "10"}),
    Example("Xuzhou, dibao", DIBAO_HOUSING, INNER | {"certificate": "0", "area": "10.01"}, ["certificate", "area"]),
    Example("Xuzhou, sale", XUZHOU_SALE, INNER | {"income": "2064.99", "area": "15", "single_age": "35"}, size=1),
    Example("Xuzhou, sale", XUZHOU_SALE, INNER | {"income": "2065", "single_age": "34"}, ["income", "single_age"], 1),
    Example("Xuzhou, newcomers", XUZHOU_NEWCOMERS, {"area": "0"}),
    Example("Xuzhou, newcomers", XUZHOU_NEWCOMERS, {"area": "0.01"}, ["area"]),
    Example("Yangzhou", YANGZHOU, {"income": "3999.99"}),
    Example("Yangzhou", YANGZHOU, {"income": "4000"}, ["income"]),
    Example("Yuhuan", YUHUAN, {"residence": "1", "income": "4999.99", "area": "18", "area_total": "54"}),
    Example("Yuhuan", YUHUAN, {"residence": "1", "area": "35.99", "area_total": "35.99"}, size=1),
    Example("Yuhuan", YUHUAN, {"residence": "1", "area": "36", "area_total": "36"}, ["area"], size=1),
    Example("Yuhuan", YUHUAN, {"residence": "0", "income": "5000"}, ["residence", "income"]),
    Example("Yuhuan", YUHUAN, {"residence": "1", "assets": "599999.99", "business": "300000"}),
    Example("Yuhuan", YUHUAN, {"residence": "1", "assets": "600000", "business": "300000.01"}, ["assets", "business"]),
    Example("Yuhuan", YUHUAN, {"residence": "1", "vehicles": "1", "vehicle_price": "149999.99"}),
    Example("Yuhuan", YUHUAN, {"residence": "1", "vehicle_price": "150000"}, ["vehicle_price"]),
    Example("Chengde", CHENGDE, {"area": "15", "area_total": "45", "assets": "80000", "vehicle_price": "50000"}),
    Example("Chengde", CHENGDE, {"area": "12.51", "area_total": "50.04"}, ["area"], size=4),
    Example("Chengde", CHENGDE, {"assets": "80000.01", "vehicle_price": "50000.01"}, ["assets", "vehicle_price"]),
    Example("Suzhou SND", SUZHOU_SND, {"single_age": "60", "area": "0"}, size=1),
    Example("Suzhou SND", SUZHOU_SND, {"single_age": "59", "area": "0.01"}, ["area", "single_age"], size=1),
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: f"{each.city} {each.figures}")
def test_the_published_limits_divide_as_the_notices_say(example: Example):
    figures = {name: Figure(value=Decimal(value)) for name, value in example.figures.items()}
    size = Figure(value=Decimal(example.size))
    judged: tuple[Criterion, ...] = judge_all(Figures(household_size=size, **figures), example.standard)
    assert [criterion.name for criterion in judged if not criterion.met] == example.failed
    assert None not in {criterion.met for criterion in judged}


@pytest.mark.parametrize(("day", "line"), [(date(2023, 6, 30), 4785), (date(2023, 7, 1), 5000)])
def test_a_line_that_was_raised_binds_from_its_first_day(day, line):
    """Changzhou raised 4,785 to 5,000; its notice is not dated, so the days are invented."""
    before = replace(CHANGZHOU, tiers=(income("4785"),), effective_from=date(2022, 7, 1))
    after = replace(CHANGZHOU, effective_from=date(2023, 7, 1))
    chosen = choose([after, before], city=BARE.city, programme=BARE.programme, on=day)
    assert chosen.tier.income.monthly_limit == line


@pytest.mark.parametrize(
    ("assets_held", "car", "tier"),
    [
        ("0", None, "low"),
        ("449999.99", "80000", "low"),
        ("450000", None, "lower_middle"),
        ("0", "80000.01", "lower_middle"),
        ("599999.99", "120000", "lower_middle"),
        ("600000", None, ""),
        ("0", "120000.01", ""),
    ],
)
def test_three_persons_in_nanjing_come_into_the_tier_whose_property_limits_they_meet(assets_held, car, tier):
    home = LOCAL | {"division_code": "320102", "moved_in_date": "2010-01-01"}
    cars = [CAR | {"insured_value": car}] if car else []
    told = {("police", "m1"): [home, *cars], ("icbc", "m2"): [ACCOUNT | {"balance": assets_held}]}
    family = Declared(persons=(earning(FATHER, wages=60000), earning(MOTHER), CHILD))
    comparison = check(told, family, NANJING).comparison
    assert (comparison.tier, comparison.proposed) == (tier, "fit" if tier else "unfit")


@pytest.mark.parametrize(
    ("members", "per_head", "proposed"),
    [("father", "1720", "unfit"), ("father mother", "1720", "unfit"), ("father mother child", "1146.666666", "fit")],
)
def test_in_xuzhou_the_able_without_proof_of_income_count_at_the_minimum_wage(members, per_head, proposed):
    """1,720 a month for each who can work, against a line of 1,549 a head."""
    people = {"father": earning(FATHER), "mother": earning(MOTHER), "child": CHILD}
    family = Declared(persons=tuple(people[name] for name in members.split()))
    assessed = check({("police", "m1"): [LOCAL | {"division_code": "320302"}]}, family, XUZHOU)
    assert assessed.statement.figures.income.value == Decimal(per_head)
    assert assessed.comparison.proposed == proposed
