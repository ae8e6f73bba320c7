"""Working days of the Chinese calendar, with the weekends that are swapped for holidays (调休). Plain Python.

All dates are calendar dates in Asia/Shanghai. The State Council announces a year's holidays in the autumn before; for
years that the installed `chinesecalendar` does not know, Monday to Friday count, and `is_calendar_known` says no.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

import chinese_calendar

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
KNOWN_FROM: Final = date(min(chinese_calendar.holidays).year, 1, 1)
KNOWN_UNTIL: Final = date(max(chinese_calendar.holidays).year, 12, 31)
ONE_DAY: Final = timedelta(days=1)
FRIDAY: Final = 4


class Pause(NamedTuple):
    """The clock stands still after `from_on`, up to and with `until_on`; without an end while `until_on` is None."""

    from_on: date
    until_on: date | None


def today() -> date:
    """The date in Taizhou."""
    return datetime.now(SHANGHAI).date()


def calendar_known_until() -> date:
    """The last day whose holidays are known; a deadline behind it may shift when the next year's are announced."""
    return KNOWN_UNTIL


def is_calendar_known(*days: date) -> bool:
    """Whether all these days lie in years whose holidays are known."""
    return all(KNOWN_FROM <= day <= KNOWN_UNTIL for day in days)


def is_workday(day: date) -> bool:
    """Whether offices work on that day."""
    if is_calendar_known(day):
        return bool(chinese_calendar.is_workday(day))
    return day.weekday() <= FRIDAY


def add_workdays(start: date, count: int) -> date:
    """The last of `count` working days after `start`; the day itself does not count. ValueError below zero."""
    if count < 0:
        raise ValueError("a number of working days is not negative")
    day = start
    while count:
        day += ONE_DAY
        count -= is_workday(day)
    return day


def due_on(start: date, workdays: int, pauses: Iterable[Pause] = ()) -> date | None:
    """The last day of a time limit that began on `start`; None while the clock stands still.

    As on the first day, the day on which the clock starts again does not count; the day on which it stopped does.
    """
    if workdays < 0:
        raise ValueError("a number of working days is not negative")
    stops = list(pauses)
    day = start
    while workdays:
        day += ONE_DAY
        if any(stop.until_on is None and stop.from_on < day for stop in stops):
            return None
        workdays -= is_workday(day) and not _is_paused(day, stops)
    return day


def workdays_between(start: date, end: date) -> int:
    """How many working days lie after `start`, up to and with `end`; negative when `end` is the earlier one."""
    if end < start:
        return -workdays_between(end, start)
    return sum(is_workday(start + timedelta(days=offset)) for offset in range(1, (end - start).days + 1))


def _is_paused(day: date, stops: list[Pause]) -> bool:
    return any(stop.from_on < day and stop.until_on is not None and day <= stop.until_on for stop in stops)
