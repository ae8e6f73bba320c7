"""What makes a finding the same one in a later check, and what makes it another."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verification.statement.fingerprints import about, holds_within, marks

MANY = settings(max_examples=300, deadline=None, derandomize=True)
CENTS = st.decimals(min_value=0, max_value=10**9, places=2)
WHAT = ("icbc", "A-1", "undeclared_deposit", "")


def same(one, other, what=WHAT, other_what=None, on=None, other_on=None):
    first = marks(*what, Decimal(one), on)
    return not {*first}.isdisjoint(marks(*(other_what or what), Decimal(other), other_on or on))


@pytest.mark.parametrize("edge", [1000, 1400, 2000, 3200, 5000, 7100, 10_000, 100_000, 2_000_000])
def test_a_cent_at_the_edge_of_a_band_makes_no_other_finding(edge):
    below = Decimal(edge) - Decimal("0.01")
    assert same(below, edge)
    assert len({*marks(*WHAT, below), *marks(*WHAT, Decimal(edge))}) == 3  # of one of the two rows it is another band


@MANY
@given(amount=CENTS, factor=st.decimals(min_value=1, max_value=Decimal("1.399"), places=3))
def test_less_than_one_point_four_times_as_much_is_the_same_finding(amount, factor):
    assert same(amount, amount * factor)
    assert same(amount * factor, amount)


@MANY
@given(
    amount=st.decimals(min_value=140, max_value=10**9, places=2),
    factor=st.decimals(min_value=Decimal("2.5"), max_value=50, places=2),
)
def test_two_and_a_half_times_as_much_is_another(amount, factor):
    assert not same(amount, amount * factor)
    assert not same(amount * factor, amount)


@MANY
@given(amount=CENTS, other=CENTS)
def test_it_holds_exactly_within_the_range_that_is_told(amount, other):
    low, high = holds_within(amount)
    assert low <= amount
    assert high is None or amount < high
    assert same(amount, other) == (low <= other and (high is None or other < high))


@pytest.mark.parametrize(
    ("was", "now", "is_same"),
    [
        ("12000", "48000", False),
        ("12000", "12000.01", True),
        ("12000", "16500", True),
        ("12000", "20000", False),
        ("12000", "7100", True),
        ("12000", "7099.99", False),
        ("0", "139.99", True),
        ("0", "140", False),
    ],
)
def test_worked_examples(was, now, is_same):
    assert same(was, now) is is_same


@pytest.mark.parametrize("place", range(4))
def test_source_record_kind_and_period_each_make_another_finding(place):
    other = (*WHAT[:place], "x", *WHAT[place + 1 :])
    assert not same(500, 500, WHAT, other)
    assert about(*WHAT) != about(*other)


def test_what_it_is_about_knows_no_amount_and_is_no_mark():
    assert about(*WHAT) not in {*marks(*WHAT, Decimal(1)), *marks(*WHAT, Decimal(10**6))}


@pytest.mark.parametrize(
    ("first", "later", "is_same"),
    [
        ("2026-11-22", "2026-12-31", True),
        ("2026-11-22", "2027-01-02", True),  # a year has turned, and nothing else
        ("2026-11-22", "2027-06-30", True),
        ("2026-11-22", "2027-07-01", False),
        ("2026-01-10", "2026-12-31", True),
        ("2026-01-10", "2027-01-01", False),
        ("2026-11-22", "2027-11-22", False),
    ],
)
def test_one_about_a_period_that_moves_on_holds_for_half_a_year_and_never_for_a_whole_one(first, later, is_same):
    days = date.fromisoformat(first), date.fromisoformat(later)
    assert same(500, 500, on=days[0], other_on=days[1]) is is_same


@MANY
@given(first=st.dates(date(2020, 1, 1), date(2030, 1, 1)), after=st.integers(0, 3000), amount=CENTS, other=CENTS)
def test_how_long_it_holds_is_bounded_whatever_the_day(first, after, amount, other):
    later = date.fromordinal(first.toordinal() + after)
    if after <= 180:
        assert same(amount, amount, on=first, other_on=later)
    if after >= 366:
        assert not same(amount, other, on=first, other_on=later)
