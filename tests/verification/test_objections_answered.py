"""Each disputed line is decided on, its source asked again or requested to correct; a letter answers the objection."""

from datetime import timedelta

import pytest

from bureau import workdays
from bureau.errors import MoveRefusedError, StaleError, UnfitDataError
from tests.factories.later import asked, concluded
from tests.factories.objections import (
    KEY,
    SCENARIO,
    SOURCE,
    checked_again,
    decide,
    line_of,
    object_to,
    only_line,
    reply,
    set_right,
    text_of,
    unfit,
)
from verification import assessing, objections, orders, recording
from verification.models import Check, Conclusion, Delta, Dispute, Inquiry, Objection, Source

pytestmark = pytest.mark.django_db


@pytest.fixture
def disputed(check_of, sources, people) -> Check:
    return unfit(check_of(SCENARIO), people)


@pytest.fixture
def objection(disputed, people) -> Objection:
    return object_to(disputed, people)


# --- asked again ----------------------------------------------------------------------------------------------------


def test_the_source_is_asked_again_corrects_and_a_new_report_supersedes_the_kept_one(
    objection, disputed, people, sources
):
    decide(objection, people)
    set_right(sources)
    check = objections.check_again(objection, by=people["check2"])
    objection.refresh_from_db()
    assert (objection.status, objection.recheck) == ("rechecking", check)
    opened = check.inquiries.filter(state="open")
    assert [row.source.code for row in opened] == [SOURCE]
    taken = check.inquiries.exclude(source__code=SOURCE).order_by("source")
    earlier = disputed.inquiries.exclude(source__code=SOURCE).order_by("source")
    columns = ("source", "state", "answered_at", "exchange", "outcomes")
    assert list(taken.values_list(*columns)) == list(earlier.values_list(*columns))
    assert [row.answer for row in taken] == [row.answer for row in earlier]
    assert (check.as_of, check.standard, check.declared) == (disputed.as_of, disputed.standard, disputed.declared)

    with pytest.raises(MoveRefusedError, match="concluded"):
        objections.answer(objection, text="尚未核对。", by=people["check2"])
    asked(check)
    assert check.inquiries.get(source__code=SOURCE).exchange.asked_at > objection.status_since
    assert "record_gone" in Delta.objects.get(check_ordered=check).kinds
    assert concluded(check, people["check2"]).outcome == "fit"

    report = disputed.conclusion.report
    report.refresh_from_db()
    assert report.superseded_by == check.conclusion.report
    assert Conclusion.objects.get(check_ordered=disputed).outcome == "unfit"

    objections.answer(objection, text="经重新查询，该账户已注销，异议成立。", by=people["check2"])
    objection.refresh_from_db()
    assert (objection.status, objection.outcome) == ("answered", "upheld")
    assert (only_line(objection).outcome, only_line(objection).settled_by) == ("corrected", people["check2"])
    text = text_of(objection.letter)
    for words in (
        "异议成立",
        report.number,
        check.conclusion.report.number,
        objection.number,
        "84.00",
        "六十日",
        "“符合”",
    ):
        assert words in text
    assert objection.letter.number.startswith("泰房复〔")


def test_a_source_that_tells_the_same_maintains_it_and_the_objection_is_not_upheld(objection, people):
    decide(objection, people)
    checked_again(objection, people)
    objections.answer(objection, text="该行反馈与前次一致。", by=people["check2"])
    assert objection.outcome == "not_upheld"
    assert only_line(objection).outcome == "maintained"
    assert "异议不成立" in text_of(objection.letter)


def test_a_source_that_does_not_answer_again_has_corrected_nothing(objection, people, sources):
    decide(objection, people)
    set_right(sources)
    check = objections.check_again(objection, by=people["check2"])
    rows = Inquiry.objects.filter(check_ordered=check, source__code=SOURCE)
    rows.update(state="failed", reason="timeout")
    recording.settle([check.pk])
    assessing.assess([check.pk])
    check.refresh_from_db()
    concluded(check, people["check2"])
    objections.answer(objection, text="该行未反馈。", by=people["check2"])
    assert only_line(objection).outcome == "maintained"


def test_a_cancelled_new_check_can_be_placed_again_but_not_two_at_a_time(objection, people):
    decide(objection, people)
    first = objections.check_again(objection, by=people["check2"])
    with pytest.raises(MoveRefusedError, match=first.number):
        objections.check_again(objection, by=people["check2"])
    orders.cancel(first, by=people["check2"], reason="误操作。")
    objection.refresh_from_db()
    assert objections.check_again(objection, by=people["check2"]) != first


def test_a_source_out_of_use_is_not_asked_again(objection, people):
    Source.objects.filter(code=SOURCE).update(enabled=False)
    with pytest.raises(MoveRefusedError, match="cannot be asked"):
        decide(objection, people)
    assert only_line(objection).act == ""


def test_what_was_settled_before_holds_in_the_new_check(disputed, people, sources):
    """Findings of other sources keep their word: only what a source tells anew is looked at anew."""
    confirmed = disputed.findings.filter(state="confirmed").count()
    objection = object_to(disputed, people)
    decide(objection, people)
    check = checked_again(objection, people)
    assert check.findings.filter(state="confirmed").count() == confirmed
    assert not check.findings.filter(settled_by=people["check"]).exists()


# --- correction request ---------------------------------------------------------------------------------------------


def test_a_correction_request_goes_to_the_department_and_its_maintained_reply_ends_the_line(
    objection, people, disputed
):
    dispute = decide(objection, people, "correction")
    assert dispute.reply_due_on == workdays.add_workdays(workdays.today(), 10)
    text = text_of(dispute.letter)
    for words in ("房产", "84.00", KEY, "请核实该房屋是否已转移登记。", "售房合同", objection.number):
        assert words in text
    persons = [person.id_number for person in assessing.declared_of(disputed).persons]
    assert not any(number in text for number in persons)

    with pytest.raises(MoveRefusedError, match="has not answered"):
        objections.answer(objection, text="尚未反馈。", by=people["check2"])
    with pytest.raises(MoveRefusedError, match="has not answered"):
        objections.check_again(objection, by=people["check2"])
    reply(dispute, people, "maintained", words="经核实无误，维持原数据。")
    with pytest.raises(MoveRefusedError, match="No source"):
        objections.check_again(objection, by=people["check2"])
    objections.answer(objection, text="部门维持原数据。", by=people["check2"])
    assert (objection.outcome, objection.recheck, only_line(objection).outcome) == ("not_upheld", None, "maintained")
    disputed.conclusion.report.refresh_from_db()
    assert disputed.conclusion.report.superseded_by is None
    assert "经核实无误，维持原数据。" in text_of(objection.letter)


def test_a_record_that_the_department_corrected_is_asked_again_before_the_answer(objection, people, sources):
    dispute = reply(decide(objection, people, "correction"), people, "corrected")
    assert (dispute.outcome, dispute.wants_recheck) == ("", True)
    with pytest.raises(MoveRefusedError, match="checked again first"):
        objections.answer(objection, text="已更正。", by=people["check2"])
    set_right(sources)
    checked_again(objection, people)
    objections.answer(objection, text="部门已更正。", by=people["check2"])
    assert (objection.outcome, only_line(objection).outcome) == ("upheld", "corrected")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"word": "perhaps"}, "reply"),
        ({"words": " "}, "words"),
        ({"replied_on": workdays.today() + timedelta(days=1)}, "replied_on"),
        ({"replied_on": workdays.today() - timedelta(days=1)}, "replied_on"),
    ],
)
def test_a_reply_has_a_word_a_text_and_a_day_after_the_request(objection, people, changed, field):
    dispute = decide(objection, people, "correction")
    given = {"word": "corrected", **changed}
    with pytest.raises(UnfitDataError) as refused:
        reply(dispute, people, given.pop("word"), **given)
    assert field in refused.value.fields


def test_a_reply_is_written_down_once_and_only_where_a_request_went_out(disputed, people):
    objection = object_to(disputed, people, line_of(disputed), line_of(disputed, "social_security"))
    first, second = sorted(objection.disputes.select_related("source"), key=lambda row: row.source.code)
    objections.decide(first, act="correction", reason="请核实。", by=people["check2"])
    objections.decide(second, act="ask_again", reason="", by=people["check2"])
    with pytest.raises(MoveRefusedError, match="No correction request"):
        reply(second, people, "corrected")
    reply(first, people, "maintained")
    with pytest.raises(StaleError):
        reply(first, people, "corrected")


# --- refused, partly, withdrawn -------------------------------------------------------------------------------------


def test_a_line_is_refused_with_a_reason_and_decided_once(objection, people):
    with pytest.raises(UnfitDataError, match="Give the reason"):
        decide(objection, people, "refuse", " ")
    with pytest.raises(MoveRefusedError, match="every disputed line"):
        objections.answer(objection, text="不成立。", by=people["check2"])
    decide(objection, people, "refuse", "证明材料与该账户无关。")
    with pytest.raises(StaleError, match="Somebody else"):
        decide(objection, people)
    with pytest.raises(UnfitDataError, match="Write the answer"):
        objections.answer(objection, text="", by=people["check2"])
    objections.answer(objection, text="证明材料不足。", by=people["check2"])
    assert (objection.outcome, only_line(objection).outcome) == ("not_upheld", "refused")
    assert "证明材料与该账户无关。" in text_of(objection.letter)
    with pytest.raises(MoveRefusedError, match="gone on"):
        objections.answer(objection, text="再次答复。", by=people["check2"])


def test_where_one_line_of_two_is_corrected_it_is_partly_upheld(disputed, people, sources):
    objection = object_to(disputed, people, line_of(disputed), line_of(disputed, "social_security"))
    for dispute in objection.disputes.select_related("source"):
        act = "ask_again" if dispute.source.code == SOURCE else "refuse"
        objections.decide(dispute, act=act, reason="参保记录清楚。", by=people["check2"])
    set_right(sources)
    checked_again(objection, people)
    objections.answer(objection, text="部分成立。", by=people["check2"])
    assert objection.outcome == "partly"
    assert sorted(objection.disputes.values_list("outcome", flat=True)) == ["corrected", "refused"]


def test_dismissing_in_the_new_check_is_no_correction_by_the_source(objection, people):
    """An officer may believe the household; the score card of the source counts what the source itself took back."""
    decide(objection, people)
    check = asked(objections.check_again(objection, by=people["check2"]))
    concluded(check, people["check2"], dismiss=("undeclared_home",))
    objections.answer(objection, text="该行维持原数据。", by=people["check2"])
    assert only_line(objection).outcome == "maintained"
    assert not Dispute.objects.filter(outcome="corrected").exists()


def test_a_correction_that_does_not_show_yet_is_looked_for_once_more(objection, disputed, people, sources):
    reply(decide(objection, people, "correction"), people, "corrected")
    first = checked_again(objection, people)
    set_right(sources)
    second = checked_again(objection, people)
    assert second != first
    with pytest.raises(MoveRefusedError, match="answered now"):
        objections.check_again(objection, by=people["check2"])
    objections.answer(objection, text="部门已更正。", by=people["check2"])
    assert (objection.outcome, only_line(objection).outcome) == ("upheld", "corrected")
    reports = [check.conclusion.report for check in (disputed, first, second)]
    for report in reports:
        report.refresh_from_db()
    assert [report.superseded_by for report in reports] == [reports[1], reports[2], None]
    assert "该来源现反馈不同" in text_of(objection.letter)


def test_a_source_that_tells_the_same_is_not_asked_until_it_gives_in(objection, people):
    decide(objection, people)
    checked_again(objection, people)
    with pytest.raises(MoveRefusedError, match="answered now"):
        objections.check_again(objection, by=people["check2"])
