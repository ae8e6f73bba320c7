"""When a batch is due, by the receiver's schedule. Read from the calendar, so a beat that was missed is made up for."""

from datetime import date, datetime, time, timedelta

from bureau import workdays
from credit.feeds.mapping import Every, Schedule

LONGEST_WAIT = 40  # days; no schedule has a longer pause


def last_due(schedule: Schedule, now: datetime) -> datetime:
    """The latest moment, not after now, at which a batch was due."""
    local = now.astimezone(workdays.SHANGHAI)
    for back in range(LONGEST_WAIT):
        day = local.date() - timedelta(days=back)
        moment = datetime.combine(day, time(schedule.at), workdays.SHANGHAI)
        if moment <= local and _falls_on(schedule, day):
            return moment
    raise AssertionError("no schedule waits so long")


def is_due(schedule: Schedule, looked_at: datetime | None, now: datetime) -> bool:
    """Whether nobody has looked since the batch was due."""
    return looked_at is None or looked_at < last_due(schedule, now)


def _falls_on(schedule: Schedule, day: date) -> bool:
    match schedule.every:
        case Every.DAY:
            return True
        case Every.WORKDAY:
            return workdays.is_workday(day)
        case Every.WEEK:
            return day.isoweekday() == schedule.on
        case Every.MONTH:
            return day.day == schedule.on
