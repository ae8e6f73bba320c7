"""What is kept back in small parts is found as what is kept back in one."""

from msgspec.structs import replace

from tests.verification.household import ACCOUNT, FATHER, TAIZHOU, WAGES, check, earning
from verification.facts import Declared, DeclaredAsset

QUIET = replace(TAIZHOU, minimum_wage=None)
ONE = Declared(persons=(earning(FATHER),))
BANKS = ("icbc", "abc", "boc", "ccb")
FEES = WAGES | {"record_key": "T-2", "income_type": "02"}


def found(assessed, kind):
    return {each.source: each for each in assessed.comparison.findings if each.kind == kind}


def test_deposits_at_many_banks_are_findings_when_they_are_beyond_the_tolerance_together():
    told = {(bank, "m1"): [ACCOUNT | {"balance": "10000"}] for bank in BANKS}
    assessed = check(told, ONE, QUIET)
    assert {bank: each.weight for bank, each in found(assessed, "undeclared_deposit").items()} == dict.fromkeys(
        BANKS, 10_000
    )
    del told["boc", "m1"], told["ccb", "m1"], told["abc", "m1"]
    assert not found(check(told, ONE, QUIET), "undeclared_deposit")  # within the tolerance


def test_a_bank_whose_money_was_declared_is_no_finding():
    told = {(bank, "m1"): [ACCOUNT | {"balance": "10000"}] for bank in BANKS[1:]}
    told["icbc", "m1"] = [ACCOUNT | {"balance": "9000"}]
    asset = DeclaredAsset(owner="m1", asset_type="deposit", institution="x", amount=14_000)
    deposits = found(check(told, replace(ONE, assets=(asset,)), QUIET), "undeclared_deposit")
    assert {bank: each.weight for bank, each in deposits.items()} == {"abc": 5000, "boc": 10_000, "ccb": 10_000}


def test_income_of_one_kind_in_two_parts_above_the_declared_is_a_finding():
    declared = Declared(persons=(earning(FATHER, wages=60_000),))
    (finding,) = found(check({("local_tax", "m1"): [WAGES, FEES]}, declared, QUIET), "understated_income").values()
    assert (finding.weight, finding.amount) == (60_000, 60_000)
    told = {name: finding.params[name] for name in ("declared", "found", "in_all", "beyond")}
    assert told == {"declared": "60000.00", "found": "60000.00", "in_all": "120000.00", "beyond": "60000.00"}


def test_income_of_one_kind_is_covered_from_its_smallest_part():
    declared = Declared(persons=(earning(FATHER, wages=60_000),))
    told = {("local_tax", "m1"): [WAGES | {"declared_income": "70000"}, FEES | {"declared_income": "800"}]}
    (finding,) = found(check(told, declared, QUIET), "understated_income").values()
    assert (finding.params["sort"], finding.weight) == ("employment", 10_800)


def test_a_dismissed_part_leaves_the_others():
    told = {("local_tax", "m1"): [WAGES, FEES]}
    first = check(told, ONE, QUIET)
    parts = [each for each in first.comparison.findings if each.kind == "understated_income"]
    assert len(parts) == 2
    fees = next(each for each in parts if each.params["sort"] == "services")
    again = check(told, ONE, QUIET, set_aside=frozenset({fees.fingerprint}))
    assert again.statement.figures.income.value == 5000
    assert len(found(again, "understated_income")) == 1
