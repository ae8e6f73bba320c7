from datetime import date

import pytest

from bureau import workdays
from bureau.workdays import Pause


def test_a_weekend_swapped_for_a_holiday_is_a_working_day():
    assert workdays.is_workday(date(2026, 10, 10))  # Saturday, worked for the National Day week
    assert not workdays.is_workday(date(2026, 10, 7))  # Wednesday of that week
    assert not workdays.is_workday(date(2026, 11, 21))


def test_the_first_day_does_not_count():
    assert workdays.add_workdays(date(2026, 11, 16), 5) == date(2026, 11, 23)
    assert workdays.due_on(date(2026, 11, 16), 5) == date(2026, 11, 23)
    assert workdays.add_workdays(date(2026, 11, 16), 0) == date(2026, 11, 16)


def test_a_limit_runs_over_the_national_holidays():
    # 1 to 7 October are free, Saturday the 10th is worked
    assert workdays.add_workdays(date(2026, 9, 30), 3) == date(2026, 10, 10)


def test_working_days_between_two_days_are_counted_both_ways():
    assert workdays.workdays_between(date(2026, 11, 16), date(2026, 11, 23)) == 5
    assert workdays.workdays_between(date(2026, 11, 23), date(2026, 11, 16)) == -5
    assert workdays.workdays_between(date(2026, 11, 23), date(2026, 11, 23)) == 0


def test_the_clock_stands_still_between_return_and_correction():
    # Monday; returned on Tuesday (1 day used); corrected on Friday; two days are left: Monday and Tuesday
    pause = Pause(date(2026, 11, 17), date(2026, 11, 20))
    assert workdays.due_on(date(2026, 11, 16), 3, [pause]) == date(2026, 11, 24)


def test_pauses_that_overlap_count_once():
    pauses = [Pause(date(2026, 11, 17), date(2026, 11, 20)), Pause(date(2026, 11, 18), date(2026, 11, 19))]
    assert workdays.due_on(date(2026, 11, 16), 3, pauses) == date(2026, 11, 24)


def test_there_is_no_deadline_while_the_clock_stands_still():
    assert workdays.due_on(date(2026, 11, 16), 3, [Pause(date(2026, 11, 17), None)]) is None


def test_a_pause_after_the_deadline_does_not_move_it():
    assert workdays.due_on(date(2026, 11, 16), 1, [Pause(date(2026, 11, 18), None)]) == date(2026, 11, 17)


def test_a_year_without_an_announced_calendar_counts_monday_to_friday_and_says_so():
    unknown = date(workdays.calendar_known_until().year + 1, 1, 4)

    assert not workdays.is_calendar_known(unknown)
    assert workdays.is_workday(unknown) == (unknown.weekday() < 5)
    assert workdays.is_calendar_known(date(2026, 1, 1), date(2026, 12, 31))


def test_a_negative_limit_is_refused():
    with pytest.raises(ValueError, match="not negative"):
        workdays.due_on(date(2026, 11, 16), -1)
    with pytest.raises(ValueError, match="not negative"):
        workdays.add_workdays(date(2026, 11, 16), -1)
