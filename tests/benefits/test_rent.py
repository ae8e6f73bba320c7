"""Subsidies and rents by the published formulas of five cities, and where a formula does not answer."""

from datetime import date
from decimal import Decimal

import msgspec
import pytest

from benefits import rent
from benefits.rent import Household, NotToBeWorkedOutError
from verification.standards import Rent, Subsidy, sample_standards


def terms(**said):
    return msgspec.convert(said, Subsidy)


def subsidy_of(code):
    return next(standard.subsidy for standard in sample_standards() if standard.id == code)


NANJING = subsidy_of("nanjing-2021-rental-subsidy")
NANJING_UNROUNDED = terms(
    base_rate="35", area_per_head="20", tier_factor={"dibao": "0.9", "low": "0.8", "lower_middle": "0.5"}
)
XUZHOU = subsidy_of("xuzhou-2017-rental-subsidy")
QINGDAO = terms(
    base_rate="20",
    area_by_size={"1": "30", "2": "30", "3": "45", "4": "60"},
    tier_rate={"first": "20", "second": "18", "third": "16", "fourth": "14"},
)
YUZHONG = terms(
    base_rate="23",
    area_by_size={"1": "20", "2": "30", "3": "45", "4": "60"},
    tier_factor={"dibao": "1", "low": "0.8"},
    area_cap="60",
    capped_by_rent=True,
)
SHANTOU = terms(
    base_rate="15",
    area_per_head="15",
    headcount={"1": "2", "2": "2.5", "6+": "5"},
    tier_factor={"dibao": "1.2", "low": "1"},
    other_factors={"honour": "1.5"},
)
HUAINAN = terms(base_rate="8", area_per_head="15", tier_factor={"dibao": "1", "low": "0.8", "lower_middle": "0.6"})


@pytest.mark.parametrize(
    ("city", "persons", "tier", "more", "amount"),
    [
        (NANJING, 3, "dibao", {}, "1920.00"),
        (NANJING_UNROUNDED, 3, "dibao", {}, "1890.00"),
        (NANJING, 3, "low", {}, "1680.00"),
        (NANJING, 3, "lower_middle", {}, "1080.00"),
        (NANJING, 3, "lower_middle", {"own_area": "44"}, "300.00"),  # 18 × 16 = 288: the least that is paid
        (NANJING, 2, "dibao", {"own_area": "40"}, "0.00"),  # nothing is lacking, so the least is not paid either
        (XUZHOU, 2, "dibao", {}, "420.00"),
        (XUZHOU, 2, "low", {"own_area": "12.5"}, "175.00"),
        (QINGDAO, 3, "first", {}, "900.00"),
        (QINGDAO, 3, "second", {}, "810.00"),
        (QINGDAO, 3, "third", {}, "720.00"),
        (QINGDAO, 3, "fourth", {}, "630.00"),
        (YUZHONG, 3, "low", {"rent_paid": "900"}, "828.00"),
        (YUZHONG, 3, "low", {"rent_paid": "600"}, "600.00"),
        (YUZHONG, 1, "dibao", {"rent_paid": "900"}, "460.00"),
        (YUZHONG, 7, "dibao", {"rent_paid": "2000"}, "1380.00"),  # of 60 m² at most
        (SHANTOU, 1, "low", {}, "450.00"),
        (SHANTOU, 2, "low", {"own_area": "10"}, "375.00"),  # 15 × (15 − 5) × 2.5
        (SHANTOU, 4, "low", {}, "900.00"),
        (SHANTOU, 8, "dibao", {}, "1350.00"),  # 15 × 15 × 5 × 1.2
        (SHANTOU, 1, "dibao", {"groups": ["honour"]}, "675.00"),
        (HUAINAN, 3, "low", {"own_area": "20"}, "160.00"),
    ],
)
def test_a_subsidy_is_what_the_city_published(city, persons, tier, more, amount):
    household = msgspec.convert({"persons": persons, "tier": tier, **more}, Household)

    assert rent.subsidy(city, household).amount == Decimal(amount)


def test_a_third_of_a_square_metre_is_carried_on_exactly():
    city = terms(base_rate="30", area_per_head="15", headcount={"3": "2"})
    found = rent.subsidy(city, Household(persons=3, tier="any", own_area=Decimal("0.5")))

    assert found.amount == Decimal("890.00")  # 30 × 44.5 × 2 ÷ 3, which is 889.999… when the area is rounded first


def test_the_working_tells_every_step():
    found = rent.subsidy(YUZHONG, Household(persons=3, tier="low", rent_paid=Decimal(600)))

    assert [(step.name, step.value) for step in found.steps] == [
        ("standard_area", Decimal(45)),
        ("own_area", Decimal(0)),
        ("area", Decimal("45.00")),
        ("factor", Decimal("0.8")),
        ("rate", Decimal("18.40")),
        ("sum", Decimal("828.00")),
        ("rent_cap", Decimal(600)),
        ("result", Decimal("600.00")),
    ]


@pytest.mark.parametrize(
    ("city", "household", "code"),
    [
        (NANJING, Household(persons=3, tier="middle"), "tier"),
        (NANJING_UNROUNDED, Household(persons=3, tier="middle"), "tier"),
        (YUZHONG, Household(persons=3, tier="low"), "rent"),
        (terms(base_rate="8"), Household(persons=3, tier="low"), "area"),
    ],
)
def test_without_a_figure_nothing_is_worked_out(city, household, code):
    with pytest.raises(NotToBeWorkedOutError) as caught:
        rent.subsidy(city, household)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("step", "mode", "amount"),
    [("1", "half_up", "32.00"), ("1", "down", "31.00"), ("0.1", "up", "31.50"), ("5", "half_up", "30.00")],
)
def test_the_standard_says_how_an_amount_is_rounded(step, mode, amount):
    city = terms(base_rate="2.1", area_per_head="15", rounding_step=step, rounding_mode=mode)

    assert rent.subsidy(city, Household(persons=1, tier="any")).amount == Decimal(amount)


@pytest.mark.parametrize(
    ("start", "granted", "begins"),
    [
        ("next_month", date(2026, 12, 31), date(2027, 1, 1)),
        ("next_month", date(2028, 1, 31), date(2028, 2, 1)),
        ("same_month", date(2026, 12, 31), date(2026, 12, 1)),
    ],
)
def test_a_subsidy_begins_with_a_month(start, granted, begins):
    assert rent.subsidy_begins(terms(base_rate="8", area_per_head="15", start=start), granted) == begins


LEAVING = msgspec.convert(
    {
        "base": "16",
        "tier_factor": {"low": "0.2"},
        "market_rate": "20",
        "transition": [{"months": 2, "factor": "1"}],
        "overstay": [{"months": 6, "factor": "1"}, {"months": 6, "factor": "1.2"}, {"months": 1, "factor": "1.5"}],
    },
    Rent,
)


def test_a_rent_is_the_rate_of_the_tier_for_the_area():
    found = rent.rent(LEAVING, tier="low", area=Decimal("48.5"))

    assert found.amount == Decimal("155.20")  # 3.2 × 48.5
    capped = msgspec.structs.replace(LEAVING, ceiling=Decimal(3))
    assert rent.rent(capped, tier="low", area=Decimal("48.5")).amount == Decimal("145.50")


@pytest.mark.parametrize(("tier", "area", "code"), [("middle", "48", "tier"), ("low", "0", "area")])
def test_no_rent_for_an_unknown_tier_or_no_area(tier, area, code):
    with pytest.raises(NotToBeWorkedOutError) as caught:
        rent.rent(LEAVING, tier=tier, area=Decimal(area))
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("months", "amount"),
    [(0, "160.00"), (1, "160.00"), (2, "1000.00"), (7, "1000.00"), (8, "1200.00"), (14, "1500.00"), (60, "1500.00")],
)
def test_who_stays_on_pays_the_contract_first_and_then_the_market(months, amount):
    paid = rent.rent_while_leaving(LEAVING, Decimal(160), area=Decimal(50), months=months)

    assert paid == Decimal(amount)


def test_after_the_moving_period_the_market_rent_must_be_known():
    unknown = msgspec.structs.replace(LEAVING, market_rate=None)

    assert rent.rent_while_leaving(unknown, Decimal(160), area=Decimal(50), months=1) == Decimal(160)
    with pytest.raises(NotToBeWorkedOutError, match="market"):
        rent.rent_while_leaving(unknown, Decimal(160), area=Decimal(50), months=2)


def test_a_part_of_a_month_counts_by_its_days():
    share = rent.part_of_month(Decimal("155.20"), first=date(2028, 2, 20), last=date(2028, 2, 29))

    assert share == Decimal("53.52")  # 10 of 29 days
    whole = rent.part_of_month(Decimal("155.20"), first=date(2027, 2, 1), last=date(2027, 2, 28))
    assert whole == Decimal("155.20")
    with pytest.raises(ValueError, match="one month"):
        rent.part_of_month(Decimal(1), first=date(2027, 2, 1), last=date(2027, 3, 1))
