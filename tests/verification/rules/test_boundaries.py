"""Each city's lines, to the cent: just inside, on the line, just beyond."""

from dataclasses import dataclass
from decimal import Decimal

import pytest

from tests.verification.household import STANDARDS, TAIZHOU
from verification.figures import Figure, Figures
from verification.rules import RULES, judge_all

SIZE = Figure(value=Decimal(3))


@dataclass
class Line:
    standard: str
    criterion: str
    figure: str
    value: str
    met: bool
    size: int = 3


LINES = [
    Line("taizhou-demo-public-rental", "income", "income", "4479.99", True),
    Line("taizhou-demo-public-rental", "income", "income", "4480", False),
    Line("taizhou-demo-rental-subsidy", "income", "income", "2799.99", True),
    Line("taizhou-demo-rental-subsidy", "income", "income", "2800", False),
    Line("nanjing-2021-public-rental", "income", "income", "4290.99", True),
    Line("nanjing-2021-public-rental", "income", "income", "4291.00", False),
    Line("xuzhou-2017-rental-subsidy", "income", "income", "1548.99", True),
    Line("xuzhou-2017-rental-subsidy", "income", "income", "1549", False),
    Line("taizhou-demo-public-rental", "area", "area", "14.99", True),
    Line("taizhou-demo-public-rental", "area", "area", "15.00", False),
    Line("xuzhou-2017-public-rental-dibao", "area", "area", "10", True),
    Line("xuzhou-2017-public-rental-dibao", "area", "area", "10.01", False),
    Line("nanjing-2021-public-rental", "assets", "assets", "229999.99", True, size=1),
    Line("nanjing-2021-public-rental", "assets", "assets", "230000", False, size=1),
    Line("nanjing-2021-public-rental", "assets", "assets", "460000", False, size=2),
    Line("nanjing-2021-public-rental", "assets", "assets", "599999.99", True),
    Line("nanjing-2021-public-rental", "assets", "assets", "600000", False),
    Line("nanjing-2021-public-rental", "assets", "assets", "679999.99", True, size=4),
    Line("nanjing-2021-public-rental", "assets", "assets", "680000", False, size=4),
    Line("taizhou-demo-public-rental", "vehicles", "vehicles", "1", True),
    Line("taizhou-demo-public-rental", "vehicles", "vehicles", "2", False),
    Line("taizhou-demo-public-rental", "vehicle_price", "vehicle_price", "120000", True),
    Line("taizhou-demo-public-rental", "vehicle_price", "vehicle_price", "120000.01", False),
    Line("taizhou-demo-public-rental", "business", "business", "300000", True),
    Line("taizhou-demo-public-rental", "business", "business", "300000.01", False),
    Line("taizhou-demo-public-rental", "residence", "residence", "1", True),
    Line("taizhou-demo-public-rental", "residence", "residence", "0", False),
    Line("nanjing-2021-public-rental", "residence", "residence", "4", False),
    Line("nanjing-2021-public-rental", "residence", "residence", "5", True),
    Line("xuzhou-2017-public-rental-dibao", "certificate", "certificate", "1", True),
    Line("xuzhou-2017-public-rental-dibao", "certificate", "certificate", "0", False),
    Line("taizhou-demo-public-rental", "one_benefit", "benefits", "0", True),
    Line("taizhou-demo-public-rental", "one_benefit", "benefits", "1", False),
]


def judged(standard, criterion, **figures):
    figures.setdefault("household_size", SIZE)
    return next(each for each in judge_all(Figures(**figures), standard) if each.name == criterion)


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line.standard} {line.criterion} {line.value}")
def test_a_line_divides_exactly(line):
    figures = {line.figure: Figure(value=Decimal(line.value)), "household_size": Figure(value=Decimal(line.size))}
    standard = STANDARDS[line.standard]
    criterion = judged(standard, line.criterion, **figures)
    assert criterion.met is line.met
    assert criterion.article == standard.article(line.criterion)
    assert criterion.reason == f"{line.criterion}.{'met' if line.met else 'failed'}"
    beyond = criterion.distance < 0
    on_an_open_line = criterion.distance == 0 and criterion.operator == "<"
    assert line.met is not (beyond or on_an_open_line)


@pytest.mark.parametrize(
    ("criterion", "figure", "kind", "inside", "beyond"),
    [
        ("income", "income", "tax", "100", "9000"),
        ("area", "area", "housing", "3", "30"),
        ("assets", "assets", "deposit", "9", "900000"),
        ("vehicles", "vehicles", "vehicle", "1", "2"),
        ("vehicle_price", "vehicle_price", "vehicle", "1", "200000"),
        ("business", "business", "business", "1", "400000"),
        ("one_benefit", "benefits", "assistance", "0", "1"),
    ],
)
def test_a_silent_source_leaves_open_what_the_known_part_does_not_decide(criterion, figure, kind, inside, beyond):
    missing = {kind: ("icbc",)}
    under = judged(TAIZHOU, criterion, missing=missing, **{figure: Figure(value=Decimal(inside))})
    over = judged(TAIZHOU, criterion, missing=missing, **{figure: Figure(value=Decimal(beyond))})
    assert under.met is None
    assert under.reason == f"{criterion}.unknown"
    assert under.params["sources"] == "icbc"
    assert over.met is False


def test_a_floor_that_is_reached_needs_no_more_answers():
    missing = {"registration": ("police",)}
    assert judged(TAIZHOU, "residence", missing=missing, residence=Figure(value=Decimal(9))).met is True
    assert judged(TAIZHOU, "residence", missing=missing, residence=Figure(value=Decimal(0))).met is None


def test_another_silent_source_does_not_matter_to_a_criterion():
    assert judged(TAIZHOU, "area", missing={"deposit": ("icbc",)}, area=Figure(value=Decimal(3))).met is True


def test_contribution_bases_alone_do_not_fail_a_household_while_the_tax_office_is_silent():
    def income(least):
        return {"income": Figure(value=Decimal(5000), least=Decimal(least))}

    left_open = judged(TAIZHOU, "income", missing={"tax": ("local_tax",)}, **income(4000))
    assert (left_open.met, left_open.reason, left_open.params["sources"]) == (None, "income.unknown", "local_tax")
    assert judged(TAIZHOU, "income", income=Figure(value=Decimal(5000))).met is False
    assert judged(TAIZHOU, "income", missing={"tax": ("local_tax",)}, **income(4991)).met is False


def test_a_vehicle_of_unknown_price_leaves_the_price_open_unless_another_is_too_dear():
    cheap, dear = Figure(value=Decimal(9)), Figure(value=Decimal(120001))
    assert judged(TAIZHOU, "vehicle_price", vehicle_price=cheap, unpriced_vehicles=1).met is None
    assert judged(TAIZHOU, "vehicle_price", vehicle_price=dear, unpriced_vehicles=1).met is False


def test_capital_in_dispute_leaves_it_open_only_where_it_would_decide():
    low = Figure(value=Decimal(100000))
    assert judged(TAIZHOU, "business", business=low, disputed_capital=Decimal(200000)).met is True
    assert judged(TAIZHOU, "business", business=low, disputed_capital=Decimal(200001)).reason == "business.disputed"


def test_a_certificate_that_nobody_holds_fails_its_tier():
    dibao = STANDARDS["xuzhou-2017-public-rental-dibao"]
    assert judged(dibao, "certificate").reason == "certificate.none"
    assert judged(dibao, "certificate", missing={"assistance": ("civil_affairs",)}).met is None


def test_rules_that_a_standard_does_not_set_are_not_judged():
    names = {each.name for each in judge_all(Figures(household_size=SIZE), STANDARDS["xuzhou-2017-rental-subsidy"])}
    assert names == {"income", "area", "residence", "one_benefit"}
    assert len(RULES) == 10
