"""The figures of a statement are the sums of its lines, and no line of what was found is left out."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.verification.arithmetic.drawn import PROPERTY, Household, households
from tests.verification.household import STANDARDS, TAIZHOU
from verification.figures import Figure, per_head
from verification.statement import Statement
from verification.statement.sheet import Line

XUZHOU = STANDARDS["xuzhou-2017-rental-subsidy"]
# Reasons that a line which adds to a figure may carry: they say how it was counted.
COUNTED_BECAUSE = {"", "imputed", "daily_average", "by_share", "look_back"}
SECTIONS = {
    "area_total": "homes",
    "assets": "assets",
    "vehicles": "vehicles",
    "business": "business",
    "benefits": "assistance",
}
heads = st.integers(1, 240)


def used(statement: Statement, section: str) -> list[Line]:
    return [line for line in statement.lines_of(section) if line.used]


def added(lines: Sequence[Line]) -> Decimal:
    return sum((line.counted for line in lines), Decimal(0))


def share(total: Decimal, of: int) -> Decimal:
    """The promise of `per_head`, in whole numbers: to the cent where even, else cut after the sixth place."""
    exact = Fraction(total) / of
    places = 100 if (exact * 100).denominator == 1 else 10**6
    return Decimal(exact * places // 1) / places


@given(household=households(), standard=st.sampled_from([TAIZHOU, XUZHOU]))
@PROPERTY
def test_every_total_is_the_sum_of_the_lines_that_count(household: Household, standard):
    statement = household.assess(standard).statement
    for name, section in SECTIONS.items():
        figure: Figure = getattr(statement.figures, name)
        lines = used(statement, section)
        assert figure.value == added(lines), name
        assert figure.lines == tuple(line.number for line in lines)
        assert sum((step.amount for step in figure.steps), Decimal(0)) == figure.value
        for step in figure.steps:
            assert step.amount == added([statement.line(number) for number in step.lines])
            assert {statement.line(number).person for number in step.lines} == {step.person}


@given(household=households(), standard=st.sampled_from([TAIZHOU, XUZHOU]))
@PROPERTY
def test_income_and_area_per_head_are_the_totals_shared_exactly(household: Household, standard):
    statement = household.assess(standard).statement
    size, figures = len(statement.members), statement.figures
    assert figures.household_size.value == size
    income = added(used(statement, "income"))
    assert figures.income.steps[-1].amount == income
    if not size:
        assert figures.income.value is figures.area.value is None
        return
    assert figures.income.value == share(income, size * 12)
    assert figures.area.value == share(figures.area_total.value, size)


@given(household=households())
@PROPERTY
def test_a_line_adds_something_and_says_how_or_adds_nothing_and_says_why(household: Household):
    for line in household.assess(TAIZHOU).statement.lines:
        assert line.counted >= 0
        if line.section == "household":
            continue
        assert line.used is bool(line.counted)
        if line.used:
            assert line.reason in COUNTED_BECAUSE
        elif line.amount or (line.area and line.section == "homes"):
            assert line.reason not in COUNTED_BECAUSE


@given(household=households())
@PROPERTY
def test_every_record_found_is_shown_whether_or_not_it_counts(household: Household):
    statement = household.assess(TAIZHOU).statement
    shown = {(line.source, line.person, line.record_key) for line in statement.lines}
    found = {
        (source, person, record["record_key"])
        for (source, person), records in household.told.items()
        for record in records
        if record["kind"] not in {"insurance", "fund", "tax"} or _tells_of_income(record)
    }
    assert found <= shown


def _tells_of_income(record):
    if record["kind"] == "fund":
        return record["status"] == "1" and Decimal(record["month_base"]) > 0
    if record["kind"] == "insurance" and record["record_type"] == "1":
        return record["scheme"] == "1" and Decimal(record["month_base"]) > 0
    return True


@given(household=households())
@PROPERTY
def test_the_price_that_counts_is_that_of_the_dearest_vehicle_that_counts(household: Household):
    statement = household.assess(TAIZHOU).statement
    lines = statement.lines_of("vehicles")
    counted, declared = used(statement, "vehicles"), {}
    for line in lines:
        if line.source == "declared" and line.text["plate"] and line.amount is not None:
            declared[line.text["plate"]] = max(line.amount, declared.get(line.text["plate"], line.amount))
    prices = []
    for line in counted:
        told = [price for price in (line.amount, declared.get(line.text["plate"])) if price is not None]
        prices.append(max(told, default=None))
    known = [price for price in prices if price is not None]
    assert statement.figures.vehicle_price.value == max(known, default=0)
    assert statement.figures.unpriced_vehicles == len(prices) - len(known)


@given(total=st.integers(0, 10**12), heads=heads)
@settings(max_examples=300, deadline=None, derandomize=True)
def test_a_share_is_exact_to_the_cent_or_cut_below_a_millionth(total, heads):
    amount = Decimal(total) / 100
    value = per_head(amount, heads)
    assert value == share(amount, heads)
    assert 0 <= Fraction(amount) / heads - Fraction(value) < Fraction(1, 10**6)


@given(limit=st.integers(1, 10**8), heads=heads, off=st.integers(-3, 3))
@settings(max_examples=300, deadline=None, derandomize=True)
def test_a_share_stands_on_the_side_of_a_line_in_cents_on_which_the_whole_stands(limit, heads, off):
    """A cent of the whole household is enough to pass a line, however many share it."""
    line, total = Decimal(limit) / 100, Decimal(max(0, limit * heads + off)) / 100
    value = per_head(total, heads)
    assert (value < line) == (total < line * heads)
    assert (value <= line) == (total <= line * heads)
    assert (value == line) == (total == line * heads)


@pytest.mark.parametrize(
    ("total", "of", "value"),
    [
        ("161280", 36, "4480"),
        ("161279.99", 36, "4479.999722"),
        ("161280.01", 36, "4480.000277"),
        ("100", 3, "33.333333"),
        ("200", 3, "66.666666"),
        ("0.01", 3, "0.003333"),
        ("45", 3, "15"),
        ("44.99", 3, "14.996666"),
        ("0", 7, "0"),
    ],
)
def test_shares_worked_by_hand(total, of, value):
    assert per_head(Decimal(total), of) == Decimal(value)


@pytest.mark.parametrize("nobody", [0, -1])
def test_nothing_is_shared_among_nobody(nobody):
    assert per_head(Decimal(100), nobody) is None
