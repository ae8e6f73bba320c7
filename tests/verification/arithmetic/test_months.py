"""Income counts for the months of the period in which it was paid, and a month is one month however many pay."""

import pytest
from msgspec.structs import replace

from tests.verification.household import DIBAO, FATHER, INSURED, TAIZHOU, WAGES, check, earning
from verification.facts import Declared

QUIET = replace(TAIZHOU, minimum_wage=None)
ONE = Declared(persons=(earning(FATHER),))
GRANT = DIBAO | {"aid_type": "99", "monthly_amount": "1000"}
X, Y = {"unit_code": "91321200MA1X000011"}, {"unit_code": "91321200MA1X000022", "record_key": "T-2"}

GRANTS = [
    ("long since", {"from_date": "2020-03-01"}, 12_000),
    ("since May", {"from_date": "2026-05-20"}, 6000),
    ("from the month of the check on", {"from_date": "2026-11-02"}, 0),
    ("until June", {"to_date": "2026-06-30"}, 8000),
    ("ended in June", {"to_date": "2026-06-30", "status": "3"}, 8000),
    ("ended before the period", {"to_date": "2025-10-31", "status": "3"}, 0),
    ("ended nobody knows when", {"status": "3"}, 0),
    ("to run on", {"to_date": "2030-01-01"}, 12_000),
    ("paused", {"status": "2"}, 0),
]


def income(told):
    return check({(source, "m1"): records for source, records in told.items()}, ONE, QUIET).statement.figures.income


@pytest.mark.parametrize(("case", "days", "expected"), GRANTS, ids=[case for case, *_ in GRANTS])
def test_assistance_counts_for_the_months_in_which_it_was_paid(case, days, expected):
    assert income({"civil_affairs": [GRANT | days]}).steps[-1].amount == expected


def test_a_grant_that_follows_another_of_the_same_family_counts_once_for_the_longer():
    grants = [
        GRANT | {"family_no": "F-1"},
        GRANT | {"family_no": "F-1", "record_key": "D-2", "from_date": "2026-05-01"},
    ]
    assert income({"civil_affairs": grants}).steps[-1].amount == 12_000


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (("2026-05", "2026-10"), ("2026-05", "2026-10"), 60_000),  # half a year: the base of contributions is more
        (("2025-11", "2026-04"), ("2026-05", "2026-10"), 20_000),  # one after the other: the whole year is taxed
        (("2025-11", "2026-10"), ("2026-05", "2026-10"), 20_000),
        (("2025-11", "2026-05"), ("2026-05", "2026-09"), 60_000),  # a month is missing
    ],
)
def test_months_in_which_two_employers_paid_are_covered_once(first, second, expected):
    told = [
        WAGES | unit | {"period_from": span[0], "period_to": span[1], "declared_income": "10000"}
        for unit, span in ((X, first), (Y, second))
    ]
    assert income({"local_tax": told, "social_security": [INSURED]}).steps[-1].amount == expected


def test_two_insurances_at_a_time_are_not_two_years():
    told = {"local_tax": [WAGES], "social_security": [INSURED, INSURED | {"record_key": "S-2", "month_base": "4000"}]}
    assert income(told).steps[-1].amount == 60_000
