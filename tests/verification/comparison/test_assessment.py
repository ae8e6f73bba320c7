from datetime import date
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.verification.household import (
    ACCOUNT,
    CAR,
    CHILD,
    FAMILY,
    FATHER,
    FLAT,
    LOCAL,
    MOTHER,
    ON,
    STANDARDS,
    TAIZHOU,
    WAGES,
    check,
    earning,
    findings,
    hear,
    met,
)
from verification.comparison import Assessed, assess, compare
from verification.facts import (
    Declared,
    DeclaredAsset,
    DeclaredBusiness,
    DeclaredHome,
    DeclaredVehicle,
    Outcome,
)
from verification.rules import RULES_VERSION
from verification.statement import assemble

DEATH = LOCAL | {"deceased": True, "death_date": "2025-09-01", "record_key": "HK-9"}


WEDDING = {
    "kind": "marriage",
    "record_key": "J-1",
    "registration_type": "1",
    "partner_name": "李四",
    "partner_id_no": MOTHER.id_number,
    "reg_date": "2008-01-01",
    "certificate_no": "J-1",
}


DIVORCE = WEDDING | {
    "record_key": "L-1",
    "registration_type": "2",
    "reg_date": "2026-06-01",
    "divorce_date": "2026-06-01",
}


MOVED = ACCOUNT | {"average_6m": "300000", "large_outflow_6m": "290000"}


NANJING = STANDARDS["nanjing-2021-public-rental"]


INNER = {("police", "m1"): [LOCAL | {"division_code": "320102", "moved_in_date": "2010-01-01"}]}


money = st.integers(min_value=0, max_value=10**8).map(lambda cents: f"{Decimal(cents) / 100:.2f}")


account = st.fixed_dictionaries({"balance": money, "average_6m": money, "large_outflow_6m": money})


def test_a_household_of_whom_all_is_as_declared_is_fit_without_findings():
    home = DeclaredHome(owner="m1", address=FLAT["address"], area=Decimal(36))
    declared = replace(FAMILY, homes=(home,), vehicles=(DeclaredVehicle(owner="m1", plate="苏M11111"),))
    told = {
        ("housing_bureau", "m1"): [FLAT | {"area": "36"}],
        ("police", "m1"): [LOCAL, CAR],
        ("local_tax", "m1"): [WAGES],
        ("local_tax", "m2"): [WAGES | {"declared_income": "36000"}],
        ("civil_affairs", "m1"): [WEDDING],
    }
    assessed = check(told, declared)
    assert assessed.comparison.proposed == "fit"
    assert assessed.comparison.findings == ()
    assert assessed.comparison.tier == "lower_middle"
    assert all(each.within for each in assessed.comparison.differences)


@pytest.mark.parametrize(
    ("criterion", "declared"),
    [
        ("income", Declared(persons=(earning(FATHER, wages=200000), MOTHER, CHILD))),
        ("area", replace(FAMILY, homes=(DeclaredHome(owner="m1", address="a", area=Decimal(45)),))),
        (
            "assets",
            replace(
                FAMILY, assets=(DeclaredAsset(owner="m1", asset_type="claim", institution="b", amount=Decimal(600000)),)
            ),
        ),
        ("vehicle_price", replace(FAMILY, vehicles=(DeclaredVehicle(owner="m1", plate="c", price=Decimal(120001)),))),
        (
            "vehicles",
            replace(FAMILY, vehicles=tuple(DeclaredVehicle(owner="m1", plate=p, price=Decimal(1)) for p in "cd")),
        ),
        ("business", replace(FAMILY, businesses=(DeclaredBusiness(owner="m1", name="e", capital=Decimal(300001)),))),
    ],
)
def test_what_is_declared_openly_over_a_limit_is_unfit_with_a_finding_on_the_limit_alone(criterion, declared):
    assessed = check(declared=declared)
    assert assessed.comparison.proposed == "unfit"
    assert assessed.comparison.reasons == (f"{criterion}.failed",)
    (finding,) = assessed.comparison.findings
    assert (finding.kind, finding.supports, finding.params["criterion"]) == ("over_limit", (criterion,), criterion)


def test_every_failed_criterion_rests_on_a_finding():
    told = {("housing_bureau", "m1"): [FLAT], ("police", "m1"): [CAR | {"insured_value": "990000"}]}
    comparison = check(told).comparison
    failed = {each.name for each in comparison.criteria if each.met is False}
    assert failed == {"area", "vehicle_price", "residence"}
    assert failed == {name for each in comparison.findings if each.kind == "over_limit" for name in each.supports}


def test_dismissing_the_record_lifts_the_limit_that_it_broke():
    assessed = check({("housing_bureau", "m1"): [FLAT]})
    assert met(assessed, "area") is False
    home = next(each for each in assessed.comparison.findings if each.kind == "undeclared_home")
    again = check({("housing_bureau", "m1"): [FLAT]}, set_aside=frozenset({home.fingerprint}))
    assert (met(again, "area"), again.comparison.proposed) == (True, "fit")
    assert [line.reason for line in again.statement.lines_of("homes")] == ["set_aside"]


def test_dismissing_only_the_limit_leaves_the_check_incomplete():
    assessed = check({("housing_bureau", "m1"): [FLAT]})
    limit = next(each for each in assessed.comparison.findings if each.kind == "over_limit")
    again = check({("housing_bureau", "m1"): [FLAT]}, set_aside=frozenset({limit.fingerprint}))
    assert again.comparison.proposed == "incomplete"
    assert again.comparison.reasons == ("area.dismissed",)


@pytest.mark.parametrize("source", ["icbc", "housing_bureau", "police", "civil_affairs", "social_security"])
def test_a_silent_required_source_leaves_the_check_incomplete(source):
    assessed = check(silent={source: Outcome.TIMEOUT})
    assert assessed.comparison.proposed == "incomplete"
    assert f"missing:{source}" in assessed.comparison.reasons
    assert any(each.met is None for each in assessed.comparison.criteria)


def test_a_silent_source_that_may_be_missing_does_not():
    assert check(silent={"transport": Outcome.TIMEOUT, "province": Outcome.BROKEN}).comparison.proposed == "fit"


def test_what_is_known_to_be_over_the_limit_is_unfit_though_a_source_is_silent():
    told = {("icbc", "m1"): [ACCOUNT | {"balance": "600000"}]}
    assert check(told, silent={"boc": Outcome.TIMEOUT}).comparison.proposed == "unfit"


def test_an_identity_mismatch_leaves_it_incomplete_until_a_person_settles_it():
    assessed = check(silent={"transport": Outcome.IDENTITY_MISMATCH})
    assert assessed.comparison.proposed == "incomplete"
    assert findings(assessed) == ["identity_mismatch"] * 3
    aside = frozenset(each.fingerprint for each in assessed.comparison.findings)
    again = check(silent={"transport": Outcome.IDENTITY_MISMATCH}, set_aside=aside)
    assert again.comparison.proposed == "fit"  # whose answer may be missing


def test_a_dismissed_identity_mismatch_is_not_an_answer():
    assessed = check(silent={"police": Outcome.IDENTITY_MISMATCH})
    aside = frozenset(each.fingerprint for each in assessed.comparison.findings)
    again = check(silent={"police": Outcome.IDENTITY_MISMATCH}, set_aside=aside)
    assert again.comparison.proposed == "incomplete"
    assert "missing:police" in again.comparison.reasons


@pytest.mark.parametrize(
    ("wages", "tier"), [(60000, "low"), (96551, "low"), (96552, "lower_middle"), (154475, "lower_middle")]
)
def test_a_fit_household_is_placed_in_the_neediest_tier_that_it_meets(wages, tier):
    family = Declared(persons=(earning(FATHER, wages=wages), earning(MOTHER), CHILD))
    assessed = check(INNER, family, NANJING)
    assert (assessed.comparison.proposed, assessed.comparison.tier) == ("fit", tier)


def test_near_the_line_names_the_one_fact_that_would_change_the_result():
    family = Declared(persons=(earning(FATHER, wages=100000), earning(MOTHER, wages=60000), CHILD))
    near = check(declared=family).near
    assert (near.criterion, near.distance) == ("income", Decimal("4480") - Decimal("4444.444444"))
    over = check({("housing_bureau", "m1"): [FLAT]})
    assert over.near.criterion == "area"
    assert over.statement.line(over.near.line).section == "homes"
    assert check().near is None


def test_a_decision_is_replayed_byte_for_byte_from_its_stored_inputs():
    told = {("housing_bureau", "m1"): [FLAT], ("icbc", "m1"): [MOVED], ("police", "m1"): [LOCAL, CAR]}
    heard = hear(told)
    stored = msgspec.json.encode((FAMILY, heard, TAIZHOU, ON))
    first = msgspec.json.encode(assess(FAMILY, heard, TAIZHOU, on=ON))
    declared, again, standard, on = msgspec.json.decode(
        stored, type=tuple[Declared, list[type(heard[0])], type(TAIZHOU), date]
    )
    assert msgspec.json.encode(assess(declared, again, standard, on=on)) == first
    decoded = msgspec.json.decode(first, type=Assessed)
    assert msgspec.json.encode(decoded) == first
    assert (decoded.standard, decoded.rules_version) == (TAIZHOU.id, RULES_VERSION)


def test_no_id_number_is_in_the_result():
    told = {("civil_affairs", "m1"): [WEDDING, DIVORCE], ("police", "m2"): [DEATH]}
    encoded = msgspec.json.encode(check(told)).decode()
    assert not [person for person in FAMILY.persons if person.id_number in encoded]


def test_a_statement_of_another_day_is_refused():
    with pytest.raises(ValueError, match="another day"):
        compare(FAMILY, assemble(FAMILY, hear(), TAIZHOU, on=ON), TAIZHOU, on=date(2026, 11, 23))


@given(before=st.lists(account, min_size=1, max_size=4), more=account)
@settings(max_examples=60, deadline=None, derandomize=True)
def test_a_further_account_never_makes_a_failing_asset_criterion_pass(before, more):
    accounts = [ACCOUNT | each | {"record_key": f"A-{place}"} for place, each in enumerate(before)]
    then = check({("icbc", "m1"): accounts})
    now = check({("icbc", "m1"): accounts, ("abc", "m2"): [ACCOUNT | more]})
    assert now.statement.figures.assets.value >= then.statement.figures.assets.value
    assert not (met(then, "assets") is False and met(now, "assets"))


@given(amount=st.integers(0, 700000), more=st.integers(0, 700000))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_more_declared_money_never_makes_a_failing_asset_criterion_pass(amount, more):
    def owning(sum_of_money):
        asset = DeclaredAsset(owner="m1", asset_type="deposit", institution="x", amount=Decimal(sum_of_money))
        return check({("icbc", "m1"): [ACCOUNT]}, replace(FAMILY, assets=(asset,)))

    assert not (met(owning(amount), "assets") is False and met(owning(amount + more), "assets"))
