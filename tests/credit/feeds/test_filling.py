"""A record becomes the values of a receiver's columns, or is held back with the reason."""

from datetime import date

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from credit.feeds import Action, Unfit, action_for, fill
from credit.feeds.differences import Difference, Kind, compare
from tests.credit.feeds import given


def filled(code=given.CITY, **change):
    return fill(given.mapping(code), given.record(**change), today=given.DAY)


def test_dates_codes_and_fixed_words_are_written_as_the_mapping_says():
    values = filled(disputed=True)
    assert values["列入日期"] == "2026-03-02"
    assert (values["主体类别"], values["失信程度"], values["异议标注"]) == ("自然人", "严重", "有异议")
    assert values["列入名单名称"] == "住房保障失信名单"
    assert filled(holds_until=None)["共享截止"] == ""
    banks = filled(given.BANK, prior_notice_on=given.DAY)
    assert (banks["记入日期"], banks["事先告知日期"], banks["终止日期"]) == ("20260302", "20261130", "")


@pytest.mark.parametrize("told", [None, date(2026, 12, 1)])
def test_who_was_not_told_before_is_held_back_from_the_bank(told):
    assert filled(given.BANK, prior_notice_on=told) == Unfit("no_prior_notice")


@pytest.mark.parametrize(
    ("change", "unfit"),
    [
        ({"subject_name": " "}, Unfit("missing", "主体名称")),
        ({"subject_name": "长" * 101}, Unfit("too_long", "主体名称")),
        ({"severity": "grave"}, Unfit("no_code", "失信程度")),
    ],
)
def test_what_the_receiver_could_not_take_is_held_back(change, unfit):
    assert filled(**change) == unfit


def test_a_line_break_in_a_value_becomes_a_blank():
    assert filled(basis="条例\r\n第八条\u2028")["列入依据"] == "条例  第八条 "


A, B = {"姓名": "甲"}, {"姓名": "乙"}


@pytest.mark.parametrize(
    ("held", "wanted", "action"),
    [
        (None, A, Action.ADD),
        (A, B, Action.CHANGE),
        (A, A, None),
        (A, None, Action.DELETE),
        (None, None, None),
    ],
)
def test_what_is_told_follows_from_what_is_held_and_what_should_be(held, wanted, action):
    assert action_for(held, wanted) is action


def test_both_sides_are_compared_on_what_the_receiver_tells():
    ours = {"1": {"姓名": "甲", "日期": "1"}, "2": A, "3": A}
    theirs = {"1": {"姓名": "乙"}, "3": {}, "4": {}}
    assert list(compare(ours, theirs)) == [
        Difference(Kind.DIFFERENT, "1", ("姓名",)),
        Difference(Kind.MISSING, "2"),
        Difference(Kind.LEFT_OVER, "4"),
    ]


states = st.dictionaries(st.sampled_from("12345"), st.fixed_dictionaries({"姓名": st.sampled_from("甲乙")}))


@for_all(states, states)
def test_two_that_were_set_right_do_not_differ(ours, theirs):
    after = {key: dict(values) for key, values in theirs.items()}
    for each in compare(ours, theirs):
        if action_for(theirs.get(each.record_key), ours.get(each.record_key)) is Action.DELETE:
            del after[each.record_key]
        else:
            after[each.record_key] = ours[each.record_key]
    assert list(compare(ours, after)) == []
