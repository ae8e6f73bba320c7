from decimal import Decimal

import pytest
from msgspec.structs import replace

from tests.verification.household import (
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
)
from verification.statement import assemble
from verification.statement.fingerprints import marks

QUIET = replace(TAIZHOU, minimum_wage=None)


SILENT_FATHER = Declared(persons=(earning(FATHER), earning(MOTHER), CHILD))


def state(told=None, declared=SILENT_FATHER, standard=QUIET, *, silent=None, set_aside=frozenset()):
    heard = hear(told, silent=silent, persons=len(declared.persons))
    return assemble(declared, heard, standard, on=ON, set_aside=set_aside)


def reasons(statement, section):
    return [line.reason for line in statement.lines_of(section)]


DEATH = LOCAL | {"deceased": True, "death_date": "2025-09-01", "record_key": "HK-9"}


def test_a_death_that_a_person_set_aside_leaves_the_member_in():
    aside = frozenset(marks("police", "m2/HK-9", "deceased_member", "", Decimal(0)))
    statement = state({("police", "m2"): [DEATH]}, set_aside=aside)
    assert statement.members == ("m1", "m2", "m3")
    assert "set_aside" in reasons(statement, "household")


@pytest.mark.parametrize(
    ("change", "years"),
    [
        ({}, 16),
        ({"moved_in_date": "2025-11-23"}, 0),
        ({"moved_in_date": "2025-11-22"}, 1),
        ({"division_code": "320102"}, 0),
        ({"cancelled": True}, 0),
        ({"moved_in_date": None}, None),
    ],
)
def test_residence_is_full_years_of_local_registration(change, years):
    assert state({("police", "m1"): [LOCAL | change]}).figures.residence.value == years


def test_a_childs_registration_is_not_an_adults():
    assert state({("police", "m1"): [], ("police", "m3"): [LOCAL]}).figures.residence.value == 0
