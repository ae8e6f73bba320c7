"""Who does the work of a day: this process alone, or helpers beside it, each living at the same moment.

Nobody hears the bell in a replay: what it would have called is done by the sweeps, in the order of the timetable.
"""

import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar
from unittest.mock import patch

from django.db import connections

from bureau import bell
from housing_credit import garbage
from housing_credit.programs import die_with_parent
from housing_credit.replay import calendar
from housing_credit.replay.calendar import Moment

Item = TypeVar("Item")
Step = Callable[[Sequence[Any]], None]


class Team(Protocol):
    """Does steps of work, at once or one after the other."""

    def do(self, step: Step, items: Sequence[Any], *, at_a_time: int = 2) -> None:
        """Have a step done with these, so many at a time; `wait` tells when."""

    def wait(self, moment: Moment | None = None) -> None:
        """Return when all is done, or raise what went wrong. From then on helpers live at the next moment."""


class Alone:
    """This process does everything at once."""

    def do(self, step: Step, items: Sequence[Any], *, at_a_time: int = 2) -> None:
        """Do it now."""
        if items:
            step(items)

    def wait(self, moment: Moment | None = None) -> None:
        """All is done already."""


class Helpers:
    """So many processes beside this one."""

    def __init__(self, count: int) -> None:
        connections.close_all()  # a connection belongs to one process
        fork = multiprocessing.get_context("fork")
        self._pool = ProcessPoolExecutor(count, mp_context=fork, initializer=_begin)
        # They are forked now, while no thread runs here: a lock that another thread holds would never be released.
        for ready in [self._pool.submit(_nothing) for _ in range(count)]:
            ready.result()
        self._moment: Moment | None = None
        self._under_way: list[Future[None]] = []

    def do(self, step: Step, items: Sequence[Any], *, at_a_time: int = 2) -> None:
        """Hand it out."""
        assert self._moment is not None  # noqa: S101 -- `wait` comes first
        for begin in range(0, len(items), at_a_time):
            part = items[begin : begin + at_a_time]
            self._under_way.append(self._pool.submit(_step, self._moment, step, part))

    def wait(self, moment: Moment | None = None) -> None:
        """Until everybody is back."""
        under_way, self._under_way = self._under_way, []
        for future in under_way:
            future.result()
        self._moment = moment or self._moment

    def stop(self) -> None:
        """What is not begun is not done."""
        self._pool.shutdown(cancel_futures=True)


@contextmanager
def team(helpers: int) -> Iterator[Team]:
    """A team for the length of a block; without helpers this process works alone. The bell is silent meanwhile."""
    with patch.object(bell, "ring", _unheard):
        if not helpers:
            yield Alone()
            return
        crew = Helpers(helpers)
        try:
            yield crew
        finally:
            crew.stop()


def _unheard(task: str, *args: object, after: float = 0) -> None:
    """Nobody is there."""


def _nothing() -> None:
    """To begin with."""


def _begin() -> None:
    die_with_parent(signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever began it ends it
    garbage.look_less_often()


def _step(moment: Moment, step: Step, items: Sequence[Any]) -> None:
    calendar.hold(moment)
    step(items)
