"""What belongs to the household counts alike whoever of its members is written down first."""

from decimal import Decimal
from itertools import permutations

import pytest
from msgspec.structs import replace

from tests.verification.household import ACCOUNT, CHILD, DIBAO, FATHER, LOCAL, MOTHER, TAIZHOU, check, earning
from verification.facts import Declared, DeclaredAsset

QUIET = replace(TAIZHOU, minimum_wage=None)
PEOPLE = (earning(FATHER), earning(MOTHER), CHILD)
DEATH = {"deceased": True, "death_date": "2025-09-01"}
GRANT = DIBAO | {"aid_type": "99", "family_no": "321202-1"}
MOVED = ACCOUNT | {"balance": "60000", "average_6m": "160000", "large_outflow_6m": "100000"}
RECEIVED = ACCOUNT | {"record_key": "A-9", "balance": "100000", "average_6m": "0"}


def figures(found, standard=QUIET, *, people=PEOPLE, assets=()):
    """The figures for each order of the members: `found` by source and the place of the member in `people`."""
    for order in permutations(range(len(people))):
        key = {place: f"m{number}" for number, place in enumerate(order, 1)}
        told = {("police", "m1"): []} | {(source, key[place]): records for (source, place), records in found.items()}
        declared = Declared(
            persons=tuple(replace(people[place], key=key[place]) for place in order),
            assets=tuple(replace(each, owner=key[place]) for place, each in assets),
        )
        yield check(told, declared, standard).statement.figures


def held(amount, kind="deposit"):
    return DeclaredAsset(owner="", asset_type=kind, institution="x", amount=Decimal(amount))


@pytest.mark.parametrize("dead", [0, 1])
def test_a_familys_grant_counts_though_one_of_its_holders_has_died(dead):
    found = {("civil_affairs", place): [GRANT | {"record_key": f"D-{place}"}] for place in (0, 1)}
    found["police", dead] = [LOCAL | DEATH]
    assert {each.income.value for each in figures(found)} == {Decimal(700)}


def test_a_familys_grant_of_which_two_sources_tell_counts_once():
    found = {("civil_affairs", 0): [GRANT], ("province", 0): [GRANT]}
    assert {each.income.value for each in figures(found, people=PEOPLE[:1])} == {Decimal(1400)}


def test_a_familys_grant_counts_with_whom_it_adds_the_least():
    """With the father, whom it brings nearer to the minimum wage, and not on top of it with the child."""
    found = {("civil_affairs", 0): [GRANT], ("civil_affairs", 2): [GRANT | {"record_key": "D-2"}]}
    assert {each.income.steps[-1].amount for each in figures(found, TAIZHOU)} == {Decimal(2 * 2260 * 12)}
    people = (earning(FATHER, wages=60000), earning(MOTHER), CHILD)
    found["civil_affairs", 1] = [GRANT | {"record_key": "D-3"}]
    totals = {each.income.steps[-1].amount for each in figures(found, TAIZHOU, people=people)}
    assert totals == {Decimal(60000 + 2260 * 12)}


def test_a_familys_grant_counts_with_the_member_who_declared_it():
    people = (earning(FATHER), earning(MOTHER, transfers=16800), CHILD)
    found = {("civil_affairs", place): [GRANT | {"record_key": f"D-{place}"}] for place in (0, 1, 2)}
    assert {each.income.steps[-1].amount for each in figures(found, people=people)} == {Decimal(16800)}


@pytest.mark.parametrize(("amount", "total"), [(150_000, 320_000), (160_000, 320_000), (160_001, 320_001)])
@pytest.mark.parametrize("owner", [0, 1])
def test_money_declared_beyond_the_accounts_may_be_what_was_moved_from_them(owner, amount, total):
    found = {("icbc", 0): [MOVED], ("icbc", 1): [MOVED | {"record_key": "A-2"}], ("icbc", 2): [RECEIVED]}
    told = figures(found, assets=((owner, held(amount)),))
    assert {each.assets.value for each in told} == {Decimal(total)}


def test_money_that_two_members_moved_is_counted_as_far_as_it_left_the_household():
    found = {("icbc", 0): [MOVED], ("abc", 1): [MOVED | {"average_6m": "190000"}], ("icbc", 2): [RECEIVED]}
    assert {each.assets.value for each in figures(found)} == {Decimal(60_000 + 60_000 + 100_000 + 130_000)}


def test_a_joint_account_that_nobody_declared_counts_alike_whoever_comes_first():
    shared = MOVED | {"joint": True}
    found = {("icbc", place): [shared] for place in (0, 1)} | {("abc", 0): [RECEIVED]}
    assert {each.assets.value for each in figures(found, assets=((2, held(5000)),))} == {Decimal(165_000)}
