from collections import Counter
from datetime import date

import pytest

from bureau import divisions
from bureau.divisions import OFFICES


def test_there_are_seventy_windows_under_streets_of_all_districts():
    tiers = Counter(office.tier for office in OFFICES)

    assert (tiers["city"], tiers["district"], tiers["window"]) == (1, 7, 70)
    assert {office.code[:6] for office in OFFICES if office.tier == "window"} == {
        o.code for o in OFFICES if o.tier == "district"
    }


def test_every_office_has_one_code_two_names_and_an_office_above_it():
    codes = {office.code for office in OFFICES}

    assert len(codes) == len(OFFICES)
    assert all(office.name_zh and office.name_en and office.name_en.isascii() for office in OFFICES)
    assert {office.parent_code for office in OFFICES} - codes == {None}


@pytest.mark.parametrize(
    ("code", "tier", "parent", "scope"),
    [
        ("321200", "city", None, "3212"),
        ("321202", "district", "321200", "321202"),
        ("321202001", "street", "321202", "321202001"),
        ("321202001003", "window", "321202001", "321202001003"),
        ("321271", "district", "321200", "321271"),
    ],
)
def test_tier_parent_and_scope_follow_from_the_code(code, tier, parent, scope):
    assert divisions.tier_of(code) == tier
    assert divisions.parent_of(code) == parent
    assert divisions.scope_prefix(code) == scope


@pytest.mark.parametrize("code", ["", "3212", "32120A", "3212020", "32120200100", "３２１２００"])
def test_what_is_no_office_code_is_refused(code):
    with pytest.raises(ValueError, match="6, 9 or 12 digits"):
        divisions.tier_of(code)


def test_an_office_covers_itself_and_what_lies_under_it_and_nothing_else():
    assert divisions.covers("321200", "321283001001")
    assert divisions.covers("321202", "321202001")
    assert divisions.covers("321202001", "321202001")
    assert not divisions.covers("321202001", "321202")
    assert not divisions.covers("321202001", "321202002")
    assert not divisions.covers("321202", "321203001")


def test_an_office_above_is_found_by_its_tier():
    assert divisions.ancestor("321202001003", "district") == "321202"
    assert divisions.ancestor("321202001003", "city") == "321200"
    with pytest.raises(ValueError, match="no window above"):
        divisions.ancestor("321202", "window")


def test_the_management_area_of_a_street_depends_on_the_day():
    before, after = (
        divisions.area_of("321203005", date(2021, 6, 30)),
        divisions.area_of("321203005001", date(2021, 7, 1)),
    )

    assert before is not None
    assert before.area_zh == "医药高新区"
    assert after is not None
    assert after.area_zh == "医药高新区（高港区）"
    assert divisions.area_of("321202001", date(2026, 1, 1)) is None


def test_a_place_is_named_from_its_district_down():
    assert divisions.place_name("321202001002") == "海陵区城东街道"
    assert divisions.place_name("321202001002", lang="en") == "Chengdong Subdistrict, Hailing District"
    assert divisions.place_name("321271400") == "泰州经济开发区"
    assert divisions.place_name("321200") == "泰州市"
