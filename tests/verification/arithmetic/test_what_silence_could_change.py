"""A verdict rests on nothing that the answer of a silent source could still change, in either direction."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from tests.verification.household import (
    ACCOUNT,
    CAR,
    CHILD,
    DIBAO,
    FATHER,
    FLAT,
    FUND,
    INSURED,
    LOCAL,
    MOTHER,
    ON,
    SHARE,
    TAIZHOU,
    WAGES,
    check,
    earning,
    hear,
    met,
)
from verification.comparison import assess
from verification.facts import Declared, DeclaredAsset, DeclaredBusiness, DeclaredHome, DeclaredVehicle, Outcome

QUIET = replace(TAIZHOU, minimum_wage=None)
ONE = Declared(persons=(earning(FATHER),))
FAMILY = Declared(persons=(earning(FATHER), earning(MOTHER), CHILD))
SALES = {name: value for name, value in WAGES.items() if name != "income_type"} | {"record_type": "02"}
DEATH = LOCAL | {"deceased": True, "death_date": "2025-09-01", "record_key": "HK-9"}
GRANT = DIBAO | {"aid_type": "99", "monthly_amount": "5000"}
HOME = DeclaredHome(owner="m1", address=FLAT["address"], area=Decimal(46))
DEAR = DeclaredVehicle(owner="m1", plate=CAR["plate_no"], price=Decimal(130_000))
STALL = DeclaredBusiness(owner="m1", name=SHARE["entity_name"], capital=Decimal(400_000))
MOVED = ACCOUNT | {"average_6m": "700000", "large_outflow_6m": "690000"}
GONE = {"status": "6", "status_date": "2026-01-01"}


def saved(*stated):
    assets = tuple(
        DeclaredAsset(owner=owner, asset_type="deposit", institution="x", amount=Decimal(amount))
        for owner, amount in stated
    )
    return replace(FAMILY, assets=assets)


def silent(source, told=None, declared=ONE, standard=QUIET):
    return check(told, declared, standard, silent={source: Outcome.TIMEOUT})


@pytest.mark.parametrize("source", ["civil_affairs", "local_tax", "social_security", "provident_fund"])
def test_income_is_unknown_while_a_source_of_income_is_silent(source):
    criterion = silent(source).comparison.criterion("income")
    assert (criterion.met, criterion.missing) == (None, (source,))


TURNED = {
    "insured for fewer months than the fund was taken to run": (
        "income",
        "social_security",
        {("social_security", "m1"): [INSURED | {"months_paid": 6}]},
        {("provident_fund", "m1"): [FUND]},
        ONE,
    ),
    "a trade taxed at less than its sales suggest": (
        "income",
        "local_tax",
        {("local_tax", "m1"): [WAGES | {"income_type": "03", "declared_income": "12000"}]},
        {("state_tax", "m1"): [SALES | {"sales_amount": "900000"}]},
        ONE,
    ),
    "wages below the base of contributions": (
        "income",
        "local_tax",
        {("local_tax", "m1"): [WAGES | {"declared_income": "30000"}]},
        {("social_security", "m1"): [INSURED | {"month_base": "9000"}]},
        ONE,
    ),
    "the member who earned has died": (
        "income",
        "police",
        {("police", "m2"): [DEATH]},
        {("local_tax", "m2"): [WAGES | {"declared_income": "200000"}]},
        FAMILY,
    ),
    "a grant is also told of a member who declared it": (
        "income",
        "civil_affairs",
        {("civil_affairs", "m1"): [GRANT], ("civil_affairs", "m2"): [GRANT]},
        {("province", "m1"): [GRANT]},
        Declared(persons=(earning(FATHER), earning(MOTHER, transfers=60000))),
    ),
    "a declared home is smaller in the register": (
        "area",
        "housing_bureau",
        {("housing_bureau", "m1"): [FLAT | {"area": "44"}]},
        {},
        replace(FAMILY, homes=(HOME,)),
    ),
    "a declared car has been scrapped": (
        "vehicle_price",
        "police",
        {("police", "m1"): [LOCAL, CAR | GONE]},
        {},
        replace(ONE, vehicles=(DEAR,)),
    ),
    "a declared business has been deregistered": (
        "business",
        "market_regulation",
        {("market_regulation", "m1"): [SHARE | {"status": "3"}]},
        {},
        replace(ONE, businesses=(STALL,)),
    ),
}


@pytest.mark.parametrize(("criterion", "source", "answer", "others", "declared"), TURNED.values(), ids=TURNED)
def test_a_silent_source_fails_nobody_whom_its_answer_would_pass(criterion, source, answer, others, declared):
    whole = check(others | answer, declared, QUIET)
    without = silent(source, others, declared)
    assert met(whole, criterion) is True
    assert met(without, criterion) is None
    assert source in without.comparison.criterion(criterion).params["sources"].split(",")


def test_a_silent_bank_may_hold_what_was_moved_away():
    told = {("icbc", "m1"): [MOVED]}
    received = {("abc", "m2"): [ACCOUNT | {"record_key": "A-2", "balance": "100000", "average_6m": "0"}]}
    whole, without = check(told | received, FAMILY, QUIET), silent("abc", told, FAMILY)
    assert whole.statement.figures.assets.value == 700_000
    assert met(without, "assets") is None
    assert without.statement.figures.assets.at_least == 20_000


def test_a_silent_bank_may_show_that_two_members_declared_one_account():
    shared = ACCOUNT | {"balance": "350000", "joint": True}
    declared = saved(("m1", 350_000), ("m2", 350_000))
    assert met(check({("icbc", "m1"): [shared], ("icbc", "m2"): [shared]}, declared, QUIET), "assets") is True
    assert met(silent("icbc", {}, declared), "assets") is None


def test_a_death_that_may_yet_be_told_of_leaves_fewer_to_share_a_home():
    told = {("housing_bureau", "m1"): [FLAT | {"area": "44"}], ("police", "m1"): [LOCAL]}
    funeral = {"kind": "registration", "record_key": "BZ-1", "record_type": "03", "cremation_date": "2025-09-03"}
    assert met(check(told, FAMILY, QUIET), "area") is True
    assert met(check(told | {("civil_affairs", "m3"): [funeral]}, FAMILY, QUIET), "area") is False
    assert met(silent("civil_affairs", told, FAMILY), "area") is None


def test_a_home_small_enough_for_one_is_small_enough_whoever_has_died():
    told = {("housing_bureau", "m1"): [FLAT | {"area": "14"}], ("police", "m1"): [LOCAL]}
    assert met(silent("civil_affairs", told, FAMILY), "area") is True


def test_the_only_adult_with_local_registration_may_have_died():
    assert met(check({}, FAMILY, QUIET), "residence") is True
    assert met(silent("civil_affairs", {}, FAMILY), "residence") is None


DECIDED = [
    ("income", "local_tax", {}, Declared(persons=(earning(FATHER, wages=100_000),))),
    (
        "income",
        "local_tax",
        {("social_security", "m1"): [INSURED | {"month_base": "9000"}]},
        Declared(persons=(earning(FATHER, wages=100_000),)),
    ),
    ("income", "social_security", {("local_tax", "m1"): [WAGES | {"declared_income": "90000"}]}, ONE),
    ("income", "police", {("local_tax", "m1"): [WAGES | {"declared_income": "90000"}]}, ONE),
    ("assets", "icbc", {}, saved(("m1", 800_000))),
    ("assets", "boc", {("icbc", "m1"): [ACCOUNT | {"balance": "800000"}]}, FAMILY),
    ("assets", "civil_affairs", {("icbc", "m1"): [ACCOUNT | {"balance": "800000"}]}, FAMILY),
    ("vehicle_price", "transport", {("police", "m1"): [LOCAL, CAR]}, replace(ONE, vehicles=(DEAR,))),
]


@pytest.mark.parametrize(("criterion", "source", "told", "declared"), DECIDED)
def test_what_is_over_the_line_whatever_the_silent_source_may_say_fails(criterion, source, told, declared):
    assert met(silent(source, told, declared), criterion) is False


@pytest.mark.parametrize("base", ["5000", "9000"])
def test_an_income_declared_over_the_line_is_unfit_whatever_contribution_bases_tell(base):
    told = {("social_security", "m1"): [INSURED | {"month_base": base}]}
    declared = Declared(persons=(earning(FATHER, wages=100_000),))
    assert silent("local_tax", told, declared).comparison.proposed == "unfit"


def test_a_source_that_is_silent_on_one_member_leaves_the_bases_of_the_others_certain():
    told = {("social_security", "m1"): [INSURED | {"month_base": "40000"}]}
    for person, verdict in (("m1", None), ("m2", False)):
        records = told | {("local_tax", person): []}
        heard = check(records, FAMILY, QUIET)
        assert met(heard, "income") is False
        assert met(partly_silent(records, person), "income") is verdict


def partly_silent(told, person):
    heard = [
        replace(
            each,
            replies=tuple(
                replace(reply, outcome=Outcome.TIMEOUT) if reply.person == person else reply for reply in each.replies
            ),
        )
        if each.source == "local_tax"
        else each
        for each in hear(told)
    ]
    return assess(FAMILY, heard, QUIET, on=ON)


def test_records_in_a_reply_that_is_no_answer_do_not_count():
    told = {("icbc", "m1"): [ACCOUNT | {"balance": "800000"}]}
    assert silent("icbc", told).statement.figures.assets.value == 0
