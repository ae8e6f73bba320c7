from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from tests.verification.household import (
    CAR,
    CHILD,
    FATHER,
    LOCAL,
    MOTHER,
    ON,
    TAIZHOU,
    earning,
    hear,
)
from verification.facts import (
    Declared,
    DeclaredVehicle,
)
from verification.statement import assemble

QUIET = replace(TAIZHOU, minimum_wage=None)


SILENT_FATHER = Declared(persons=(earning(FATHER), earning(MOTHER), CHILD))


def state(told=None, declared=SILENT_FATHER, standard=QUIET, *, silent=None, set_aside=frozenset()):
    heard = hear(told, silent=silent, persons=len(declared.persons))
    return assemble(declared, heard, standard, on=ON, set_aside=set_aside)


def reasons(statement, section):
    return [line.reason for line in statement.lines_of(section)]


VEHICLES = [
    ("one", [CAR], [], 1, ""),
    ("scrapped", [CAR | {"status": "6", "status_date": "2026-01-01"}], [], 0, "gone"),
    ("deregistered", [CAR | {"status": "3", "status_date": "2026-01-01"}], [], 0, "gone"),
    ("pledged is still owned", [CAR | {"status": "5"}], [], 1, ""),
    ("a taxi", [CAR | {"use_nature": "D"}], [], 0, "not_private"),
    ("a vehicle for the disabled", [CAR | {"vehicle_class": "C"}], [], 0, "exempt_class"),
    ("a road licence besides", [CAR], [CAR | {"record_type": "2", "licence_no": "1", "business_scope": "4"}], 1, ""),
]


@pytest.mark.parametrize(("case", "police", "transport", "count", "reason"), VEHICLES, ids=[c for c, *_ in VEHICLES])
def test_vehicles_that_are_private_and_held_count_once(case, police, transport, count, reason):
    statement = state({("police", "m1"): [LOCAL, *police], ("transport", "m1"): transport})
    assert statement.figures.vehicles.value == count
    assert statement.lines_of("vehicles")[0].reason == reason


@pytest.mark.parametrize(("proof", "count", "reason"), [("HT-2026-3", 0, "claimed_sold"), ("", 1, "")])
def test_a_car_sold_but_not_transferred_stands_apart_only_with_its_contract(proof, count, reason):
    sold = DeclaredVehicle(owner="m1", plate="苏M·11111", sold_on=date(2026, 1, 5), proof=proof)
    statement = state({("police", "m1"): [CAR]}, replace(SILENT_FATHER, vehicles=(sold,)))
    assert statement.figures.vehicles.value == count
    assert reasons(statement, "vehicles") == [reason, "register_prevails"]


def test_the_higher_of_declared_price_and_insured_value_is_the_price():
    declared = replace(SILENT_FATHER, vehicles=(DeclaredVehicle(owner="m1", plate="苏M11111", price=Decimal(130000)),))
    assert state({("police", "m1"): [CAR]}, declared).figures.vehicle_price.value == 130000
    unknown = {key: value for key, value in CAR.items() if key != "insured_value"}
    assert state({("police", "m1"): [unknown]}).figures.unpriced_vehicles == 1
