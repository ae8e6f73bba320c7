from decimal import Decimal

import pytest
from msgspec.structs import replace

from tests.verification.household import (
    ACCOUNT,
    CHILD,
    FATHER,
    MOTHER,
    ON,
    TAIZHOU,
    check,
    earning,
    findings,
    hear,
)
from verification.facts import (
    Declared,
    DeclaredAsset,
)
from verification.statement import assemble

QUIET = replace(TAIZHOU, minimum_wage=None)


SILENT_FATHER = Declared(persons=(earning(FATHER), earning(MOTHER), CHILD))


def state(told=None, declared=SILENT_FATHER, standard=QUIET, *, silent=None, set_aside=frozenset()):
    heard = hear(told, silent=silent, persons=len(declared.persons))
    return assemble(declared, heard, standard, on=ON, set_aside=set_aside)


MOVED = ACCOUNT | {"average_6m": "300000", "large_outflow_6m": "290000"}


ASSETS = [
    ("balances of two banks", [ACCOUNT], [ACCOUNT | {"balance": "500"}], 20500),
    ("products besides", [ACCOUNT | {"product_value": "5000"}], [], 25000),
    ("moved away", [MOVED], [], 300000),
    ("moved, but not by large sums", [MOVED | {"large_outflow_6m": "49999.99"}], [], 20000),
    ("average little above the balance", [ACCOUNT | {"average_6m": "24000", "large_outflow_6m": "90000"}], [], 20000),
    (
        "moved to the household's own other account",
        [MOVED],
        [ACCOUNT | {"balance": "280000", "average_6m": "0"}],
        300000,
    ),
    ("moved partly to it", [MOVED], [ACCOUNT | {"balance": "180000", "average_6m": "0"}], 300000),
]


@pytest.mark.parametrize(("case", "icbc", "abc", "amount"), ASSETS, ids=[case for case, *_ in ASSETS])
def test_deposits_count_with_what_was_moved_away_and_never_twice(case, icbc, abc, amount):
    assert state({("icbc", "m1"): icbc, ("abc", "m2"): abc}).figures.assets.value == amount


@pytest.mark.parametrize(
    ("kind", "amount", "expected"),
    [("deposit", 15000, 20000), ("deposit", 25000, 25000), ("security", 15000, 35000), ("claim", 1000, 21000)],
)
def test_declared_assets_count_where_they_are_more_or_no_bank_would_know(kind, amount, expected):
    asset = DeclaredAsset(owner="m1", asset_type=kind, institution="x", amount=Decimal(amount))
    assert state({("icbc", "m1"): [ACCOUNT]}, replace(SILENT_FATHER, assets=(asset,))).figures.assets.value == expected


SHARED = ACCOUNT | {"joint": True}


def with_assets(*stated):
    assets = tuple(
        DeclaredAsset(owner=owner, asset_type="deposit", institution="icbc", amount=Decimal(amount))
        for owner, amount in stated
    )
    return replace(SILENT_FATHER, assets=assets)


JOINT = [
    ("nobody declared it", [], 20000, {"m1": 20000}),
    ("the husband did", [("m1", 20000)], 20000, {"m1": 20000}),
    ("the wife did", [("m2", 20000)], 20000, {"m2": 20000}),
    ("both did, each the whole", [("m1", 20000), ("m2", 20000)], 20000, {"m1": 20000}),
    ("the wife, and more besides", [("m2", 25000)], 25000, {"m2": 25000}),
]


@pytest.mark.parametrize("flag", [{"joint": True}, {}], ids=["flagged", "not flagged"])
@pytest.mark.parametrize(("case", "stated", "amount", "counted"), JOINT, ids=[case for case, *_ in JOINT])
def test_an_account_told_of_two_members_counts_once_with_who_declared_it(case, stated, amount, counted, flag):
    account = ACCOUNT | flag
    statement = state({("icbc", "m1"): [account], ("icbc", "m2"): [account]}, with_assets(*stated))
    assert statement.figures.assets.value == amount
    used = {line.person: line.counted for line in statement.lines_of("assets") if line.used}
    assert used == counted


def test_the_other_holders_line_is_shown_with_its_reason():
    lines = state({("icbc", "m1"): [SHARED], ("icbc", "m2"): [SHARED]}).lines_of("assets")
    assert [(line.person, line.counted, line.reason) for line in lines] == [
        ("m1", 20000, ""),
        ("m2", 0, "joint_counted_once"),
    ]


def test_a_joint_account_goes_to_whose_other_accounts_leave_some_of_the_declared_open():
    own = ACCOUNT | {"record_key": "A-2", "balance": "50000"}
    told = {("icbc", "m1"): [own, SHARED], ("icbc", "m2"): [SHARED]}
    found = check(told, with_assets(("m1", 50000), ("m2", 20000)), QUIET)
    assert found.statement.figures.assets.value == 70000
    assert findings(found) == []


def test_money_moved_from_a_joint_account_left_once():
    moved = SHARED | MOVED
    assert state({("icbc", "m1"): [moved], ("icbc", "m2"): [moved]}).figures.assets.value == 300000


@pytest.mark.parametrize(
    "told",
    [
        {("icbc", "m1"): [SHARED], ("abc", "m2"): [SHARED]},  # keys of two banks have nothing to do with each other
        {("icbc", "m1"): [SHARED], ("icbc", "m2"): [SHARED | {"record_key": "A-2"}]},
        {("icbc", "m1"): [ACCOUNT | {"joint": False}], ("icbc", "m2"): [ACCOUNT | {"joint": False}]},
    ],
)
def test_two_accounts_are_two(told):
    assert state(told).figures.assets.value == 40000


def test_a_dismissed_finding_on_a_joint_account_sets_it_aside_for_both():
    told = {("icbc", "m1"): [SHARED | {"balance": "200000"}], ("icbc", "m2"): [SHARED | {"balance": "200000"}]}
    [finding] = [each for each in check(told).comparison.findings if each.kind == "undeclared_deposit"]
    again = check(told, set_aside=frozenset({finding.fingerprint}))
    assert again.statement.figures.assets.value == 0
    assert "undeclared_deposit" not in findings(again)


def test_a_dismissed_finding_stays_dismissed_beside_an_account_of_a_kind_that_does_not_count():
    test = replace(QUIET.asset_test, exempt=("security",))
    exempt = replace(QUIET, assets=test, tiers=tuple(replace(tier, assets=None) for tier in QUIET.tiers))
    bond = ACCOUNT | {"record_key": "A-9", "account_type": "B", "balance": "5000"}
    told = {("icbc", "m1"): [ACCOUNT | {"balance": "200000"}, bond]}
    [finding] = [each for each in check(told, standard=exempt).comparison.findings if each.kind == "undeclared_deposit"]
    again = check(told, standard=exempt, set_aside=frozenset({finding.fingerprint}))
    assert again.statement.figures.assets.value == 0
