"""Rules of other cities that the parameters must be able to express (Yuhuan, Chengde, Suzhou)."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from tests.verification.household import TAIZHOU
from verification.figures import Figure, Figures, Operator
from verification.rules import area, assets, single_age
from verification.standards.schema import AreaTest, AssetBand, AssetTest, SingleRule

YUHUAN = AreaTest(
    per_head=Decimal(18), operator=Operator.AT_MOST, total=Decimal(36), total_operator=Operator.UNDER, joined="or"
)
CHENGDE = AreaTest(per_head=Decimal(15), operator=Operator.AT_MOST, total=Decimal(50), joined="and")


def figures(**values):
    return Figures(**{name: Figure(value=None if value is None else Decimal(value)) for name, value in values.items()})


@pytest.mark.parametrize(
    ("test", "head", "total", "met"),
    [
        (YUHUAN, "18", "54", True),
        (YUHUAN, "35", "35", True),
        (YUHUAN, "18.01", "36", False),
        (CHENGDE, "12.5", "50", True),
        (CHENGDE, "12.51", "50.04", False),
        (CHENGDE, "16", "32", False),
    ],
)
def test_area_per_head_joins_with_the_whole(test, head, total, met):
    criterion = area.judge(figures(household_size=3, area=head, area_total=total), replace(TAIZHOU, area=test))
    assert criterion.met is met


def test_assets_of_the_whole_household():
    test = AssetTest(table=(AssetBand(persons=1, limit=Decimal(80000)),), scope="household", operator=Operator.AT_MOST)
    standard = replace(TAIZHOU, assets=test)
    assert assets.judge(figures(household_size=4, assets=80000), standard).met is True
    assert assets.judge(figures(household_size=4, assets="80000.01"), standard).met is False


@pytest.mark.parametrize(("age", "met"), [(34, False), (35, True)])
def test_a_single_applicant_has_to_be_old_enough(age, met):
    standard = replace(TAIZHOU, single=SingleRule(age=35))
    assert single_age.judge(figures(household_size=1, single_age=age), standard).met is met


def test_the_age_of_a_single_applicant_does_not_apply_to_a_family():
    standard = replace(TAIZHOU, single=SingleRule(age=35))
    assert single_age.judge(figures(household_size=2, single_age=None), standard) is None


def test_a_household_in_which_nobody_lives_cannot_be_judged():
    criterion = assets.judge(figures(household_size=0, assets=100), TAIZHOU)
    assert (criterion.value, criterion.met) == (None, None)
