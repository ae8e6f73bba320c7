"""Old data and last known answers: what they show counts, what they do not show is not taken for nothing."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import json
from msgspec.structs import replace

from tests.verification.arithmetic.drawn import PROPERTY, Household, households, values
from tests.verification.household import (
    ACCOUNT,
    CAR,
    FAMILY,
    FLAT,
    INSURED,
    ON,
    STANDARDS,
    TAIZHOU,
    WAGES,
    Told,
    hear,
    met,
)
from verification.assessing import Inputs
from verification.comparison import Assessed, assess
from verification.facts import Declared, Outcome, RecordKind
from verification.standards.schema import SOURCE_KINDS
from verification.statement import Heard, LastKnown
from verification.statement.assembly import OF_MONTHS

REQUIRED = TAIZHOU.required_sources
LIMIT = 90
QUIET = replace(TAIZHOU, minimum_wage=None)
DEAR_CAR = CAR | {"insured_value": "900000"}
standards = st.sampled_from([*STANDARDS.values()])


def aged(heard: list[Heard], source: str, days: int, limit: int = LIMIT) -> list[Heard]:
    """The same, the data of this source so many days old on the day of the check."""
    day = ON - timedelta(days=days)
    return [
        replace(each, stale_after=limit, replies=tuple(replace(reply, data_date=day) for reply in each.replies))
        if each.source == source
        else each
        for each in heard
    ]


def served(heard: list[Heard], source: str, on: date, members: set[str] | None = None) -> list[Heard]:
    """The same, this source silent now; its last known answer of a day serves for these members, or for all."""
    told = LastKnown(on=on, check="HD2026-000001")

    def replies(each: Heard):
        return tuple(
            replace(reply, data_date=on)
            if members is None or reply.person in members
            else replace(reply, outcome=Outcome.TIMEOUT, records=())
            for reply in each.replies
        )

    return [replace(each, last_known=told, replies=replies(each)) if each.source == source else each for each in heard]


def stale(source: str, days: int, told: Told | None = None, standard=TAIZHOU, declared: Declared = FAMILY) -> Assessed:
    return assess(declared, aged(hear(told), source, days), standard, on=ON)


def without(household: Household, source: str) -> Household:
    """The same, this source finding nothing."""
    told = {place: [] if place[0] == source else found for place, found in household.told.items()}
    return Household(household.declared, told)


# Worked examples


@pytest.mark.parametrize(("days", "is_old"), [(LIMIT, False), (LIMIT + 1, True), (300, True), (0, False), (-5, False)])
def test_data_are_old_on_the_day_after_the_last_one_of_the_limit(days, is_old):
    completeness = stale("housing_bureau", days).statement.completeness
    assert bool(completeness.old) is is_old
    assert (completeness.asked, completeness.answered, completeness.silent) == (24, 23 if is_old else 24, 0)


def test_a_fit_household_is_incomplete_when_a_required_source_finds_nothing_in_old_data():
    assert stale("housing_bureau", LIMIT).comparison.proposed == "fit"
    after = stale("housing_bureau", 300)
    assert after.comparison.proposed == "incomplete"
    assert "stale:housing_bureau" in after.comparison.reasons
    assert after.statement.completeness.missing == ()
    told = after.statement.completeness.old["housing_bureau"]
    assert (told.on, told.days, told.limit, told.leaves_open) == (ON - timedelta(days=300), 300, LIMIT, True)
    assert told.persons == ("m1", "m2", "m3")
    assert met(after, "area") is None


def test_a_car_in_old_data_still_shows_what_fails():
    after = stale("police", 300, {("police", "m2"): [DEAR_CAR]})
    assert met(after, "vehicle_price") is False
    assert after.comparison.proposed == "unfit"


def test_a_deposit_in_old_data_counts_at_least():
    after = stale("icbc", 300, {("icbc", "m1"): [ACCOUNT]})
    assert after.statement.figures.assets.at_least == Decimal(20_000)
    assert met(after, "assets") is None
    beyond = stale("icbc", 300, {("icbc", "m1"): [ACCOUNT | {"balance": "9000000"}]})
    assert met(beyond, "assets") is False


def test_old_data_of_a_source_that_may_be_missing_are_a_caution_and_no_more():
    after = stale("transport", 300)
    assert after.comparison.proposed == "fit"
    assert after.statement.completeness.old["transport"].leaves_open is False
    assert after.statement.completeness.answered == 23


def test_without_a_day_nothing_is_old():
    heard = [
        replace(each, stale_after=1, replies=tuple(replace(reply, data_date=None) for reply in each.replies))
        for each in hear()
    ]
    completeness = assess(FAMILY, heard, TAIZHOU, on=ON).statement.completeness
    assert (completeness.old, completeness.answered) == ({}, 24)


def test_a_required_source_may_be_served_by_its_last_known_answer():
    after = assess(FAMILY, served(hear(), "icbc", date(2026, 9, 1)), TAIZHOU, on=ON)
    assert after.comparison.proposed == "fit"
    completeness = after.statement.completeness
    assert completeness.served_by_last_known == {"icbc": LastKnown(date(2026, 9, 1), "HD2026-000001")}
    assert (completeness.answered, completeness.silent, completeness.missing) == (23, 0, ())


def test_whom_the_last_known_answer_does_not_cover_is_unanswered():
    after = assess(FAMILY, served(hear(), "icbc", date(2026, 9, 1), {"m1", "m3"}), TAIZHOU, on=ON)
    assert after.statement.completeness.missing == ("icbc",)
    assert after.statement.completeness.outcomes["icbc"]["m2"] == "timeout"
    assert after.comparison.proposed == "incomplete"


@pytest.mark.parametrize(("on", "verdict"), [(date(2026, 11, 1), True), (date(2026, 10, 31), None)])
def test_a_last_known_answer_of_a_tax_office_leaves_the_months_since_unknown(on, verdict):
    wages = WAGES | {"period_to": "2026-09", "declared_income": "50000"}
    told = {("local_tax", "m1"): [wages]}
    after = assess(FAMILY, served(hear(told), "local_tax", on), QUIET, on=ON)
    assert met(after, "income") is verdict
    assert after.comparison.proposed == ("fit" if verdict else "incomplete")
    criterion = after.comparison.criterion("income")
    assert criterion is not None
    assert criterion.missing == (() if verdict else ("local_tax",))


def test_an_income_that_is_last_known_at_one_source_and_current_at_another_counts_once():
    told = {("local_tax", "m1"): [WAGES], ("social_security", "m1"): [INSURED]}
    current = assess(FAMILY, hear(told), QUIET, on=ON).statement.figures.income
    after = assess(FAMILY, served(hear(told), "social_security", date(2026, 9, 1)), QUIET, on=ON)
    assert after.statement.figures.income.value == current.value


def test_nothing_is_said_of_age_where_nothing_is_old():
    """Results of earlier, stored without these words, encode as they did."""
    encoded = json.encode(assess(FAMILY, hear({("housing_bureau", "m1"): [FLAT]}), TAIZHOU, on=ON))
    assert b"stale" not in encoded
    assert b"last_known" not in encoded
    assert b"stale" not in json.encode(hear()[0])


# Properties


@given(household=households(), source=st.sampled_from(REQUIRED), days=st.integers(LIMIT + 1, 3000), standard=standards)
@PROPERTY
def test_nothing_found_in_old_data_judges_as_no_answer_does(household, source, days, standard):
    standard = replace(standard, required_sources=tuple({*standard.required_sources, source}))
    empty = without(household, source)
    after = assess(empty.declared, aged(empty.heard(), source, days), standard, on=ON)
    silent = empty.assess(standard, {source: Outcome.TIMEOUT})
    assert after.comparison.criteria == silent.comparison.criteria
    assert values(after.statement.figures) == values(silent.statement.figures)
    assert after.comparison.proposed == silent.comparison.proposed != "fit"


@given(household=households(), source=st.sampled_from(REQUIRED), days=st.integers(LIMIT + 1, 3000), standard=standards)
@PROPERTY
def test_what_is_found_in_old_data_never_turns_a_verdict_over(household, source, days, standard):
    standard = replace(standard, required_sources=tuple({*standard.required_sources, source}))
    before = {each.name: each for each in household.assess(standard).comparison.criteria}
    after = assess(household.declared, aged(household.heard(), source, days), standard, on=ON)
    for criterion in after.comparison.criteria:
        assert criterion.met in {before[criterion.name].met, None}
        assert criterion.value == before[criterion.name].value
    assert after.comparison.proposed != "fit" or not after.statement.members


@given(household=households(), source=st.sampled_from(TAIZHOU.sources_that_may_be_missing), standard=standards)
@PROPERTY
def test_old_data_of_who_may_be_missing_change_no_verdict(household, source, standard):
    may_be_missing = tuple({*standard.sources_that_may_be_missing, source})
    required = tuple(each for each in standard.required_sources if each != source)
    standard = replace(standard, required_sources=required, sources_that_may_be_missing=may_be_missing)
    after = assess(household.declared, aged(household.heard(), source, 300), standard, on=ON)
    before = household.assess(standard)
    assert after.comparison.criteria == before.comparison.criteria
    assert after.comparison.proposed == before.comparison.proposed


HOLDINGS = [source for source in REQUIRED if not {*SOURCE_KINDS[source]} & OF_MONTHS]
OF_MONTH = [source for source in REQUIRED if {*SOURCE_KINDS[source]} & OF_MONTHS]


@given(household=households(), source=st.sampled_from(HOLDINGS), on=st.dates(date(2026, 8, 1), ON), standard=standards)
@PROPERTY
def test_a_last_known_answer_about_holdings_counts_as_an_answer(household, source, on, standard):
    before = household.assess(standard)
    after = assess(household.declared, served(household.heard(), source, on), standard, on=ON)
    assert after.comparison.criteria == before.comparison.criteria
    assert after.comparison.proposed == before.comparison.proposed
    assert {*after.statement.completeness.served_by_last_known} == {source}


@given(household=households(), source=st.sampled_from(OF_MONTH), on=st.dates(date(2026, 8, 1), date(2026, 10, 31)))
@PROPERTY
def test_a_last_known_answer_about_months_never_shows_that_an_income_is_low_enough(household, source, on):
    after = assess(household.declared, served(household.heard(), source, on), TAIZHOU, on=ON)
    before = household.assess(TAIZHOU)
    if after.statement.members:
        assert met(after, "income") in {None, False}
        assert met(after, "income") is None or met(before, "income") is False
    others = [each for each in after.comparison.criteria if each.name != "income"]
    assert others == [each for each in before.comparison.criteria if each.name != "income"]


@given(household=households(), source=st.sampled_from(REQUIRED), days=st.integers(0, 400), standard=standards)
@PROPERTY
def test_old_and_last_known_answers_come_back_from_the_store_as_they_were(household, source, days, standard):
    heard = served(aged(household.heard(), source, days), "jsb", date(2026, 10, 1))
    inputs = Inputs(declared=household.declared, heard=tuple(heard), standard=standard, on=ON)
    again = json.decode(json.encode(inputs), type=Inputs)
    assert again == inputs
    result = inputs.work_out()
    assert json.encode(again.work_out()) == json.encode(result)
    assert json.decode(json.encode(result), type=Assessed) == result


def test_every_kind_that_is_told_by_the_month_is_one_of_income():
    assert {RecordKind.TAX, RecordKind.FUND, RecordKind.INSURANCE} == OF_MONTHS
