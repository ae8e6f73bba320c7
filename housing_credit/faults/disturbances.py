"""What breaks in a rehearsal: sources that misbehave, workers that are killed, a broker that forgets, a database that
crashes. The same seed breaks the same things in the same order.
"""

import os
import random
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import connection
from redis import Redis

from housing_credit import rehearsal
from housing_credit.arena_workers import start_worker
from housing_credit.embedded.places import Places
from housing_credit.faults.patience import patiently
from housing_credit.programs import Program
from verification.models import Exchange, Source

SEED = 20260501
DOWN = "transport"  # the standards allow it to be missing
DRIPPING = "icbc"
EVERYWHERE = {"error_rate": 0.2, "malformed_rate": 0.05, "wrong_person_rate": 0.02}
DRIPS_FOR = 4.0  # seconds that the longest reply of the dripping source takes
# Attempts enough for every source but the one that is down; pauses short enough to be rehearsed.
TIGHT = {"max_attempts": 20, "backoff_seconds": 0.2, "circuit_failures": 4, "circuit_seconds": 0.5}
TIGHT_FOR_DOWN = {"max_attempts": 2, "circuit_failures": 1000}
ANSWER_MS = 1500  # of every source while machines fail, so that there is something under way to lose
LEASE_SECONDS = {"total_seconds": 4, "read_seconds": 4, "max_attempts": 20, "backoff_seconds": 0.2}
GAP = (2.0, 4.0)  # seconds between two disturbances
PER_KILL = 150  # households
KILL, FLUSH, CRASH = "kill", "flush", "crash"
ALWAYS = (KILL, FLUSH, CRASH, KILL, FLUSH)


def spoil_sources() -> None:
    """Every source fails now and then, one is down for good, one drips."""
    Source.objects.update(**TIGHT)
    Source.objects.filter(code=DOWN).update(**TIGHT_FOR_DOWN)
    faults: dict[str, Any] = {"*": EVERYWHERE, DOWN: {"down": True}}
    faults[DRIPPING] = {**EVERYWHERE, "drip": max(10, round(_longest_reply(DRIPPING) / DRIPS_FOR))}
    rehearsal.control("sources", faults, "PUT")


def mend_sources() -> None:
    """Good behaviour everywhere, and no grudge."""
    rehearsal.control("reset", {}, "POST")
    Source.objects.update(failures_in_row=0, open_until=None)


def slow_sources() -> None:
    """Every source takes its time, and a dead worker's leases run out soon."""
    latency = {"kind": "fixed", "median_ms": ANSWER_MS, "p99_ms": ANSWER_MS}
    Source.objects.update(**LEASE_SECONDS)
    rehearsal.control("sources", {"*": {"latency": latency}}, "PUT")


def _longest_reply(source: str) -> int:
    """Bytes of the longest reply that a source has given."""
    replies = Exchange.objects.filter(source__code=source).values_list("reply", flat=True)
    return max((len(reply) for reply in replies), default=0)


@dataclass
class Machines:
    """Breaks the machines of an arena one after another, a few seconds apart."""

    workers: list[Program]
    options: Mapping[str, Any]  # how a worker is started
    households: int
    killed: int = 0
    flushed: int = 0
    restarted: int = 0
    _draw: random.Random = field(default_factory=lambda: random.Random(SEED))  # noqa: S311 -- not a secret
    _plan: list[str] = field(default_factory=list)
    _next: float = 0.0

    def __post_init__(self) -> None:
        more = self.households // PER_KILL
        self._plan = list(ALWAYS)
        for _ in range(more):
            self._plan.insert(self._draw.randrange(len(self._plan) + 1), KILL)
        self._wait()

    def step(self) -> int:
        """Break the next one if its time has come; how many are still to come."""
        if self._plan and time.monotonic() >= self._next:
            deeds: dict[str, Callable[[], None]] = {KILL: self._kill, FLUSH: self._flush, CRASH: self._crash}
            deeds[self._plan.pop(0)]()
            self._wait()
        return len(self._plan)

    def died(self) -> int:
        """Workers that ended and were not killed by us."""
        return sum(worker.exit_code is not None for worker in self.workers)

    def _wait(self) -> None:
        self._next = time.monotonic() + self._draw.uniform(*GAP)

    def _kill(self) -> None:
        """kill -9 of one worker, and another in its place."""
        place = self._draw.randrange(len(self.workers))
        if self.workers[place].exit_code is None:
            os.killpg(self.workers[place].pid, signal.SIGKILL)
            self.killed += 1
            self.workers[place].stop()
            self.workers[place] = start_worker(f"arena{place}", **self.options)

    def _flush(self) -> None:
        with Redis.from_url(settings.REDIS_URL) as redis:
            redis.flushall()
        self.flushed += 1

    def _crash(self) -> None:
        """The server's main process ends at once, without a checkpoint; its keeper starts it again."""
        before = patiently(_started_at)
        pid_file = Places.of().services / "postgres" / "postmaster.pid"
        os.kill(int(pid_file.read_text().split()[0]), signal.SIGQUIT)
        deadline = time.monotonic() + 60
        while patiently(_started_at) == before:
            if time.monotonic() > deadline:
                return
            time.sleep(0.05)
        self.restarted += 1


def _started_at() -> object:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_postmaster_start_time()")
        return cursor.fetchone()[0]
