from datetime import date
from decimal import Decimal

import pytest
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.verification.household import (
    CHILD,
    FATHER,
    FLAT,
    MOTHER,
    ON,
    TAIZHOU,
    earning,
    hear,
)
from verification.facts import (
    Declared,
    DeclaredHome,
)
from verification.statement import assemble

QUIET = replace(TAIZHOU, minimum_wage=None)


SILENT_FATHER = Declared(persons=(earning(FATHER), earning(MOTHER), CHILD))


def state(told=None, declared=SILENT_FATHER, standard=QUIET, *, silent=None, set_aside=frozenset()):
    heard = hear(told, silent=silent, persons=len(declared.persons))
    return assemble(declared, heard, standard, on=ON, set_aside=set_aside)


def reasons(statement, section):
    return [line.reason for line in statement.lines_of(section)]


HALF = {"share_type": "2", "share_ratio": "0.5"}


SOLD = {"status": "0", "transferred_on": "2024-01-01"}


HOMES = [
    ("whole", [FLAT], [], 60),
    ("a share", [FLAT | HALF], [], 30),
    ("halves of husband and wife", [FLAT | HALF], [FLAT | HALF | {"record_key": "Z-2"}], 60),
    ("both named on one unit", [FLAT | {"share_type": "1"}], [FLAT | {"share_type": "1", "record_key": "Z-2"}], 60),
    (
        "thirds",
        [FLAT | {"share_type": "2", "share_ratio": "0.3333"}],
        [FLAT | {"share_type": "2", "share_ratio": "0.6667", "record_key": "Z-2"}],
        60,
    ),
    ("sold within the look-back", [FLAT | SOLD], [], 60),
    ("sold on its first day", [FLAT | SOLD | {"transferred_on": "2021-11-22"}], [], 60),
    ("sold before it", [FLAT | SOLD | {"transferred_on": "2021-11-21"}], [], 0),
    ("sold by one to the other", [FLAT | SOLD], [FLAT | {"record_key": "Z-2"}], 60),
    ("before completion", [FLAT | {"record_type": "02", "contract_no": "C-1"}], [], 60),
    ("contract given up", [FLAT | {"record_type": "02", "contract_no": "C-1", "status": "0"}], [], 0),
    (
        "contract and certificate of one unit",
        [FLAT | {"record_type": "02", "contract_no": "C-1", "record_key": "C-1"}, FLAT],
        [],
        60,
    ),
    ("a shop", [FLAT | {"use": "20"}], [], 0),
    ("a public lease", [FLAT | {"record_type": "03", "contract_no": "C-1"}], [], 0),
    (
        "compensation in money",
        [
            {k: v for k, v in FLAT.items() if k != "area"}
            | {"record_type": "04", "compensation_amount": "5", "compensation_date": "2025-01-01"}
        ],
        [],
        0,
    ),
]


money = st.integers(min_value=0, max_value=10**9).map(lambda cents: f"{Decimal(cents) / 100:.2f}")


@pytest.mark.parametrize(("case", "his", "hers", "area"), HOMES, ids=[case for case, *_ in HOMES])
def test_homes_count_by_share_once_and_within_the_look_back(case, his, hers, area):
    statement = state({("housing_bureau", "m1"): his, ("housing_bureau", "m2"): hers})
    assert statement.figures.area_total.value == area
    assert statement.figures.area.value == Decimal(area) / 3


def test_a_presale_contract_does_not_count_where_the_standard_says_so():
    standard = replace(QUIET, area=replace(QUIET.area, presale_counts=False))
    statement = state({("housing_bureau", "m1"): [FLAT | {"record_type": "02", "contract_no": "C"}]}, standard=standard)
    assert reasons(statement, "homes") == ["presale_not_counted"]


@pytest.mark.parametrize(
    "home",
    [
        DeclaredHome(owner="m1", address="泰州市 济川东路1号2幢301室", area=Decimal(58)),
        DeclaredHome(owner="m1", address="elsewhere", area=Decimal(58), unit_number=FLAT["unit_no"]),
        DeclaredHome(owner="m1", address="elsewhere", area=Decimal("60.4")),
    ],
)
def test_a_declared_home_that_is_registered_counts_once_as_registered(home):
    statement = state({("housing_bureau", "m1"): [FLAT]}, replace(SILENT_FATHER, homes=(home,)))
    assert statement.figures.area_total.value == 60
    assert reasons(statement, "homes") == ["", "register_prevails"]


@pytest.mark.parametrize(
    ("tenure", "sold_on", "area"),
    [("owned", None, 80), ("private_rental", None, 0), ("public_rental", None, 0), ("owned", date(2020, 1, 1), 0)],
)
def test_a_declared_home_counts_by_tenure_even_when_no_register_knows_it(tenure, sold_on, area):
    home = DeclaredHome(owner="m1", address="老宅", area=Decimal(80), tenure=tenure, sold_on=sold_on)
    assert state(declared=replace(SILENT_FATHER, homes=(home,))).figures.area_total.value == area
