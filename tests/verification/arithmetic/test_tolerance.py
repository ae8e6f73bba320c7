"""A difference within the larger of two tolerances is none; on it is within, one cent beyond it is a difference."""

import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.verification.household import (
    ACCOUNT,
    CHILD,
    FAMILY,
    FATHER,
    FLAT,
    MOTHER,
    SHARE,
    STANDARDS,
    WAGES,
    check,
    earning,
    findings,
)
from verification.facts import Declared, DeclaredAsset, DeclaredBusiness, DeclaredHome
from verification.standards.reading import SAMPLES
from verification.standards.schema import Tolerance

CENT = Decimal("0.01")
MANY = settings(max_examples=150, deadline=None, derandomize=True)
money = st.integers(0, 10**8).map(lambda cents: Decimal(cents) / 100)
tolerances = st.builds(Tolerance, percent=st.integers(0, 30).map(Decimal), amount=money)
SHIPPED = {path.stem: json.loads(path.read_text()).get("tolerance", {}) for path in sorted(SAMPLES.glob("*.json"))}
SECTIONS = ("income", "assets", "area", "business")
FIRST_DECLARED = {"income": "60000", "assets": "150000", "area": "40", "business": "50000"}


def allowed(shipped: dict[str, str], declared: Decimal) -> Decimal:
    """The larger of the two, as the sample writes them."""
    return max(Decimal(shipped.get("amount", 0)), declared * Decimal(shipped.get("percent", 0)) / 100)


def differing(section: str, declared: Decimal, found: Decimal):
    """The father's declaration and what was found of him in one section: of the home area, of income 12 months."""
    told, family = {}, replace(FAMILY, persons=(earning(FATHER), MOTHER, CHILD))
    if section == "income":
        father = replace(FATHER, income=replace(earning(FATHER).income, wages=declared))
        family = Declared(persons=(father, MOTHER, CHILD))
        told["local_tax", "m1"] = [WAGES | {"declared_income": f"{found}"}]
    elif section == "assets":
        asset = DeclaredAsset(owner="m1", asset_type="deposit", institution="x", amount=declared)
        family = replace(family, assets=(asset,))
        told["icbc", "m1"] = [ACCOUNT | {"balance": f"{found}"}]
    elif section == "area":
        family = replace(family, homes=(DeclaredHome(owner="m1", address=FLAT["address"], area=declared),))
        told["housing_bureau", "m1"] = [FLAT | {"area": f"{found}"}]
    else:
        business = DeclaredBusiness(owner="m1", name=SHARE["entity_name"], capital=declared)
        family = replace(family, businesses=(business,))
        told["market_regulation", "m1"] = [SHARE | {"paid_in_capital": f"{found / 10_000}"}]
    return told, family


def difference(section: str, declared: Decimal, found: Decimal, standard):
    told, family = differing(section, declared, found)
    name = "homes" if section == "area" else section
    comparison = check(told, family, standard).comparison
    return next(each for each in comparison.differences if (each.section, each.member) == (name, "m1"))


@given(tolerance=tolerances, declared=money, off=money)
@MANY
def test_more_and_less_than_declared_are_measured_alike(tolerance, declared, off):
    off = min(off, declared)
    assert tolerance.covers(declared, declared + off) == tolerance.covers(declared, declared - off)


@given(amount=money, declared=money, found=money)
@MANY
def test_a_tolerance_in_money_does_not_mind_which_side_is_the_declared_one(amount, declared, found):
    tolerance = Tolerance(amount=amount)
    assert tolerance.covers(declared, found) == tolerance.covers(found, declared) == (abs(declared - found) <= amount)


def test_a_tolerance_in_percent_is_of_what_was_declared():
    tolerance = Tolerance(percent=Decimal(10))
    assert tolerance.covers(Decimal(1100), Decimal(1000))
    assert tolerance.covers(Decimal(1000), Decimal(1100))
    assert tolerance.covers(Decimal(1100), Decimal(990))
    assert not tolerance.covers(Decimal(990), Decimal(1100))


@given(tolerance=tolerances, declared=money, sign=st.sampled_from([1, -1]))
@MANY
def test_on_the_larger_tolerance_is_within_and_a_cent_beyond_is_not(tolerance, declared, sign):
    most = max(tolerance.amount, declared * tolerance.percent / 100)
    assert tolerance.covers(declared, declared + sign * most)
    assert not tolerance.covers(declared, declared + sign * (most + CENT))
    assert not Tolerance().covers(declared, declared + CENT)


@given(tolerance=tolerances, declared=money, off=money, more=money)
@MANY
def test_what_is_beyond_the_tolerance_stays_beyond_when_it_grows(tolerance, declared, off, more):
    assert tolerance.covers(declared, declared + off) or not tolerance.covers(declared, declared + off + more)


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize("standard", SHIPPED)
def test_every_sample_draws_its_tolerance_to_the_cent(standard, section):
    """Per section, declared as in `FIRST_DECLARED`; income is told for 12 months and measured per month."""
    months = 12 if section == "income" else 1
    declared = Decimal(FIRST_DECLARED[section])
    most = allowed(SHIPPED[standard].get(section, {}), declared / months) * months
    less = [(-most, True), (-most - CENT, False)] if section != "business" else []
    for off, within in ((most, True), (most + CENT, False), *less):
        told = difference(section, declared, declared + off, STANDARDS[standard])
        assert told.within is within
        assert (told.declared, told.found) == (declared / months, (declared + off) / months)
        assert told.difference == told.found - told.declared


@pytest.mark.parametrize(("section", "kind"), [("income", "understated_income"), ("assets", "undeclared_deposit")])
def test_only_more_than_declared_beyond_the_tolerance_is_a_finding(section, kind):
    standard = STANDARDS["taizhou-demo-public-rental"]
    declared = Decimal(FIRST_DECLARED[section])
    months = 12 if section == "income" else 1
    most = allowed(SHIPPED[standard.id][section], declared / months) * months
    for off, expected in ((most, []), (most + CENT, [kind]), (-most - CENT, [])):
        told, family = differing(section, declared, declared + off)
        assert findings(check(told, family, standard)) == expected


@given(declared=money.map(lambda each: each + 1), share=st.integers(0, 250))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_the_tolerance_says_what_is_reported_and_never_what_counts(declared, share):
    found = (declared * share / 100).quantize(CENT)
    told, family = differing("assets", declared, found)
    strict = check(told, family, STANDARDS["nanjing-2021-public-rental"]).statement.figures
    lenient = check(told, family, STANDARDS["taizhou-demo-public-rental"]).statement.figures
    assert strict.assets.value == lenient.assets.value == max(declared, found)
