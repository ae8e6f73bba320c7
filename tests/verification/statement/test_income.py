from decimal import Decimal

import pytest
from msgspec.structs import replace

from tests.verification.household import (
    CHILD,
    DIBAO,
    FAMILY,
    FATHER,
    FUND,
    INSURED,
    LOCAL,
    MOTHER,
    ON,
    TAIZHOU,
    WAGES,
    earning,
    hear,
)
from verification.facts import (
    Declared,
)
from verification.statement import assemble

QUIET = replace(TAIZHOU, minimum_wage=None)


SILENT_FATHER = Declared(persons=(earning(FATHER), earning(MOTHER), CHILD))


def state(told=None, declared=SILENT_FATHER, standard=QUIET, *, silent=None, set_aside=frozenset()):
    heard = hear(told, silent=silent, persons=len(declared.persons))
    return assemble(declared, heard, standard, on=ON, set_aside=set_aside)


def total(statement, section):
    return sum((line.counted for line in statement.lines_of(section) if line.used), Decimal(0))


def month(number, **changes):
    return (
        WAGES
        | {"record_key": f"T-{number}", "period_from": f"2026-{number:02}", "period_to": f"2026-{number:02}"}
        | changes
    )


INCOMES = [
    ("tax covers the year", {"local_tax": [WAGES], "social_security": [INSURED], "provident_fund": [FUND]}, 60000),
    ("no tax: the larger base", {"social_security": [INSURED], "provident_fund": [FUND]}, 62400),
    ("no tax: insurance alone", {"social_security": [INSURED]}, 60000),
    (
        "insured for half the year, fund for as long",
        {"social_security": [INSURED | {"months_paid": 6}], "provident_fund": [FUND]},
        31200,
    ),
    (
        "tax for one month does not hide the rest",
        {"local_tax": [month(3, declared_income="9000")], "social_security": [INSURED]},
        60000,
    ),
    (
        "tax for the months worked",
        {"local_tax": [month(3, declared_income="9000")], "social_security": [INSURED | {"months_paid": 1}]},
        9000,
    ),
    ("two employers", {"local_tax": [WAGES, WAGES | {"record_key": "T-2"}]}, 120000),
    (
        "a calendar year counts by its months",
        {"local_tax": [WAGES | {"period_from": "2025-01", "period_to": "2025-12"}]},
        10000,
    ),
    ("long ago", {"local_tax": [WAGES | {"period_from": "2023-01", "period_to": "2023-12"}]}, 0),
    ("residents' insurance is no wage", {"social_security": [INSURED | {"scheme": "2"}]}, 0),
    ("a sealed fund account is no wage", {"provident_fund": [FUND | {"status": "2"}]}, 0),
    ("fees besides wages", {"local_tax": [WAGES, month(5, income_type="02", declared_income="800")]}, 60800),
    ("rent let", {"local_tax": [month(5, income_type="05", declared_income="900")]}, 900),
    ("sale of a home is capital", {"local_tax": [month(5, income_type="06", declared_income="900000")]}, 0),
    (
        "taxed trade before sales",
        {
            "local_tax": [WAGES | {"income_type": "03"}],
            "state_tax": [WAGES | {"record_type": "02", "sales_amount": "999999"}],
        },
        60000,
    ),
    ("sales by the margin", {"state_tax": [WAGES | {"record_type": "02", "sales_amount": "200000"}]}, 20000),
    (
        "pension since the spring",
        {"social_security": [INSURED | {"record_type": "2", "monthly_amount": "2000", "start_date": "2026-04-01"}]},
        14000,
    ),
    (
        "pension ended",
        {
            "social_security": [
                INSURED | {"record_type": "2", "monthly_amount": "2000", "start_date": "2010-04-01", "status": "3"}
            ]
        },
        0,
    ),
    (
        "unemployment benefit of three months",
        {
            "social_security": [
                INSURED
                | {"record_type": "3", "monthly_amount": "1500", "start_date": "2026-01-01", "end_date": "2026-03-31"}
            ]
        },
        4500,
    ),
    ("dibao is no income", {"civil_affairs": [DIBAO]}, 0),
    ("other assistance is", {"civil_affairs": [DIBAO | {"aid_type": "99"}]}, 16800),
]


DEATH = LOCAL | {"deceased": True, "death_date": "2025-09-01", "record_key": "HK-9"}


@pytest.mark.parametrize(("case", "told", "expected"), INCOMES, ids=[case for case, _, _ in INCOMES])
def test_income_is_netted_over_its_sources(case, told, expected):
    statement = state({(source, "m1"): records for source, records in told.items()})
    assert total(statement, "income") == expected
    assert statement.figures.income.value == pytest.approx(Decimal(expected) / 36, abs=Decimal("0.01"))


@pytest.mark.parametrize(("declared", "used", "reason"), [(50000, 60000, "found_is_more"), (70000, 70000, "")])
def test_the_larger_of_declared_and_found_counts(declared, used, reason):
    family = Declared(persons=(earning(FATHER, wages=declared), earning(MOTHER), CHILD))
    statement = state({("local_tax", "m1"): [WAGES]}, family)
    assert total(statement, "income") == used
    assert statement.lines_of("income")[0].reason == reason


def test_a_familys_grant_counts_once():
    grant = DIBAO | {"aid_type": "99", "family_no": "321202-1"}
    statement = state({("civil_affairs", "m1"): [grant], ("civil_affairs", "m2"): [grant | {"record_key": "D-2"}]})
    assert total(statement, "income") == 16800


def test_the_minimum_wage_is_counted_for_the_able_of_working_age_only():
    statement = state(standard=TAIZHOU)
    assert total(statement, "income") == 2 * 2260 * 12
    assert {line.person for line in statement.lines_of("income")} == {"m1", "m2"}
    assert {line.reason for line in statement.lines_of("income")} == {"imputed"}


@pytest.mark.parametrize(
    "change",
    [
        {"employment": "student"},
        {"employment": "unable"},
        {"disability": "severe"},
        {"health": "severe_illness"},
        {"incapable": True},
        {"id_number": "321299196003150017"},
    ],
)
def test_the_minimum_wage_is_not_counted_for_those_who_cannot_work(change):
    statement = state(declared=Declared(persons=(replace(earning(FATHER), **change),)), standard=TAIZHOU)
    assert total(statement, "income") == 0


def test_the_minimum_wage_tops_up_what_was_earned():
    family = Declared(persons=(earning(FATHER, wages=20000),))
    assert total(state(declared=family, standard=TAIZHOU), "income") == 2260 * 12


def test_a_dead_member_counts_no_more_and_brings_no_income():
    told = {("police", "m2"): [DEATH], ("local_tax", "m2"): [WAGES], ("local_tax", "m1"): [WAGES]}
    statement = state(told, FAMILY)
    assert statement.members == ("m1", "m3")
    assert [step.code for step in statement.figures.household_size.steps] == ["declared_members", "deceased"]
    assert statement.figures.income.value == 2500
    assert {line.reason for line in statement.lines_of("income") if line.person == "m2"} == {"deceased"}
