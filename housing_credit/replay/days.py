"""The working days of a month in a replay: on which households come, and on which the desks work. Plain Python."""

from datetime import date
from functools import cached_property

from msgspec import Struct

from bureau.workdays import add_workdays

DESK_DAYS = 5  # a month, every second working day: what comes on the second is at the city's desk on the last
INTAKE_DAYS = 2  # as many come on the day of a round as keep the desks busy while the sources are asked
APART = 2


class Month(Struct, frozen=True, order=True, dict=True):
    """A month of the calendar."""

    year: int
    month: int

    @property
    def next(self) -> "Month":
        """The month after it."""
        return Month(self.year + self.month // 12, self.month % 12 + 1)

    def until(self, last: "Month") -> list["Month"]:
        """All months from this one to the last, both included."""
        months = [self]
        while months[-1] < last:
            months.append(months[-1].next)
        return months

    @cached_property
    def desk_days(self) -> tuple[date, ...]:
        """The days on which desks and check centre work, the first working day first."""
        first = add_workdays(date(self.year, self.month, 1).replace(day=1) - date.resolution, 1)
        days = [first]
        while len(days) < DESK_DAYS:
            days.append(add_workdays(days[-1], APART))
        return tuple(days)

    @property
    def intake(self) -> tuple[date, ...]:
        """The days on which households come."""
        return self.desk_days[:INTAKE_DAYS]
