"""`manage.py benchmark`: our way against the plain way and against the raw ceiling, in one arena and one run."""

import gc
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import Progress

from benchmarks import ceiling, ours, plain
from benchmarks.measuring import Figures, measured
from housing_credit import arena, population, rehearsal
from housing_credit.arena_workers import beat, workers
from verification.models import Source
from verification.orders import ROUND_SIZE, Order

PROCESSES = 2  # workers of one process each, as in the Procfile; the ceiling has as many
SETS_IN_FLIGHT = 3  # threads of a worker: while one set waits for the province's ticket the others are at work
PLAIN_PROCESSES = 4  # best for the plain way on two cores
WARM_UP = 20  # households, before the clock runs


class Command(BaseCommand):
    help = "Measure households per second: the plain way, the raw ceiling, and ours, in a place of its own."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--households", type=int, default=2000)
        parser.add_argument("--plain-households", type=int, help="default: 100, or --households when that is less")
        parser.add_argument("--json", action="store_true", help="print one JSON object, alone on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["households"] < 1 or (options["plain_households"] or 1) < 1:
            raise CommandError("--households and --plain-households are 1 or more.")
        try:
            if not arena.is_inside():
                raise SystemExit(arena.rerun(*sys.argv[1:]))
            result = _measure(options["households"], options["plain_households"])
        except (arena.ArenaError, rehearsal.RehearsalError) as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise SystemExit(128 + signal.SIGINT) from None
        if options["json"]:
            self.stdout.write(msgspec.json.encode(result).decode())
        else:
            self._print(result)

    def _print(self, result: dict[str, Any]) -> None:
        for name, value in result.items():
            if isinstance(value, dict):
                for inner, figure in value.items():
                    self.stdout.write(f"{name}.{inner}: {figure}")
            else:
                self.stdout.write(f"{name}: {value}")


def _measure(count: int, plain_count: int | None) -> dict[str, Any]:
    """Three runs, one after another, with the same households."""
    households = population.orders(count + WARM_UP, prefix="BENCH")
    gc.freeze()  # what this command keeps is no work for its collector
    warm_up, households = households[:WARM_UP], households[WARM_UP:]
    wanted = min(plain_count or 100, count)
    return _summary(
        count,
        plain_way=_plain(warm_up, households[:wanted]),
        ceiling_way=_ceiling(households),
        our_way=_ours(warm_up, households),
    )


def _plain(warm_up: Sequence[Order], households: Sequence[Order]) -> Figures:
    plain.create_tables()
    with workers(queues=plain.QUEUE, concurrency=PLAIN_PROCESSES, app="benchmarks.plain") as programs:
        plain.run(warm_up[:PLAIN_PROCESSES], _nobody)
        with (
            _progress("the plain way", len(households)) as say,
            measured(len(households), [program.pid for program in programs]) as figures,
        ):
            plain.run(households, say)
    return figures


def _ceiling(households: Sequence[Order]) -> Figures:
    folder = settings.STATE_DIR / "ceiling"
    with (
        ceiling.team(PROCESSES, households, size=ROUND_SIZE, folder=folder) as team,
        _progress("the raw ceiling", None),
        measured(len(households), team.pids) as figures,
    ):
        team.run()
    if ceiling.rows() != len(households) * Source.objects.count():
        raise CommandError("The raw ceiling did not write every reply.")
    return figures


def _ours(warm_up: Sequence[Order], households: Sequence[Order]) -> Figures:
    with workers(PROCESSES, pool="threads", concurrency=SETS_IN_FLIGHT) as programs, beat() as clock:
        ours.run(warm_up, _nobody, at_a_time=len(warm_up) // PROCESSES)
        with (
            _progress("our way", len(households)) as say,
            measured(len(households), [program.pid for program in programs], clock.pid) as figures,
        ):
            ours.run(households, say)
    if ours.assessed() != len(households) + len(warm_up):
        raise CommandError("Not every check of ours was assessed.")
    return figures


@contextmanager
def _progress(what: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """A bar on stderr; yields what moves it. Opened after the workers are started: it draws from a thread."""
    with Progress(console=Console(file=sys.stderr)) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done: bar.update(task, completed=done)
        bar.update(task, total=total or 1, completed=total or 1)


def _nobody(_done: int) -> None:
    """Hears how far a warm-up is."""


def _summary(count: int, *, plain_way: Figures, ceiling_way: Figures, our_way: Figures) -> dict[str, Any]:
    return {
        "households": count,
        "cores": os.cpu_count(),
        "plain": plain_way.told(),
        "ceiling": ceiling_way.told(),
        "ours": our_way.told(),
        "ours_over_plain": round(our_way.per_second / plain_way.per_second, 2),
        "ours_over_ceiling": round(our_way.per_second / ceiling_way.per_second, 3),
    }
