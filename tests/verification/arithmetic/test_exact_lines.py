"""On a line is on it, however the line or the sum has to be divided."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from tests.verification.household import CHILD, FATHER, MOTHER, TAIZHOU, WAGES, check, earning, findings, met
from verification.facts import Declared
from verification.figures import Operator
from verification.standards.schema import IncomeTest, Tier

QUIET = replace(TAIZHOU, minimum_wage=None)


def lined(**test):
    return replace(QUIET, tiers=(Tier(code="a", name="a", income=IncomeTest(**test)),))


def earners(*wages):
    people = (FATHER, MOTHER, CHILD)[: len(wages)]
    return Declared(
        persons=tuple(
            replace(person, income=replace(earning(person).income, wages=Decimal(amount)))
            for person, amount in zip(people, wages, strict=True)
        )
    )


@pytest.mark.parametrize("yearly", ["20000", "10000", "58763", "0.07", "48000"])
@pytest.mark.parametrize("size", [1, 2, 3])
def test_a_household_exactly_on_a_yearly_line_is_on_it(yearly, size):
    for operator, verdicts in ((Operator.UNDER, (True, False, False)), (Operator.AT_MOST, (True, True, False))):
        standard = lined(amount=Decimal(yearly), base="yearly", operator=operator)
        for off, holds in zip(("-0.01", "0", "0.01"), verdicts, strict=True):
            total = Decimal(yearly) * size + Decimal(off)
            declared = earners(total, *["0"] * (size - 1))
            assert met(check({}, declared, standard), "income") is holds


def test_a_line_drawn_from_an_index_is_a_sum_of_money_to_the_cent():
    terms = {"ratio": Decimal("0.8"), "index_amount": Decimal("73453.27"), "index_name": "x"}
    assert IncomeTest(base="monthly", **terms).monthly_limit == Decimal("58762.62")
    standard = lined(base="yearly", **terms)
    for amount, holds in (("58762.61", True), ("58762.62", False)):
        assert met(check({}, earners(amount), standard), "income") is holds


@pytest.mark.parametrize(("declared", "found"), [(70000, "77000"), (9620, "12020"), (1000, "3400"), (7, "2407")])
def test_income_exactly_on_the_tolerance_is_within(declared, found):
    for more, within in (("0", True), ("0.01", False)):
        told = {("local_tax", "m1"): [WAGES | {"declared_income": f"{Decimal(found) + Decimal(more)}"}]}
        assessed = check(told, earners(declared), QUIET)
        assert assessed.comparison.differences[0].within is within
        assert findings(assessed) == ([] if within else ["understated_income"])


@pytest.mark.parametrize(("found", "kinds"), [("38500", []), ("38500.01", ["understated_income"])])
def test_the_tolerance_of_half_a_year_is_held_against_half_of_what_was_declared(found, kinds):
    half = WAGES | {"period_from": "2026-05", "declared_income": found}
    told = {("local_tax", "m1"): [half]}
    assert findings(check(told, earners(70000), lined(amount=Decimal(9999), months=6))) == kinds
