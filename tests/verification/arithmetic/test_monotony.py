"""Who has more is never better placed for it, and one answer fewer never makes a household fit."""

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.verification.arithmetic.drawn import PROPERTY, Household, households
from tests.verification.household import ACCOUNT, CAR, FLAT, LOCAL, SHARE, STANDARDS, WAGES, Told
from verification.comparison import Assessed
from verification.facts import Outcome
from verification.standards import Standard

AMOUNTS = {
    "tax": ("declared_income", "sales_amount"),
    "fund": ("month_base",),
    "insurance": ("month_base", "monthly_amount"),
    "assistance": ("monthly_amount",),
    "housing": ("area",),
    "deposit": ("balance", "product_value"),
    "vehicle": ("insured_value",),
    "business": ("paid_in_capital", "registered_capital"),
}
FURTHER: dict[str, dict[str, Any]] = {
    "icbc": ACCOUNT,
    "tzrcb": ACCOUNT | {"account_type": "W", "product_value": "5000"},
    "police": CAR | {"plate_no": "苏M77777"},
    "housing_bureau": FLAT | {"unit_no": "321202001001GB00001F00019999", "address": "别处"},
    "market_regulation": SHARE,
    "local_tax": WAGES | {"income_type": "05"},
}
CEILINGS = {"income", "area", "assets", "vehicles", "vehicle_price", "business", "one_benefit"}
SILENT = tuple(outcome for outcome in Outcome if not outcome.is_answer)
standards = st.sampled_from([*STANDARDS.values()])
more = st.integers(0, 400_000).map(lambda amount: Decimal(amount) / 100)


def local(household: Household, standard: Standard) -> Household:
    """All of them registered for long where the standard asks it, so that what they have decides."""
    assert standard.residence is not None
    home = {"division_code": f"{standard.residence.divisions[0]:0<6}", "moved_in_date": "2000-01-01"}
    told: Told = {
        place: [record | (home if record["kind"] == LOCAL["kind"] else {}) for record in records]
        for place, records in household.told.items()
    }
    return household._replace(told=told)


def richer(household: Household, kind: str, by: Decimal) -> Household:
    """Every record of a kind tells of so much more, where it tells of an amount at all."""
    told: Told = {
        place: [
            record
            | {
                name: f"{Decimal(record[name]) + by}"
                for name in AMOUNTS[kind]
                if name in record and record["kind"] == kind
            }
            for record in records
        ]
        for place, records in household.told.items()
    }
    return household._replace(told=told)


def assert_no_better(then: Assessed, now: Assessed) -> None:
    for was, became in zip(then.comparison.criteria, now.comparison.criteria, strict=True):
        if was.name in CEILINGS:
            assert was.value is None or became.value is None or became.value >= was.value
            assert not (was.met is False and became.met is True)
    assert then.comparison.proposed == "fit" or now.comparison.proposed != "fit"


@given(household=households(moved=False), kind=st.sampled_from([*AMOUNTS]), by=more, standard=standards)
@PROPERTY
def test_the_same_things_worth_more_never_make_an_unfit_household_fit(household, kind, by, standard):
    household = local(household, standard)
    then, now = household.assess(standard), richer(household, kind, by).assess(standard)
    assert_no_better(then, now)
    assert then.comparison.proposed != "unfit" or now.comparison.proposed == "unfit"


@given(
    household=households(moved=False),
    source=st.sampled_from([*FURTHER]),
    silent=st.dictionaries(
        st.sampled_from([*STANDARDS.values()][0].required_sources), st.sampled_from(SILENT), max_size=3
    ),
    standard=standards,
    data=st.data(),
)
@PROPERTY
def test_one_thing_more_never_makes_a_household_fit(household, source, silent, standard, data):
    household, member = local(household, standard), data.draw(st.sampled_from(household.keys))
    silent.pop(source, None)
    told = {**household.told}
    told[source, member] = [*told.get((source, member), []), FURTHER[source] | {"record_key": "further"}]
    assert_no_better(household.assess(standard, silent), household._replace(told=told).assess(standard, silent))


@given(household=households(), kind=st.sampled_from(["wages", "property", "other"]), by=more, standard=standards)
@PROPERTY
def test_more_declared_income_never_makes_an_unfit_household_fit(household, kind, by, standard):
    household = local(household, standard)
    first, *others = household.declared.persons
    income = replace(first.income, **{kind: getattr(first.income, kind) + by * 100})
    declared = replace(household.declared, persons=(replace(first, income=income), *others))
    then, now = household.assess(standard), household._replace(declared=declared).assess(standard)
    assert_no_better(then, now)
    assert then.comparison.proposed != "unfit" or now.comparison.proposed == "unfit"


@given(
    household=households(deaths=False),
    standard=standards,
    silent=st.lists(st.sampled_from([*STANDARDS.values()][0].required_sources), min_size=1, max_size=4, unique=True),
    outcome=st.sampled_from(SILENT),
)
@PROPERTY
def test_one_more_required_source_without_an_answer_never_makes_a_household_fit(household, standard, silent, outcome):
    household = local(household, standard)
    proposed = []
    for number in range(len(silent) + 1):
        after = household.assess(standard, dict.fromkeys(silent[:number], outcome))
        assert after.statement.completeness.missing == tuple(sorted(silent[:number]))
        proposed.append(after.comparison.proposed)
    assert "fit" not in proposed[1:]
    assert all(after.comparison.tier == "" for _ in silent)


@given(household=households(moved=False), standard=standards)
@PROPERTY
def test_a_tighter_line_never_makes_an_unfit_household_fit(household, standard):
    household = local(household, standard)
    tier = standard.tier
    if tier.income is None:
        return
    tighter = replace(tier, income=replace(tier.income, amount=tier.income.monthly_limit / 2))
    then, now = household.assess(standard), household.assess(standard.at(tighter))
    assert then.comparison.proposed == "fit" or now.comparison.proposed != "fit"
