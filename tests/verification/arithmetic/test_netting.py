"""One income, one deposit, one vehicle told of twice counts once: the larger is used and the others are shown."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.verification.arithmetic.drawn import PROPERTY, cents
from tests.verification.household import (
    ACCOUNT,
    CAR,
    FAMILY,
    FATHER,
    FUND,
    INSURED,
    TAIZHOU,
    WAGES,
    Told,
    check,
    earning,
)
from verification.facts import Declared, DeclaredAsset

QUIET = replace(TAIZHOU, minimum_wage=None)
SALES = {name: value for name, value in WAGES.items() if name != "income_type"} | {"record_type": "02"}


def lines_of_wages(wages, declared):
    """The lines of one earner of whom these sources tell."""
    person = replace(earning(FATHER), income=replace(FATHER.income, wages=declared))
    told = {(source, "m1"): [record] for source, record in wages.items() if record}
    return check(told, Declared(persons=(person,)), QUIET).statement.lines_of("income")


def expected(wages, declared):
    """The rule in words: tax where it covers the months insured, else the largest; then the larger of it and declared.

    The fund does not say for how long it was paid: for as long as the insurance, else for the whole year.
    """
    sums: dict[str, Decimal] = {}
    months: dict[str, int] = {}
    if tax := wages["local_tax"]:
        months["local_tax"] = int(tax["period_to"][5:])
        sums["local_tax"] = Decimal(tax["declared_income"])
    if paid := wages["social_security"]:
        months["social_security"] = paid["months_paid"]
        sums["social_security"] = Decimal(paid["month_base"]) * paid["months_paid"]
    if fund := wages["provident_fund"]:
        months["provident_fund"] = months.get("social_security") or 12
        sums["provident_fund"] = Decimal(fund["month_base"]) * months["provident_fund"]
    covered = bool(tax) and months["local_tax"] >= max(months.values())
    found = sums["local_tax"] if covered else max(sums.values(), default=Decimal(0))
    return max(found, declared), found, sums


wages_told = st.fixed_dictionaries(
    {
        "local_tax": st.one_of(
            st.none(),
            st.builds(
                lambda last, income: (
                    WAGES | {"period_from": "2026-01", "period_to": f"2026-{last:02}", "declared_income": income}
                ),
                st.integers(1, 10),
                cents(120_000),
            ),
        ),
        "social_security": st.one_of(
            st.none(),
            st.builds(
                lambda months, base: INSURED | {"months_paid": months, "month_base": base},
                st.integers(1, 12),
                cents(9_000),
            ),
        ),
        "provident_fund": st.one_of(st.none(), st.builds(lambda base: FUND | {"month_base": base}, cents(9_000))),
    }
)


@given(wages=wages_told, declared=cents(120_000).map(Decimal))
@PROPERTY
def test_wages_count_once_by_the_rule_whoever_tells_of_them(wages, declared):
    lines = lines_of_wages(wages, declared)
    counted, found, sums = expected(wages, declared)
    assert sum(line.counted for line in lines) == counted
    assert len([line for line in lines if line.used]) == bool(counted)
    for line in lines:  # the others are shown with what they told, and why they do not count
        assert line.amount == (declared if line.source == "declared" else sums[line.source])
        if not line.used and line.amount:
            why = {"found_is_more"} if line.source == "declared" else {"netted", "declared_is_more"}
            assert line.reason in why
    if declared > found:
        assert [line.source for line in lines if line.used] == ["declared"]


@pytest.mark.parametrize(
    ("tax", "months", "used"),
    [("24000", 10, "24000"), ("24000", 9, "24000"), ("24000", 11, "55000"), ("60000", 11, "60000")],
)
def test_tax_comes_first_where_it_covers_the_months_insured(tax, months, used):
    wages = {
        "local_tax": WAGES | {"period_from": "2026-01", "period_to": "2026-10", "declared_income": tax},
        "social_security": INSURED | {"months_paid": months},
    }
    assert sum(line.counted for line in lines_of_wages(wages, Decimal(0))) == Decimal(used)


@given(trade=cents(90_000), sales=cents(900_000), declared=cents(90_000).map(Decimal))
@PROPERTY
def test_taxed_trade_comes_before_what_sales_would_tell(trade, sales, declared):
    person = replace(earning(FATHER), income=replace(earning(FATHER).income, business=declared))
    told = {
        ("local_tax", "m1"): [WAGES | {"income_type": "03", "declared_income": trade}],
        ("state_tax", "m1"): [SALES | {"sales_amount": sales}],
    }
    both = check(told, Declared(persons=(person,)), QUIET).statement
    assert sum(line.counted for line in both.lines_of("income")) == max(Decimal(trade), declared)
    del told["local_tax", "m1"]
    alone = check(told, Declared(persons=(person,)), QUIET).statement
    assert sum(line.counted for line in alone.lines_of("income")) == max(Decimal(sales) / 10, declared)


@given(first=cents(90_000), second=cents(90_000), months=st.sampled_from(["2026-03", "2026-10"]))
@PROPERTY
def test_wages_of_which_both_tax_offices_tell_are_the_larger_of_the_two(first, second, months):
    record = WAGES | {"period_from": months, "period_to": months}
    told = {
        ("local_tax", "m1"): [record | {"declared_income": first}],
        ("state_tax", "m1"): [record | {"declared_income": second}],
    }
    lines = check(told, Declared(persons=(earning(FATHER),)), QUIET).statement.lines_of("income")
    assert sum(line.counted for line in lines) == max(Decimal(first), Decimal(second))
    assert {line.source: line.amount for line in lines} == {"local_tax": Decimal(first), "state_tax": Decimal(second)}


@given(amounts=st.lists(cents(40_000), min_size=2, max_size=5))
@PROPERTY
def test_wages_of_several_employers_told_by_one_source_are_added(amounts):
    records = [WAGES | {"record_key": f"T-{place}", "declared_income": each} for place, each in enumerate(amounts)]
    lines = check({("local_tax", "m1"): records}, Declared(persons=(earning(FATHER),)), QUIET).statement.lines_of(
        "income"
    )
    assert sum(line.counted for line in lines) == sum(map(Decimal, amounts))


@given(balances=st.lists(cents(90_000), max_size=4), stated=cents(200_000).map(Decimal), claim=cents(900).map(Decimal))
@PROPERTY
def test_money_at_banks_is_the_larger_of_declared_and_found_and_other_property_comes_on_top(balances, stated, claim):
    told: Told = {
        (bank, "m1"): [ACCOUNT | {"balance": each}]
        for bank, each in zip(("icbc", "abc", "boc", "ccb"), balances, strict=False)
    }
    owned = (("deposit", stated), ("claim", claim))
    assets = tuple(DeclaredAsset(owner="m1", asset_type=kind, institution="x", amount=amount) for kind, amount in owned)
    statement = check(told, Declared(persons=(earning(FATHER),), assets=assets), QUIET).statement
    found = sum(map(Decimal, balances))
    assert statement.figures.assets.value == max(stated, found) + claim
    at_banks = {
        line.source == "declared" for line in statement.lines_of("assets") if line.used and line.kind != "claim"
    }
    assert at_banks <= {stated > found}


@given(holders=st.lists(st.sampled_from(["m1", "m2", "m3"]), min_size=1, max_size=3, unique=True), value=cents(90_000))
@PROPERTY
def test_a_plate_told_of_several_members_is_one_vehicle(holders, value):
    told: Told = {("police", holder): [CAR | {"insured_value": value}] for holder in holders}
    figures = check(told, FAMILY, QUIET).statement.figures
    assert (figures.vehicles.value, figures.vehicle_price.value) == (1, Decimal(value))
