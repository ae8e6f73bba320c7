"""A batch is due by the calendar, and once for each turn however often or late somebody looks."""

from datetime import datetime, timedelta

import pytest

from bureau import workdays
from credit.feeds.due import is_due, last_due
from credit.feeds.mapping import Every, Schedule


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=workdays.SHANGHAI)


@pytest.mark.parametrize(
    ("schedule", "now", "due"),
    [
        (Schedule(every=Every.DAY, at=6), "2026-11-30 06:00", "2026-11-30 06:00"),
        (Schedule(every=Every.DAY, at=6), "2026-11-30 05:59", "2026-11-29 06:00"),
        (Schedule(every=Every.WORKDAY, at=6), "2026-11-29 12:00", "2026-11-27 06:00"),
        (Schedule(every=Every.WORKDAY, at=6), "2026-10-05 12:00", "2026-09-30 06:00"),
        (Schedule(every=Every.WEEK, on=1, at=0), "2026-11-29 23:00", "2026-11-23 00:00"),
        (Schedule(every=Every.MONTH, on=28, at=6), "2026-03-01 07:00", "2026-02-28 06:00"),
        (Schedule(every=Every.MONTH, on=5, at=6), "2026-11-05 05:00", "2026-10-05 06:00"),
    ],
)
def test_the_last_moment_at_which_it_was_due(schedule, now, due):
    assert last_due(schedule, at(now)) == at(due)


@pytest.mark.parametrize("every", list(Every))
def test_it_is_due_once_for_each_turn(every):
    schedule, now = Schedule(every=every, on=3, at=6), at("2026-11-30 12:00")
    assert is_due(schedule, None, now)
    assert not is_due(schedule, now, now + timedelta(minutes=10))
    assert is_due(schedule, now, now + timedelta(days=40))
