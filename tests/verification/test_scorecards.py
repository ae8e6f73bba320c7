"""The figures of a month, each against a small month worked out by hand."""

import io
import json
from datetime import date

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories.months import at, call, ordered, sent
from verification import assessing, claiming, giving_up, holding, orders, recording, scorecards
from verification.models import Exchange, Hold, Inquiry, Source, Tally

pytestmark = pytest.mark.django_db
OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
LATER = at("2026-11-20 12:00")


@pytest.fixture(autouse=True)
def bank(db) -> Source:
    """One bank, which has agreed to answer within ten seconds; nobody else is asked."""
    Source.objects.exclude(code="icbc").update(enabled=False)
    Source.objects.filter(code="icbc").update(
        answer_seconds=10, max_attempts=3, circuit_failures=2, circuit_seconds=30, agreement_from=None
    )
    return Source.objects.get(code="icbc")


def month(which: date = OCTOBER, code: str = "icbc") -> scorecards.Line:
    lines = {line.source.code: line for line in scorecards.card(which, now=LATER).lines}
    return lines[code]


def test_a_month_worked_out_by_hand(bank):
    """Two requests in time (1 s for 3 households, 3 s for 1), one late (11 s for 2), one failed first."""
    call(ordered(3, at("2026-10-05 09:00")), at("2026-10-05 09:00"), seconds=1)
    call(ordered(1, at("2026-10-05 10:00")), at("2026-10-05 10:00"), seconds=3)
    call(ordered(2, at("2026-10-06 10:00")), at("2026-10-06 10:00"), seconds=11)
    tried = ordered(1, at("2026-10-07 10:00"))
    call(tried, at("2026-10-07 10:00"), seconds=2, brings="timeout")
    call(tried, at("2026-10-07 10:00:05"), seconds=2)
    line = month()
    row = line.row
    assert (row.asked, row.in_time, row.answered, row.asked_again) == (7, 5, 7, 0)
    assert row.in_time_share == pytest.approx(5 / 7)
    assert (row.calls, row.failed_calls, row.calls_timeout, row.ended) == (5, 1, 1, 0)
    # 1, 2, 3 and 11 seconds: the median in between the middle two, the 95th part of the way from 3 to 11
    assert (row.median_ms, row.p95_ms) == (2500, 3000 + round(0.85 * 8000))
    total = scorecards.card(OCTOBER, now=LATER).total.row
    assert (total.asked, total.in_time, total.median_ms) == (7, 5, 2500)


def test_a_retry_that_comes_too_late_is_not_in_time(bank):
    checks = ordered(1, at("2026-10-07 10:00"))
    call(checks, at("2026-10-07 10:00"), seconds=2, brings="unavailable")
    call(checks, at("2026-10-07 10:00:09"), seconds=2)
    row = month().row
    assert (row.asked, row.in_time, row.answered, row.calls_unavailable) == (1, 0, 1, 1)


def test_a_month_begins_and_ends_at_midnight_in_the_city(bank):
    """In Greenwich all of it is still the day before."""
    call(ordered(1, at("2026-09-30 23:59")), at("2026-09-30 23:59:59"), seconds=2)
    call(ordered(1, at("2026-10-01 00:00")), at("2026-10-01 00:00:00"), seconds=2)
    call(ordered(1, at("2026-10-31 23:59")), at("2026-10-31 23:59:59"), seconds=2)
    call(ordered(1, at("2026-11-01 00:00")), at("2026-11-01 00:00:00"), seconds=2)
    months = [date(2026, 9, 1), OCTOBER, NOVEMBER]
    assert [month(each).row.asked for each in months] == [1, 2, 1]
    assert [month(each).row.in_time for each in months] == [1, 2, 1]


def test_an_answer_of_the_next_month_is_in_time_for_the_month_of_the_asking(bank):
    checks = ordered(1, at("2026-10-31 23:59"))
    call(checks, at("2026-10-31 23:59:55"), seconds=1, brings="broken")
    call(checks, at("2026-11-01 00:00:02"), seconds=1)
    october, november = month(OCTOBER).row, month(NOVEMBER).row
    assert (october.asked, october.in_time, october.answered, october.calls_broken) == (1, 1, 0, 1)
    assert (november.asked, november.in_time, november.answered, november.calls) == (0, 0, 1, 1)
    assert Tally.objects.filter(exchange__isnull=False).count() == 3


def test_checks_about_invented_people_are_left_out(bank):
    call(ordered(2, at("2026-10-05 09:00"), purpose="rehearsal"), at("2026-10-05 09:00"), seconds=1)
    assert not Tally.objects.exists()
    mixed = [*ordered(1, at("2026-10-06 09:00"), purpose="rehearsal"), *ordered(1, at("2026-10-06 09:00"))]
    call(mixed, at("2026-10-06 09:00"), seconds=1)
    assert (month().row.asked, month().row.calls) == (1, 1)


def test_every_sort_of_error_is_counted_by_request_and_by_inquiry_that_ended(bank):
    for day, sort in enumerate(("timeout", "broken", "unavailable"), start=5):
        checks = ordered(2, at(f"2026-10-0{day} 09:00"))
        for attempt in range(3):
            Source.objects.update(open_until=None, failures_in_row=0)
            call(checks, at(f"2026-10-0{day} 09:0{attempt}"), seconds=1, brings=sort)
    Source.objects.update(open_until=None, failures_in_row=0)
    call(ordered(1, at("2026-10-09 09:00")), at("2026-10-09 09:00"), seconds=1, brings="refused")
    row = month().row
    assert (row.calls, row.calls_timeout, row.calls_refused, row.calls_broken, row.calls_unavailable) == (
        10,
        3,
        1,
        3,
        3,
    )
    assert (row.ended_timeout, row.ended_refused, row.ended_broken, row.ended_unavailable) == (2, 1, 2, 2)
    assert (row.asked, row.in_time, row.answered, row.median_ms) == (7, 0, 0, None)
    assert row.in_time_share == 0


def test_an_open_circuit_counts_once_however_many_fail_at_a_time(bank):
    """From the second failure at :02 it is open for 30 seconds; one that comes at :04 makes it two seconds more."""
    came = [sent(ordered(1, at("2026-10-05 09:00")), at("2026-10-05 09:00")) for _ in range(3)]
    for second, each in zip((1, 2, 4), came, strict=True):
        each(at(f"2026-10-05 09:00:0{second}"), "timeout")
    assert month().row.resting_seconds == pytest.approx(32)
    call(ordered(1, at("2026-10-05 09:10")), at("2026-10-05 09:10"), seconds=1)
    assert month().row.resting_seconds == pytest.approx(32)


def test_a_batch_takes_as_long_as_from_the_handing_in_to_the_result(bank):
    Source.objects.update(answer_seconds=600)
    checks = ordered(2, at("2026-10-05 09:00"))
    call(checks, at("2026-10-05 09:00"), seconds=1, brings="pending")
    call(checks, at("2026-10-05 09:05"), seconds=1)
    row = month().row
    assert (row.asked, row.in_time, row.calls, row.failed_calls) == (2, 2, 2, 0)
    assert row.median_ms == 301_000


def test_what_is_asked_again_by_hand_is_asked_once_and_not_in_time(bank, people):
    checks = ordered(1, at("2026-10-05 09:00"))
    call(checks, at("2026-10-05 09:00"), seconds=1, brings="refused")
    with time_machine.travel(at("2026-11-02 09:00"), tick=False):
        orders.ask_again(checks[0], by=people["check"], source_codes=["icbc"])
    call(checks, at("2026-11-02 09:01"), seconds=1)
    october, november = month(OCTOBER).row, month(NOVEMBER).row
    assert (october.asked, october.in_time, october.ended_refused, october.asked_again) == (1, 0, 1, 0)
    assert (november.asked, november.in_time, november.answered, november.asked_again) == (0, 0, 1, 1)


def test_what_was_asked_before_there_were_scorecards_is_not_asked_for_the_first_time_later(bank, people):
    """Rows of then have no `first_asked_at`; neither their first asking nor a later answer in time is counted."""
    checks = ordered(1, at("2026-10-05 09:00"))
    call(checks, at("2026-10-05 09:00"), seconds=1, brings="refused")
    Inquiry.objects.update(first_asked_at=None)
    with time_machine.travel(at("2026-11-02 09:00"), tick=False):
        orders.ask_again(checks[0], by=people["check"], source_codes=["icbc"])
    call(checks, at("2026-11-02 09:01"), seconds=1)
    november = month(NOVEMBER).row
    assert (november.asked, november.in_time, november.answered) == (0, 0, 1)


def test_asking_again_at_a_whole_source_is_counted_by_household(bank, people):
    checks = ordered(3, at("2026-10-05 09:00"))
    call(checks, at("2026-10-05 09:00"), seconds=1, brings="refused")
    with time_machine.travel(at("2026-10-05 10:00"), tick=False):
        assert orders.ask_again_at(bank, by=people["check"]) == 3
    assert month().row.asked_again == 3


def test_who_was_never_asked_before_the_source_was_given_up_is_asked_by_the_second_run(bank, people):
    checks = ordered(1, at("2026-10-05 09:00"))
    Source.objects.update(enabled=False)
    with time_machine.travel(at("2026-10-06 09:00"), tick=False):
        assert giving_up.give_up_hopeless() == 1
        assessing.assess_due()
    row = month().row
    assert (row.asked, row.ended_unavailable) == (0, 1)
    Source.objects.filter(pk=bank.pk).update(enabled=True)
    with time_machine.travel(at("2026-10-07 09:00"), tick=False):
        orders.ask_again(checks[0], by=people["check"], source_codes=["icbc"])
    call(checks, at("2026-10-07 09:01"), seconds=1, brings="timeout")
    call(checks, at("2026-10-07 09:01:05"), seconds=1)
    row = month().row
    assert (row.asked, row.in_time, row.asked_again) == (1, 1, 1)


def test_a_question_that_died_with_its_worker_has_been_asked(bank):
    checks = ordered(1, at("2026-10-05 09:00"))
    with time_machine.travel(at("2026-10-05 09:00"), tick=False):
        claiming.claim([checks[0].pk])
    Inquiry.objects.update(attempts=3)
    with time_machine.travel(at("2026-10-05 09:10"), tick=False):
        assert giving_up.give_up_hopeless() == 1
    row = month().row
    assert (row.asked, row.in_time, row.ended_timeout, row.calls) == (1, 0, 1, 0)


def test_an_answer_for_a_lease_that_is_gone_is_a_request_and_no_answer(bank, monkeypatch):
    checks = ordered(1, at("2026-10-05 09:00"))
    write = recording.writing_back.write

    def late(lease, rows, back):
        Inquiry.objects.update(lease=None, lease_until=None)
        return write(lease, rows, back)

    monkeypatch.setattr(recording.writing_back, "write", late)
    call(checks, at("2026-10-05 09:00"), seconds=1)
    monkeypatch.undo()
    assert (month().row.asked, month().row.answered, month().row.calls) == (0, 0, 1)
    call(checks, at("2026-10-05 09:01"), seconds=1)
    assert (month().row.asked, month().row.answered, month().row.calls) == (1, 1, 2)


def test_holds_count_within_the_month(bank, people):
    Hold.objects.create(
        source=bank, ground="officer", reason="对账", held_by=people["check"], held_at=at("2026-09-30 12:00"),
        released_by=people["check"], released_at=at("2026-10-01 06:00"), release_reason="完成",
    )  # fmt: skip
    Hold.objects.create(
        source=bank, ground="officer", reason="再次", held_by=people["check"], held_at=at("2026-10-31 23:00")
    )
    assert month(date(2026, 9, 1)).row.held_seconds == 12 * 3600
    assert month(OCTOBER).row.held_seconds == 7 * 3600
    assert month(NOVEMBER).row.held_seconds == (LATER - at("2026-11-01 00:00")).total_seconds()
    assert scorecards.card(OCTOBER, now=LATER).total.row.held_seconds == 7 * 3600


def test_a_source_held_in_one_round_only_is_not_held(bank, people):
    assert month().row.held_seconds == 0
    holding.hold(bank, by=people["check"], reason="全面")
    assert scorecards.card(scorecards.this_month()).total.row.held_seconds > 0


def test_nobody_asked_has_no_share(bank):
    line = month()
    assert (line.row.asked, line.row.in_time_share, line.row.failed_share) == (0, None, None)
    assert (line.contradicted_share, line.trend, line.row.median_ms) == (None, None, None)


def test_the_trend_is_against_the_month_before(bank):
    call(ordered(1, at("2026-10-05 09:00")), at("2026-10-05 09:00"), seconds=11)
    call(ordered(1, at("2026-10-06 09:00")), at("2026-10-06 09:00"), seconds=1)
    call(ordered(1, at("2026-11-05 09:00")), at("2026-11-05 09:00"), seconds=1)
    assert month(NOVEMBER).trend == pytest.approx(0.5)
    assert month(OCTOBER).trend is None
    lines = scorecards.history(bank, now=LATER)
    assert len(lines) == 12
    assert [line.row.asked for line in lines[:3]] == [1, 2, 0]
    assert lines[0].row.month == NOVEMBER
    assert lines[0].trend == pytest.approx(0.5)


def test_the_queries_do_not_grow_with_the_inquiries(bank):
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            scorecards.card(OCTOBER, now=LATER)
        return len(seen)

    before = queries()
    call(ordered(30, at("2026-10-05 09:00")), at("2026-10-05 09:00"), seconds=1)
    assert queries() == before <= 6


def test_a_tally_never_changes_and_is_of_a_month(bank):
    call(ordered(1, at("2026-10-05 09:00")), at("2026-10-05 09:00"), seconds=1)
    tally = Tally.objects.get()
    assert (tally.exchange, tally.month) == (Exchange.objects.get(), OCTOBER)
    for change in (lambda: Tally.objects.update(asked=9), lambda: Tally.objects.all().delete()):
        with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
            change()
    with pytest.raises(DatabaseError, match="tally_month"), transaction.atomic():
        Tally.objects.create(source=bank, month=date(2026, 10, 2))


def test_the_command_prints_the_month_as_a_table_and_as_json(bank):
    call(ordered(1, at("2026-10-05 09:00")), at("2026-10-05 09:00"), seconds=1)
    out = io.StringIO()
    call_command("scorecard", month=OCTOBER, json=True, stdout=out)
    told = json.loads(out.getvalue())
    assert (told["month"], told["total"]["asked"], told["sources"]["icbc"]["in_time_share"]) == ("2026-10", 1, 1.0)
    assert told["sources"]["police"]["in_time_share"] is None
    assert len(told["sources"]) == 24
    out = io.StringIO()
    call_command("scorecard", "--month", "2026-10", stdout=out)
    assert "100.0%" in out.getvalue()
    with pytest.raises(CommandError, match="no month"):
        call_command("scorecard", "--month", "2026-13")
    out = io.StringIO()
    call_command("scorecard", stdout=out)
    assert f"{timezone.localdate():%Y-%m}" in out.getvalue()
