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
    earning,
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
