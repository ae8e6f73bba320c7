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
    check,
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


RENT = WAGES | {"income_type": "05", "declared_income": "24000", "record_key": "R-1"}
BENEFIT = {
    "kind": "insurance",
    "record_key": "U-1",
    "record_type": "3",
    "scheme": "1",
    "status": "1",
    "monthly_amount": "1500",
    "start_date": "2025-01-01",
}
AID = DIBAO | {"record_key": "UA-1", "aid_type": "06", "monthly_amount": "1500", "family_no": "F-1"}
LOW = AID | {"record_key": "L-1", "aid_type": "03"}
X, Y = (
    {"unit_code": "91321200MA1X000011", "unit_name": "甲公司"},
    {"unit_code": "91321200MA1X000022", "unit_name": "乙公司"},
)


def taxed(key, amount, **unit):
    return WAGES | {"record_key": key, "declared_income": f"{amount}"} | unit


ONCE = [
    ("unemployment by social security and as aid", {"social_security": [BENEFIT], "civil_affairs": [AID]}, 18000),
    (
        "the larger of the two",
        {"social_security": [BENEFIT], "civil_affairs": [AID | {"monthly_amount": "1600"}]},
        19200,
    ),
    ("a grant by city and province", {"civil_affairs": [LOW], "province": [LOW]}, 18000),
    (
        "a grant under two family numbers",
        {"civil_affairs": [LOW], "province": [LOW | {"record_key": "3212-L-1", "family_no": "321202-F-1"}]},
        18000,
    ),
    ("grants of two counties", {"civil_affairs": [LOW], "province": [LOW | {"county_code": "321003"}]}, 36000),
    ("two grants of one county", {"civil_affairs": [LOW, LOW | {"record_key": "L-2", "family_no": "F-2"}]}, 36000),
    ("rent by both tax offices", {"state_tax": [RENT], "local_tax": [RENT]}, 24000),
    ("fees by both", {office: [RENT | {"income_type": "02"}] for office in ("state_tax", "local_tax")}, 24000),
    ("interest by both", {office: [RENT | {"income_type": "04"}] for office in ("state_tax", "local_tax")}, 24000),
    ("prizes by both", {office: [RENT | {"income_type": "08"}] for office in ("state_tax", "local_tax")}, 24000),
    ("rent and fees are two incomes", {"state_tax": [RENT], "local_tax": [RENT | {"income_type": "02"}]}, 48000),
    (
        "pension by two sources",
        {source: [BENEFIT | {"record_type": "2"}] for source in ("social_security", "province")},
        18000,
    ),
    (
        "sales by both tax offices",
        {office: [WAGES | {"record_type": "02", "sales_amount": "200000"}] for office in ("state_tax", "local_tax")},
        20000,
    ),
    (
        "two employers, one at each office",
        {"state_tax": [taxed("A", 30000, **X)], "local_tax": [taxed("B", 40000, **Y)]},
        70000,
    ),
    ("one employer at both", {"state_tax": [taxed("A", 30000, **X)], "local_tax": [taxed("B", 40000, **X)]}, 40000),
    (
        "told apart by name where there is no code",
        {"state_tax": [taxed("A", 30000, unit_name="甲公司")], "local_tax": [taxed("B", 40000, unit_name="乙公司")]},
        70000,
    ),
    (
        "known by the name that goes with the code",
        {
            "state_tax": [taxed("A", 30000, **X), taxed("C", 5000, **Y)],
            "local_tax": [taxed("B", 40000, unit_name="甲 公司")],
        },
        45000,
    ),
    (
        "known by the key of the record",
        {"state_tax": [taxed("A", 30000, **X), taxed("C", 5000, **Y)], "local_tax": [taxed("A", 30000)]},
        35000,
    ),
    (
        "an unknown payer may be either",
        {"state_tax": [taxed("A", 30000, **X), taxed("C", 5000, **Y)], "local_tax": [taxed("B", 20000)]},
        35000,
    ),
    (
        "an unknown payer of more",
        {"state_tax": [taxed("A", 30000, **X)], "local_tax": [taxed("B", 40000), taxed("D", 1000, **Y)]},
        41000,
    ),
    (
        "named by one and half named by the other",
        {"state_tax": [taxed("A", 30000, **X)], "local_tax": [taxed("B", 40000), taxed("D", 31000, **X)]},
        71000,
    ),
]


@pytest.mark.parametrize(("case", "told", "expected"), ONCE, ids=[case for case, _, _ in ONCE])
def test_one_income_counts_once_whoever_tells_of_it(case, told, expected):
    for order in (told.items(), reversed(told.items())):
        statement = state({(source, "m1"): records for source, records in order})
        assert total(statement, "income") == expected
    for line in statement.lines_of("income"):
        assert line.used or line.reason in {"netted", "family_counted_once"}
        assert line.amount


def test_unemployment_aid_to_a_family_counts_with_who_draws_the_benefit():
    told = {("civil_affairs", "m1"): [AID], ("civil_affairs", "m2"): [AID], ("social_security", "m2"): [BENEFIT]}
    statement = state(told)
    assert total(statement, "income") == 18000
    assert {line.person for line in statement.lines_of("income") if line.used} == {"m2"}


def test_a_familys_grant_counts_with_a_living_member():
    grant = DIBAO | {"aid_type": "99", "family_no": "321202-1"}
    statement = state({("police", "m1"): [DEATH], ("civil_affairs", "m1"): [grant], ("civil_affairs", "m2"): [grant]})
    assert total(statement, "income") == 16800


def test_a_dismissed_finding_on_part_of_what_a_source_tells_lets_the_other_source_count():
    told = {
        ("state_tax", "m1"): [taxed("A", 30000, **X), taxed("C", 90000, **Y)],
        ("local_tax", "m1"): [taxed("B", 40000, **X)],
    }
    found = check(told, SILENT_FATHER, QUIET)
    understated = {each.source: each for each in found.comparison.findings if each.kind == "understated_income"}
    assert {source: each.amount for source, each in understated.items()} == {"state_tax": 90000, "local_tax": 40000}

    aside = frozenset({understated["local_tax"].fingerprint})
    again = check(told, SILENT_FATHER, QUIET, set_aside=aside)
    assert total(again.statement, "income") == 120000  # the other source's word on the same employer
    reasons = {line.record_key: line.reason for line in again.statement.lines_of("income")}
    assert reasons == {"A": "", "B": "set_aside", "C": ""}

    aside |= {each.fingerprint for each in again.comparison.findings if each.kind == "understated_income"}
    assert total(check(told, SILENT_FATHER, QUIET, set_aside=aside).statement, "income") == 0


@pytest.mark.parametrize("day", ["0001-01-01", "0999-12-31", "9999-12-31"])
def test_a_made_up_date_that_is_on_file_stops_no_sum(day):
    pension = BENEFIT | {"record_type": "2", "start_date": day}
    assert total(state({("social_security", "m1"): [pension]}), "income") == (0 if day > "2026" else 18000)
