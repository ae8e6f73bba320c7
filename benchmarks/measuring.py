"""Time, CPU seconds and peak memory of one run, by kind of process."""

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.conf import settings
from django.db import connection
from redis import Redis

from housing_credit import arena, process_use

Clock = Callable[[], float]


@dataclass
class Figures:
    """What one run of so many households took."""

    households: int
    seconds: float = 0.0
    cpu_seconds: dict[str, float] = field(default_factory=dict)  # by kind of process
    peak_memory_mb: list[float] = field(default_factory=list)  # of each process of the workers

    @property
    def per_second(self) -> float:
        """Households a second."""
        return self.households / self.seconds

    def told(self) -> dict[str, Any]:
        """As the command prints it."""
        return {
            "households": self.households,
            "seconds": round(self.seconds, 2),
            "per_second": round(self.per_second, 1),
            "cpu_seconds_per_1000": {
                kind: round(spent * 1000 / self.households, 2) for kind, spent in self.cpu_seconds.items()
            },
            "peak_memory_mb": self.peak_memory_mb,
        }


@contextmanager
def measured(households: int, workers: Sequence[int], beat: int | None = None) -> Iterator[Figures]:
    """Measure a block in which these processes, with all their children, do the work."""
    clocks = _clocks(workers, beat)
    figures = Figures(households)
    before = {kind: clock() for kind, clock in clocks.items()}
    started = time.perf_counter()
    yield figures
    figures.seconds = time.perf_counter() - started
    figures.cpu_seconds = {kind: clock() - before[kind] for kind, clock in clocks.items()}
    members = [member.pid for worker in workers for member in process_use.family(worker)]
    figures.peak_memory_mb = [process_use.peak_megabytes(pid) for pid in members]


def _clocks(workers: Sequence[int], beat: int | None) -> Mapping[str, Clock]:
    """By kind of process, what reads its CPU seconds; servers on another machine are left out."""
    clocks: dict[str, Clock] = {
        "workers": lambda: sum(map(process_use.cpu_seconds, workers)),
        "command": lambda: sum(os.times()[:2]),
        "mock_departments": lambda: process_use.cpu_seconds(arena.mock_pid()),
    }
    for kind, pid in (("beat", beat), ("postgresql", _postmaster()), ("redis", _redis_server())):
        if pid is not None:
            clocks[kind] = partial(process_use.cpu_seconds, pid)
    return clocks


def _postmaster() -> int | None:
    """The server's main process, if it runs on this machine: the parent of whoever serves us."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    return process_use.parent_of(backend) if process_use.name_of(backend).startswith("postgres") else None


def _redis_server() -> int | None:
    with Redis.from_url(settings.REDIS_URL) as redis:
        pid = int(redis.info("server")["process_id"])
    return pid if process_use.name_of(pid).startswith("redis") else None
