"""The calendar of a replay: this process, its helpers and the mock departments all live at one moment.

time-machine holds the clock of a process; the mock departments are told over their control address. The moment goes on
as time passes, so that a deadline of seconds means what it always means.
"""

import time
from datetime import date, datetime
from datetime import time as time_of_day
from typing import NamedTuple

import time_machine
from time_machine import escape_hatch

from bureau.workdays import SHANGHAI
from housing_credit import rehearsal

OPENING = time_of_day(9)


def real_seconds() -> float:
    """Since 1970, in the world's own time."""
    return float(escape_hatch.time.time()) if escape_hatch.is_travelling() else time.time()


class Moment(NamedTuple):
    """A point of the calendar, and when in the world's own time it was reached; seconds since 1970."""

    at: float
    reached: float

    def now(self) -> float:
        """What time it is on the calendar by now."""
        return self.at + real_seconds() - self.reached


class _Held:
    """The clock of this process."""

    def __init__(self) -> None:
        self.travel: time_machine.travel | None = None
        self.traveller: time_machine.Traveller | None = None

    def hold(self, moment: Moment) -> None:
        if self.travel is None or self.traveller is None:
            self.travel = time_machine.travel(moment.now(), tick=True)
            self.traveller = self.travel.start()
        else:
            self.traveller.move_to(moment.now(), tick=True)

    def release(self) -> None:
        if self.travel is not None:
            self.travel.stop()
        self.travel = self.traveller = None


_held = _Held()


def hold(moment: Moment) -> None:
    """From now on this process lives at the moment, wherever it was."""
    _held.hold(moment)


def release() -> None:
    """This process lives in the world's own time again."""
    _held.release()


class Calendar:
    """Moves everybody from day to day; a block of it ends in the world's own time."""

    def __enter__(self) -> "Calendar":
        return self

    def __exit__(self, *error: object) -> None:
        release()
        rehearsal.control("clock", {"now": None}, "PUT")

    def go_to(self, day: date, opening: time_of_day = OPENING) -> Moment:
        """It is that day, at nine in Taizhou: here, and at the mock departments. The moment is for the helpers."""
        at = datetime.combine(day, opening, SHANGHAI)
        moment = Moment(at.timestamp(), real_seconds())
        hold(moment)
        rehearsal.control("clock", {"now": datetime.fromtimestamp(moment.now(), SHANGHAI)}, "PUT")
        return moment
