"""Months that have ended: lists that come back later, what is contradicted later, and the freezing of figures."""

from datetime import date

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, transaction

from tests.factories.lists import Filled
from tests.factories.months import at, call, ordered
from verification import assessing, manual, manual_replies, orders, scorecards
from verification.models import COUNTERS, Dispute, Hold, ManualRequest, Objection, ScorecardRow, Source, Tally

pytestmark = pytest.mark.django_db
OCTOBER, NOVEMBER, DECEMBER = date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1)


@pytest.fixture(autouse=True)
def bank(db) -> Source:
    """One bank, which has agreed to answer within ten seconds; nobody else is asked."""
    Source.objects.exclude(code="icbc").update(enabled=False)
    Source.objects.filter(code="icbc").update(answer_seconds=10, max_attempts=1, circuit_failures=9)
    return Source.objects.get(code="icbc")


def month(which: date) -> scorecards.Line:
    card = scorecards.card(which, now=at("2026-12-20 12:00"))
    lines = {line.source.code: line for line in card.lines}
    return lines["icbc"]


def listed(bank, people, when: str) -> ManualRequest:
    with time_machine.travel(at(when), tick=False):
        return manual.export(bank, by=people["check"])


def brought_in(found: ManualRequest, people, when: str) -> None:
    with time_machine.travel(at(when), tick=False):
        content = Filled(manual.file_of(found, by=people["check"])).answer_all(day="2026-10-20").saved()
        assert manual_replies.take_in(found, content, by=people["check"]) == ()
        manual_replies.bring_in(found, by=people["check"])


def figures(which: date) -> list[tuple]:
    names = ("source_id", *COUNTERS, "median_ms", "p95_ms", "held_seconds", "answer_seconds")
    return sorted(ScorecardRow.objects.filter(month=which).values_list(*names), key=str)


# Request lists


def test_a_list_is_asked_in_its_month_and_in_time_by_the_day_that_stands_on_it(bank, people):
    ordered(2, at("2026-10-29 09:00"))
    found = listed(bank, people, "2026-10-29 10:00")
    assert found.due_on == date(2026, 11, 12)  # ten working days of a bank
    assert (month(OCTOBER).row.asked, month(OCTOBER).row.in_time) == (2, 0)
    brought_in(found, people, "2026-11-12 23:30")
    october, november = month(OCTOBER).row, month(NOVEMBER).row
    assert (october.asked, october.in_time, october.answered) == (2, 2, 0)
    assert (november.asked, november.in_time, november.answered) == (0, 0, 2)
    assert (october.calls, october.median_ms, november.calls, november.median_ms) == (0, None, 0, None)


def test_a_list_that_comes_back_a_day_late_is_not_in_time(bank, people):
    ordered(1, at("2026-10-29 09:00"))
    found = listed(bank, people, "2026-10-29 10:00")
    brought_in(found, people, "2026-11-13 00:30")
    assert (month(OCTOBER).row.in_time, month(NOVEMBER).row.answered) == (0, 1)


def test_a_list_of_what_failed_over_the_wire_is_asked_again(bank, people):
    checks = ordered(1, at("2026-10-05 09:00"))
    call(checks, at("2026-10-05 09:00"), seconds=1, brings="refused")
    ordered(1, at("2026-10-06 09:00"))
    found = listed(bank, people, "2026-10-06 10:00")
    brought_in(found, people, "2026-10-07 10:00")
    row = month(OCTOBER).row
    assert (row.asked, row.in_time, row.answered, row.asked_again, row.ended_refused) == (2, 1, 2, 1, 1)


def test_a_list_of_invented_people_is_not_counted(bank, people):
    ordered(1, at("2026-10-05 09:00"), purpose="rehearsal")
    brought_in(listed(bank, people, "2026-10-06 10:00"), people, "2026-10-07 10:00")
    assert not Tally.objects.exists()


def test_after_a_list_is_taken_back_an_answer_over_the_wire_is_not_in_time(bank, people):
    checks = ordered(1, at("2026-10-05 09:00"))
    found = listed(bank, people, "2026-10-06 10:00")
    with time_machine.travel(at("2026-10-07 09:00"), tick=False):
        manual.take_back(found, by=people["check"], reason="接口已恢复")
    call(checks, at("2026-10-07 10:00"), seconds=1)
    row = month(OCTOBER).row
    assert (row.asked, row.in_time, row.answered, row.calls) == (1, 0, 1, 1)


# Contradicted later


def disputed(check, people, number: str, line: int = 1) -> Dispute:
    objection = Objection.objects.create(
        number=number,
        check_ordered=check,
        subject=check.subject,
        office_code=check.office_code,
        grounds="存款余额有误。",
        result_on=date(2026, 11, 2),
        received_on=date(2026, 11, 3),
        received_by=people["window"],
        due_on=date(2026, 11, 17),
        department_days=10,
    )
    return Dispute.objects.create(objection=objection, source=Source.objects.get(code="icbc"), line=line)


def corrected(dispute: Dispute, people, when: str, outcome: str = "corrected") -> None:
    Dispute.objects.filter(pk=dispute.pk).update(
        outcome=outcome, settled_at=at(when), settled_by=people["housing"], act="ask_again",
        decided_by=people["housing"], decided_at=at(when),
    )  # fmt: skip


def test_lines_that_the_source_corrected_belong_to_the_month_of_the_answer(bank, people):
    checks = ordered(4, at("2026-10-31 23:00"))
    call(checks, at("2026-10-31 23:59"), seconds=1)
    rehearsed = ordered(1, at("2026-10-31 23:00"), purpose="rehearsal")
    call(rehearsed, at("2026-10-31 23:59"), seconds=1)
    outcomes = ("corrected", "maintained", "withdrawn")
    for place, (check, outcome) in enumerate(zip(checks, outcomes, strict=False), start=1):
        corrected(disputed(check, people, f"YY2099-00000{place}"), people, "2026-11-10 09:00", outcome)
    disputed(checks[3], people, "YY2099-000008")  # open
    corrected(disputed(rehearsed[0], people, "YY2099-000009"), people, "2026-11-10 09:00")
    assert (month(OCTOBER).contradicted, month(NOVEMBER).contradicted) == (1, 0)
    assert month(OCTOBER).contradicted_share == 0.25
    assert scorecards.card(OCTOBER).total.contradicted == 1
    assert scorecards.history(bank, now=at("2026-11-20 12:00"))[1].contradicted == 1


# Freezing


@pytest.fixture
def october(bank, people):
    """A month with some of everything."""
    call(ordered(3, at("2026-10-05 09:00")), at("2026-10-05 09:00"), seconds=1)
    call(ordered(1, at("2026-10-06 09:00")), at("2026-10-06 09:00"), seconds=11)
    call(ordered(1, at("2026-10-07 09:00")), at("2026-10-07 09:00"), seconds=1, brings="timeout")
    Hold.objects.create(
        source=Source.objects.get(code="abc"), ground="officer", reason="对账", held_by=people["check"],
        held_at=at("2026-10-31 12:00"),
    )  # fmt: skip


def test_a_month_is_frozen_when_it_is_over_and_not_before(october, bank):
    assert scorecards.freeze_due(at("2026-10-31 23:59")) == 0
    assert scorecards.freeze_due(at("2026-11-01 00:30")) == 0  # what was asked at midnight may still be answered
    assert not scorecards.card(OCTOBER, now=at("2026-11-01 00:30")).is_frozen
    live = month(OCTOBER).row
    Source.objects.update(answer_seconds=10)
    assert scorecards.freeze_due(at("2026-11-01 01:00")) == 1
    assert scorecards.card(OCTOBER).is_frozen
    frozen = ScorecardRow.objects.get(month=OCTOBER, source=bank)
    assert [getattr(frozen, name) for name in COUNTERS] == [getattr(live, name) for name in COUNTERS]
    assert (frozen.median_ms, frozen.p95_ms, frozen.answer_seconds) == (live.median_ms, live.p95_ms, 10)
    assert (frozen.asked, frozen.in_time, frozen.ended_timeout) == (5, 3, 1)
    total = ScorecardRow.objects.totals().get()
    assert (total.asked, total.held_seconds, total.answer_seconds) == (5, 12 * 3600, None)
    assert ScorecardRow.objects.filter(month=OCTOBER).count() == 3  # two sources of which there is anything


@pytest.mark.parametrize("first", ["2026-11-01 01:00", "2026-11-08 09:00", "2027-02-03 04:00"])
def test_frozen_at_once_a_week_late_twice_or_months_later_the_figures_are_the_same(october, people, first):
    Source.objects.update(answer_seconds=10)
    later = ordered(2, at("2026-11-02 09:00"))
    call(later, at("2026-11-02 09:00"), seconds=1)
    with time_machine.travel(at("2026-11-03 09:00"), tick=False):
        assessing.assess_due()
        orders.ask_again(later[0], by=people["check"], source_codes=["icbc"])
    scorecards.freeze_due(at(first))
    once = figures(OCTOBER)
    assert [row[1] for row in once if row[0] is None] == [5]
    assert (scorecards.freeze_due(at(first)), figures(OCTOBER)) == (0, once)
    assert ScorecardRow.objects.totals().filter(month=OCTOBER).count() == 1
    bank_row = ScorecardRow.objects.get(month=OCTOBER, source__code="icbc")
    assert (bank_row.asked, bank_row.in_time, bank_row.answered, bank_row.median_ms) == (5, 3, 4, 6000)
    assert ScorecardRow.objects.get(month=OCTOBER, source__code="abc").held_seconds == 12 * 3600


def test_two_workers_freeze_a_month_once(october):
    Source.objects.update(answer_seconds=10)
    scorecards.freeze_due(at("2026-11-02 09:00"))
    before = figures(OCTOBER)
    assert scorecards._freeze(OCTOBER, at("2026-11-02 09:01"))
    assert figures(OCTOBER) == before
    with pytest.raises(IntegrityError, match="one_per_month"), transaction.atomic():
        ScorecardRow.objects.create(month=OCTOBER, source=None)


def test_every_month_in_between_is_frozen_also_an_empty_one(october):
    Source.objects.update(answer_seconds=10)
    call(ordered(1, at("2026-12-05 09:00")), at("2026-12-05 09:00"), seconds=1)
    assert scorecards.freeze_due(at("2026-12-06 09:00")) == 2
    totals = dict(ScorecardRow.objects.totals().values_list("month", "asked"))
    assert totals == {OCTOBER: 5, NOVEMBER: 0}
    assert scorecards.card(DECEMBER, now=at("2026-12-06 09:00")).total.row.asked == 1


def test_a_month_waits_for_the_day_of_its_lists(october, bank, people):
    Source.objects.update(answer_seconds=10)
    ordered(1, at("2026-10-29 09:00"))
    found = listed(bank, people, "2026-10-29 10:00")
    assert found.due_on == date(2026, 11, 12)
    assert scorecards.freeze_due(at("2026-11-12 23:00")) == 0
    brought_in(found, people, "2026-11-12 23:30")
    assert scorecards.freeze_due(at("2026-11-12 23:31")) == 1
    assert (
        ScorecardRow.objects.get(month=OCTOBER, source=bank).in_time == 3 + 1
    )  # what had failed before was asked again


def test_a_list_that_never_comes_back_holds_its_month_up_until_its_day(october, bank, people):
    Source.objects.update(answer_seconds=10)
    ordered(1, at("2026-10-29 09:00"))
    listed(bank, people, "2026-10-29 10:00")
    assert scorecards.freeze_due(at("2026-11-13 00:00")) == 1
    assert ScorecardRow.objects.get(month=OCTOBER, source=bank).in_time == 3


def test_a_month_waits_for_the_longest_agreed_time(october):
    assert scorecards.freeze_due(at("2026-11-01 23:00")) == 0  # the province has a day
    assert scorecards.closes_at(OCTOBER, at("2026-11-01 23:00")) == at("2026-11-02 00:00")
    assert scorecards.freeze_due(at("2026-11-02 00:00")) == 1


def test_what_is_contradicted_after_the_freezing_goes_on_growing(bank, people):
    Source.objects.update(answer_seconds=10)
    checks = ordered(1, at("2026-10-05 09:00"))
    call(checks, at("2026-10-05 09:00"), seconds=1)
    dispute = disputed(checks[0], people, "YY2099-000001")
    scorecards.freeze_due(at("2026-11-02 09:00"))
    before = month(OCTOBER)
    assert (before.contradicted, before.row.pk is not None) == (0, True)
    corrected(dispute, people, "2026-11-20 09:00")
    after = month(OCTOBER)
    assert (after.contradicted, after.contradicted_share, after.row.pk) == (1, 1.0, before.row.pk)


def test_a_frozen_month_does_not_change(october):
    Source.objects.update(answer_seconds=10)
    scorecards.freeze_due(at("2026-11-02 09:00"))
    for change in (lambda: ScorecardRow.objects.update(in_time=9), lambda: ScorecardRow.objects.all().delete()):
        with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
            change()
    Tally.objects.create(source=Source.objects.get(code="icbc"), month=OCTOBER, asked=99)
    assert month(OCTOBER).row.asked == 5


def test_nothing_counted_is_nothing_to_freeze(db):
    assert scorecards.freeze_due(at("2026-12-02 09:00")) == 0
    assert not ScorecardRow.objects.exists()
