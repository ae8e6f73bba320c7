"""What changed between two checks: all of it, the weightiest first, and nothing that did not."""

from decimal import Decimal
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.verification.arithmetic.drawn import PROPERTY, households
from tests.verification.household import (
    ACCOUNT,
    CAR,
    FAMILY,
    FLAT,
    INSURED,
    LOCAL,
    MOTHER,
    ON,
    SHARE,
    STANDARDS,
    TAIZHOU,
    WAGES,
    check,
    hear,
)
from verification.comparison import CHANGE_KINDS, Change, assess, changes
from verification.comparison.changes import MOST, TURNED
from verification.facts import Declared, Outcome

MIRRORED = {"finding_new": "finding_gone", "record_new": "record_gone"}
MIRRORED |= {there: here for here, there in MIRRORED.items()}
BANK = {("icbc", "m3"): [ACCOUNT]}  # the child: nobody declared anything of it


def told(found):
    return [(each.kind, each.name, each.source, each.was, each.now) for each in found]


def grown(balance):
    return {("icbc", "m3"): [ACCOUNT | {"balance": balance}]}


def test_where_nothing_has_changed_nothing_is_told():
    assert changes(check(BANK), check(BANK)) == ()


def test_a_new_home_turns_the_criterion_which_comes_first():
    found = changes(check(), check({("housing_bureau", "m1"): [FLAT]}))
    assert told(found) == [
        ("criterion_turned", "area", "", "0.00", "20.00"),
        ("finding_new", "undeclared_home", "housing_bureau", "", ""),
        ("record_new", "homes", "housing_bureau", "", "60"),
    ]
    assert found[0].verdicts == ("met", "failed")
    assert found[2].line.text["address"] == FLAT["address"]


@pytest.mark.parametrize(
    ("was", "now", "turned"),
    [
        ({}, {("housing_bureau", "m1"): [FLAT]}, ("met", "failed")),
        ({("housing_bureau", "m1"): [FLAT]}, {}, ("failed", "met")),
    ],
)
def test_a_criterion_tells_how_it_stood_and_stands(was, now, turned):
    assert changes(check(was), check(now))[0].verdicts == turned


def test_what_fails_now_comes_before_what_is_open_and_that_before_what_is_met():
    def turned(**silent):
        before = check({("housing_bureau", "m1"): [FLAT]}) if not silent else check()
        after = check(silent={name: Outcome(outcome) for name, outcome in silent.items()})
        return max(each.weight for each in changes(before, after))

    failing = changes(check(), check({("housing_bureau", "m1"): [FLAT]}))[0].weight
    assert failing > turned(housing_bureau="timeout") > turned() >= TURNED


def test_a_balance_that_grew_is_told_with_its_difference_and_is_the_same_finding():
    found = changes(check(grown("20000")), check(grown("26000")))
    assert told(found) == [("record_changed", "assets", "icbc", "20000", "26000")]
    assert (found[0].weight, found[0].members, found[0].unit) == (6000, ("m3",), "cny")


@pytest.mark.parametrize("now", ["20000.01", "27999.99"])
def test_a_dismissed_balance_that_grew_a_little_is_told_and_the_finding_is_not(now):
    first = check(grown("20000"))
    (finding,) = first.comparison.findings
    aside = frozenset(finding.marks)
    later = check(grown(now), set_aside=aside)
    assert later.comparison.findings == ()
    found = changes(check(grown("20000"), set_aside=aside), later, aside | {finding.about})
    assert [each.kind for each in found] == ["record_changed"]
    assert found[0].weight == max(1, int(Decimal(now) - 20000))


def test_a_dismissed_balance_that_grew_materially_is_back():
    (finding,) = check(grown("20000")).comparison.findings
    aside = frozenset(finding.marks)
    before, after = check(grown("20000"), set_aside=aside), check(grown("90000"), set_aside=aside)
    found = changes(before, after, aside | {finding.about})
    assert sorted(each.kind for each in found) == ["finding_back", "record_changed"]


def test_a_finding_that_was_dismissed_since_has_not_gone():
    first = check(BANK)
    (finding,) = first.comparison.findings
    aside = frozenset(finding.marks)
    assert changes(first, check(BANK, set_aside=aside), aside | {finding.about}) == ()


def test_what_a_silent_source_told_before_has_not_gone():
    found = changes(check(BANK), check(BANK, silent={"icbc": Outcome.TIMEOUT}))
    kinds = [each.kind for each in found]
    assert "record_gone" not in kinds
    assert "finding_gone" not in kinds
    (silent,) = (each for each in found if each.kind == "source_silent")
    assert (silent.source, silent.name, silent.members) == ("icbc", "timeout", ("m1", "m2", "m3"))
    assert silent.weight == 20000  # as much as it told before


def test_a_source_that_was_silent_before_brings_what_is_new():
    found = changes(check(silent={"icbc": Outcome.TIMEOUT}), check(BANK))
    assert ("record_new", "assets", "icbc", "", "20000") in told(found)
    assert "source_silent" not in [each.kind for each in found]


def test_a_source_that_is_not_asked_any_more_is_silent():
    after = assess(FAMILY, [each for each in hear() if each.source != "icbc"], TAIZHOU, on=ON)
    found = changes(check(BANK), after)
    assert [(each.source, each.name) for each in found if each.kind == "source_silent"] == [("icbc", "not_asked")]


def test_a_member_who_left_takes_the_records_along_and_makes_no_source_silent():
    after = check(declared=Declared(persons=FAMILY.persons[:2]))
    found = changes(check(BANK), after)
    assert "source_silent" not in [each.kind for each in found]
    assert ("record_gone", "assets", "icbc", "20000", "") in told(found)


def test_a_record_that_counts_now_and_was_told_before_is_not_new():
    """Tax and insurance tell of one employment. Where the tax office has none the insurance counts: one has gone."""
    insured = {("social_security", "m1"): [INSURED]}
    found = changes(check(insured | {("local_tax", "m1"): [WAGES]}), check(insured))
    assert told(found) == [("record_gone", "income", "local_tax", "60000.00", "")]
    found = changes(check(insured), check(insured | {("local_tax", "m1"): [WAGES]}))
    assert told(found) == [("record_new", "income", "local_tax", "", "60000.00")]


def test_another_standard_is_a_change_of_its_own_and_weighs_nothing():
    other = next(each for each in STANDARDS.values() if each.id != TAIZHOU.id)
    changed = [each for each in changes(check(), check(standard=other)) if each.kind == "standard_changed"]
    assert [(each.was, each.now, each.weight) for each in changed] == [(TAIZHOU.id, other.id, 0)]


def test_a_criterion_beyond_its_line_is_one_finding_under_whatever_standard():
    flat = {("housing_bureau", "m1"): [FLAT]}
    renamed = replace(TAIZHOU, id="taizhou-2027")
    assert [each.kind for each in changes(check(flat), check(flat, standard=renamed))] == ["standard_changed"]


def test_a_death_a_car_and_a_business_are_told():
    dead = LOCAL | {"deceased": True, "death_date": "2026-09-01", "record_key": "HK-9"}
    now = {("police", "m2"): [dead], ("police", "m1"): [LOCAL, CAR], ("market_regulation", "m1"): [SHARE]}
    names = {(each.kind, each.name) for each in changes(check(), check(now))}
    assert {("record_new", "vehicles"), ("record_new", "business"), ("record_new", "household")} <= names
    assert ("finding_new", "deceased_member") in names


def test_a_car_of_no_known_price_weighs_as_its_finding():
    unpriced = {name: value for name, value in CAR.items() if name != "insured_value"}
    found = changes(check(), check({("police", "m2"): [unpriced]}))
    (car,) = (each for each in found if each.kind == "record_new")
    assert (car.weight, car.unit) == (100_000, "")


def test_other_members_of_the_same_record_are_told_together():
    both = {("housing_bureau", "m1"): [FLAT], ("housing_bureau", "m2"): [FLAT]}
    (home,) = (each for each in changes(check(), check(both)) if each.kind == "record_new")
    assert home.members == ("m1", "m2")
    assert MOTHER.key in home.members


@given(one=households(), other=households(), standard=st.sampled_from([*STANDARDS.values()]))
@PROPERTY
def test_the_order_is_by_weight_each_weighs_something_and_a_turned_criterion_more_than_all_else(one, other, standard):
    found = changes(one.assess(standard), other.assess(standard))
    assert all(first.weight >= second.weight for first, second in pairwise(found))
    assert all(each.kind in CHANGE_KINDS for each in found)
    light = [each.weight for each in found if each.kind != "criterion_turned"]
    assert all(1 <= weight <= MOST for weight in light)
    assert sum(light) < TURNED
    assert all(each.weight >= TURNED for each in found if each.kind == "criterion_turned")


@given(household=households(), standard=st.sampled_from([*STANDARDS.values()]))
@PROPERTY
def test_a_household_against_itself_has_no_changes(household, standard):
    assert changes(household.assess(standard), household.assess(standard)) == ()


@given(household=households(), other=households(), data=st.data())
@PROPERTY
def test_whatever_order_the_sources_answered_in_the_same_bytes(household, other, data):
    shuffled = assess(household.declared, data.draw(st.permutations(household.heard())), TAIZHOU, on=ON)
    again = assess(other.declared, data.draw(st.permutations(other.heard())), TAIZHOU, on=ON)
    first = msgspec.json.encode(changes(household.assess(TAIZHOU), other.assess(TAIZHOU)))
    assert msgspec.json.encode(changes(shuffled, again)) == first


@given(one=households(), other=households())
@PROPERTY
def test_looked_at_the_other_way_round_what_came_has_gone(one, other):
    def mirror(found: tuple[Change, ...]) -> list[tuple[object, ...]]:
        kept = [each for each in found if each.kind in MIRRORED]
        return sorted((MIRRORED[each.kind], each.name, each.source, each.weight, each.now, each.was) for each in kept)

    there = changes(one.assess(TAIZHOU), other.assess(TAIZHOU))
    back = changes(other.assess(TAIZHOU), one.assess(TAIZHOU))
    if not any(each.kind == "source_silent" for each in (*there, *back)):
        here = sorted((x.kind, x.name, x.source, x.weight, x.was, x.now) for x in back if x.kind in MIRRORED)
        assert mirror(there) == here


@given(one=households(), other=households())
@PROPERTY
def test_what_is_stored_reads_back_the_same(one, other):
    found = changes(one.assess(TAIZHOU), other.assess(TAIZHOU))
    assert msgspec.json.decode(msgspec.json.encode(found), type=tuple[Change, ...]) == found
