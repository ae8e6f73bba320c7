from decimal import Decimal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.verification.household import (
    ACCOUNT,
    CAR,
    CHILD,
    DIBAO,
    FAMILY,
    FATHER,
    FLAT,
    FUND,
    INSURED,
    MOTHER,
    ON,
    SHARE,
    TAIZHOU,
    WAGES,
    earning,
    hear,
)
from verification.facts import (
    Declared,
    Outcome,
)
from verification.statement import assemble

QUIET = replace(TAIZHOU, minimum_wage=None)


SILENT_FATHER = Declared(persons=(earning(FATHER), earning(MOTHER), CHILD))


def state(told=None, declared=SILENT_FATHER, standard=QUIET, *, silent=None, set_aside=frozenset()):
    heard = hear(told, silent=silent, persons=len(declared.persons))
    return assemble(declared, heard, standard, on=ON, set_aside=set_aside)


def total(statement, section):
    return sum((line.counted for line in statement.lines_of(section) if line.used), Decimal(0))


HALF = {"share_type": "2", "share_ratio": "0.5"}


MOVED = ACCOUNT | {"average_6m": "300000", "large_outflow_6m": "290000"}


MUCH = {
    ("housing_bureau", "m1"): [FLAT | HALF],
    ("housing_bureau", "m2"): [FLAT | HALF],
    ("police", "m2"): [CAR],
    ("icbc", "m1"): [MOVED],
    ("abc", "m1"): [ACCOUNT],
    ("province", "m1"): [DIBAO | {"record_key": "D-0"}],
    ("transport", "m2"): [CAR | {"record_type": "2", "licence_no": "1", "business_scope": "4"}],
    ("abc", "m2"): [ACCOUNT],
    ("local_tax", "m1"): [WAGES],
    ("social_security", "m1"): [INSURED],
    ("provident_fund", "m1"): [FUND],
    ("market_regulation", "m2"): [SHARE],
    ("civil_affairs", "m1"): [DIBAO],
}


money = st.integers(min_value=0, max_value=10**9).map(lambda cents: f"{Decimal(cents) / 100:.2f}")


@pytest.mark.parametrize(
    "outcome", [outcome for outcome in Outcome if not outcome.is_answer], ids=lambda outcome: outcome.value
)
def test_only_found_and_none_are_answers(outcome):
    completeness = state(silent={"cmbc": outcome}).completeness
    assert (completeness.asked, completeness.answered) == (24, 23)
    assert completeness.missing == ("cmbc",)
    assert completeness.outcomes["cmbc"]["m1"] == outcome


def test_a_source_that_may_be_missing_is_not_missed():
    completeness = state(silent={"transport": Outcome.TIMEOUT, "province": Outcome.BROKEN}).completeness
    assert completeness.missing == ()
    assert completeness.answered == 22


def test_a_required_source_that_was_never_asked_is_missing():
    heard = [each for each in hear() if each.source != "icbc"]
    assert assemble(FAMILY, heard, QUIET, on=ON).completeness.missing == ("icbc",)


def test_a_person_whom_a_reply_leaves_out_was_not_asked():
    heard = [replace(each, replies=each.replies[:2]) if each.source == "boc" else each for each in hear()]
    completeness = assemble(FAMILY, heard, QUIET, on=ON).completeness
    assert completeness.outcomes["boc"]["m3"] == "not_asked"
    assert completeness.missing == ("boc",)


@given(order=st.permutations(range(24)))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_the_order_in_which_sources_answer_makes_no_difference(order):
    heard = hear(MUCH)
    shuffled = [heard[place] for place in order]
    same = assemble(FAMILY, heard, TAIZHOU, on=ON)
    assert msgspec.json.encode(assemble(FAMILY, shuffled, TAIZHOU, on=ON)) == msgspec.json.encode(same)


def test_a_source_heard_twice_counts_once():
    heard = hear(MUCH)
    twice = assemble(FAMILY, [*heard, *heard], TAIZHOU, on=ON)
    assert twice.figures.assets.value == assemble(FAMILY, heard, TAIZHOU, on=ON).figures.assets.value


@given(wages=money, declared=st.integers(0, 200000), balances=st.lists(money, max_size=4), area=st.integers(1, 300))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_every_figure_is_the_sum_of_the_lines_it_names(wages, declared, balances, area):
    told = {
        ("local_tax", "m1"): [WAGES | {"declared_income": wages}],
        ("icbc", "m1"): [
            ACCOUNT | {"record_key": f"A-{place}", "balance": each} for place, each in enumerate(balances)
        ],
        ("housing_bureau", "m1"): [FLAT | HALF | {"area": f"{area}"}],
    }
    family = Declared(persons=(earning(FATHER, wages=declared), MOTHER, CHILD))
    statement = state(told, family, TAIZHOU)
    figures = statement.figures
    for figure, section in ((figures.assets, "assets"), (figures.area_total, "homes")):
        assert figure.value == sum(statement.line(number).counted for number in figure.lines)
        assert figure.value == total(statement, section)
    income = sum(statement.line(number).counted for number in figures.income.lines)
    assert abs(figures.income.value * 36 - income) < Decimal("0.001")
    assert income >= max(Decimal(wages), Decimal(declared))
