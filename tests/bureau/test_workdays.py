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


def test_the_holidays_of_the_law_are_none_of_the_working_days_of_a_year_not_announced_yet():
    assert workdays.add_workdays(date(2026, 12, 30), 5) == date(2027, 1, 7)  # New Year's Day, a Friday, does not count
    free = [(2027, 1, 1), (2027, 2, 5), (2027, 2, 8), (2027, 4, 5), (2027, 6, 9), (2027, 9, 15), (2027, 10, 1)]
    assert not any(workdays.is_workday(date(*day)) for day in free)
    assert workdays.is_workday(date(2027, 1, 4))
    assert workdays.is_workday(date(2040, 2, 14))  # beyond the table only the fixed ones are known
    assert not workdays.is_workday(date(2040, 5, 1) if date(2040, 5, 1).weekday() < 5 else date(2040, 5, 2))


def test_every_holiday_of_the_law_was_a_holiday_in_the_years_that_are_known():
    lunar_2026 = [date(2026, 2, 16), date(2026, 2, 17), date(2026, 2, 18), date(2026, 2, 19)]
    fixed = [date(2026, month, day) for month, day in workdays.FIXED_HOLIDAYS]
    assert not any(workdays.is_workday(day) for day in (*lunar_2026, *fixed))


@pytest.mark.parametrize(
    ("on", "late"), [(date(2026, 11, 30), False), (date(2026, 12, 1), True), (date(2025, 12, 31), False)]
)
def test_from_december_on_a_next_year_that_is_not_known_is_told(on, late):
    assert workdays.is_calendar_late(on) is late
