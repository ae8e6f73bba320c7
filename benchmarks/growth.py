"""Rounds of growing size in one arena: what a household costs, what workers keep, how single checks fare meanwhile."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
from django.db import connection
from django.utils import timezone

from benchmarks import ours
from benchmarks.measuring import Figures, measured
from housing_credit import population, rehearsal
from housing_credit.arena_workers import beat, workers
from verification.models import Exchange
from verification.orders import Order

PROCESSES, SETS_IN_FLIGHT = 2, 3  # as the Procfile starts the workers of rounds
SINGLE_EVERY = 2.0  # seconds between two single checks
PATIENCE = 60.0  # seconds
NOT_OURS = {"mock_departments", "command"}  # the sources' and the measuring command's own seconds are no cost of ours

Say = Callable[[int], None]


@dataclass
class Singles:
    """Single checks placed while a round ran: from order to assessed less the slowest source's time, milliseconds."""

    beyond: list[float] = field(default_factory=list)

    def told(self) -> dict[str, Any]:
        """What the house took beyond the slowest source."""
        over = sorted(self.beyond)
        if not over:
            return {"checks": 0}
        return {
            "checks": len(over),
            "over_slowest_ms": {
                "median": round(over[len(over) // 2], 1),
                "p95": round(over[max(0, -(-len(over) * 95 // 100) - 1)], 1),
                "max": round(over[-1], 1),
            },
        }


@dataclass
class Step:
    """A round of one size, measured."""

    figures: Figures
    singles: Singles

    @property
    def cost(self) -> float:
        """CPU milliseconds a household: workers, beat, PostgreSQL and Redis."""
        spent = sum(seconds for kind, seconds in self.figures.cpu_seconds.items() if kind not in NOT_OURS)
        return spent * 1000 / self.figures.households

    @property
    def memory(self) -> float:
        """Megabytes that the workers of the round had in use at most, together."""
        return sum(self.figures.peak_memory_mb)

    def told(self) -> dict[str, Any]:
        """As the command prints it."""
        return {**self.figures.told(), "cost_ms": round(self.cost, 3), "single": self.singles.told()}


def spool(count: int, path: Path) -> None:
    """Write the invented households to a file, one JSON order a line, before any clock runs."""
    with path.open("wb") as file:
        for order in population.stream(count, prefix="GROWTH"):
            file.write(msgspec.json.encode(order) + b"\n")


def read(path: Path, count: int, *, subject: str) -> Iterator[Order]:
    """The first `count` households of a spool, as cases of a round of their own."""
    decoder = msgspec.json.Decoder(Order)
    with path.open("rb") as file:
        for place, line in zip(range(count), file, strict=False):
            yield msgspec.structs.replace(decoder.decode(line), subject=f"{subject}-{place + 1:06d}")


def step(path: Path, count: int, say: Say) -> Step:
    """A round of this size with workers of its own, so that their memory is this round's."""
    singles = Singles()
    with (
        workers(PROCESSES, pool="threads", concurrency=SETS_IN_FLIGHT) as programs,
        workers(1, queues="checks", pool="threads", concurrency=4),
        beat() as clock,
    ):
        _one_check()  # warms up the worker of single checks
        with (
            measured(count, [program.pid for program in programs], clock.pid) as figures,
            _placed_meanwhile(singles),
        ):
            ours.run(read(path, count, subject=f"GROWTH{count}"), say)
    return Step(figures, singles)


@contextmanager
def _placed_meanwhile(singles: Singles) -> Iterator[None]:
    """Place a single check every few seconds for the length of a block, each after the one before it has ended."""
    over = threading.Event()

    def place() -> None:
        try:
            while not over.wait(SINGLE_EVERY):
                singles.beyond.append(_one_check())
        finally:
            connection.close()

    thread = threading.Thread(target=place, name="single checks")
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _one_check() -> float:
    """Milliseconds from before the order is placed until the moment that the check says it was assessed, less what the
    slowest source took: from our question until the last byte of its answer. A second at the least, as the province has
    everybody come back; more while the round keeps the sources busy, which share these cores.
    """
    papers = rehearsal.control("scenarios/fit")
    started = timezone.now()
    check = rehearsal.order(papers)
    if not rehearsal.wait(check, PATIENCE):
        raise rehearsal.RehearsalError(f"{check.number} was not assessed within {PATIENCE:.0f} s.")
    sources = Exchange.objects.filter(inquiries__check_ordered=check).values_list("asked_at", "ended_at")
    slowest: timedelta = max(ended - asked for asked, ended in sources)
    beyond: timedelta = check.status_since - started - slowest
    return beyond.total_seconds() * 1000


def settle_down() -> None:
    """Let the server put its tables in order, so that a step does not pay for the one before it."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    time.sleep(1)
