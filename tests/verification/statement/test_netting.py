"""One income counts once, whoever tells of it: the larger is used, and payers are told apart."""

import pytest

from tests.verification.household import DIBAO, WAGES, check
from tests.verification.statement.test_income import DEATH, QUIET, SILENT_FATHER, state, total

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
