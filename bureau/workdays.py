"""Working days of the Chinese calendar, with the weekends that are swapped for holidays (调休). Plain Python.

All dates are calendar dates in Asia/Shanghai. The State Council announces a year's holidays in the autumn before. In
years that the installed `chinesecalendar` does not know, Monday to Friday count without the holidays of the law itself
(全国年节及纪念日放假办法, art. 2); which weekends are worked for them nobody knows yet, and `is_calendar_known` says
no. A deadline that reaches so far is provisional.
"""

import functools
import itertools
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

import chinese_calendar

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
KNOWN_FROM: Final = date(min(chinese_calendar.holidays).year, 1, 1)
KNOWN_UNTIL: Final = date(max(chinese_calendar.holidays).year, 12, 31)
COUNTED_UNTIL: Final = date(KNOWN_UNTIL.year + 10, 12, 31)
ONE_DAY: Final = timedelta(days=1)
FRIDAY: Final = 4
WARNED_FROM: Final = (12, 1)  # by then the State Council has announced the next year

# Holidays of the law with the same date each year: New Year, Labour Day, National Day.
FIXED_HOLIDAYS: Final = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
# Those of the moon and the sun: New Year of the lunar calendar, Qingming, Dragon Boat, Mid-Autumn, as (month, day).
MOVING_HOLIDAYS: Final = {
    2027: ((2, 6), (4, 5), (6, 9), (9, 15)),
    2028: ((1, 26), (4, 4), (5, 28), (10, 3)),
    2029: ((2, 13), (4, 4), (6, 16), (9, 22)),
    2030: ((2, 3), (4, 5), (6, 5), (9, 12)),
    2031: ((1, 23), (4, 5), (6, 24), (10, 1)),
    2032: ((2, 11), (4, 4), (6, 12), (9, 19)),
    2033: ((1, 31), (4, 4), (6, 1), (9, 8)),
    2034: ((2, 19), (4, 5), (6, 20), (9, 27)),
    2035: ((2, 8), (4, 5), (6, 10), (9, 16)),
    2036: ((1, 28), (4, 4), (5, 30), (10, 4)),
}


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


def is_calendar_late(on: date) -> bool:
    """Whether the next year's holidays should be known by this day and are not: the package wants renewing."""
    return (on.month, on.day) >= WARNED_FROM and not is_calendar_known(date(on.year + 1, 1, 1))


def is_workday(day: date) -> bool:
    """Whether offices work on that day, as far as it is known."""
    if is_calendar_known(day):
        return _is_announced_workday(day)
    return day.weekday() <= FRIDAY and not is_statutory_holiday(day)


@functools.lru_cache(maxsize=5000)  # the days of more than ten years
def _is_announced_workday(day: date) -> bool:
    return bool(chinese_calendar.is_workday(day))


def is_statutory_holiday(day: date) -> bool:
    """Whether the law itself makes the day a holiday, before any announcement of the year."""
    if (day.month, day.day) in FIXED_HOLIDAYS:
        return True
    moving = [date(day.year, *each) for each in MOVING_HOLIDAYS.get(day.year, ())]
    eve_and_two_more = [moving[0] + timedelta(days=offset) for offset in (-1, 1, 2)] if moving else []
    return day in (*moving, *eve_and_two_more)


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


@functools.cache
def counted() -> tuple[date, list[int]]:
    """A first day, and how many working days there were up to it and up to each day after it, for years ahead."""
    days = (KNOWN_FROM + timedelta(days=offset) for offset in range((COUNTED_UNTIL - KNOWN_FROM).days + 1))
    return KNOWN_FROM, list(itertools.accumulate(int(is_workday(day)) for day in days))


def _is_paused(day: date, stops: list[Pause]) -> bool:
    return any(stop.from_on < day and stop.until_on is not None and day <= stop.until_on for stop in stops)
