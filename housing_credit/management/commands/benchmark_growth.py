"""`manage.py benchmark_growth`: whether a household costs the same in a round of 100,000 as in one of 1,000."""

import signal
import sys
from functools import partial
from typing import Any

import msgspec
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import Progress, TaskID

from benchmarks import growth
from housing_credit import arena, rehearsal

LADDER = (1_000, 10_000, 100_000)


class Command(BaseCommand):
    help = "Measure rounds of 1,000, 10,000 and 100,000 households: cost, memory, and single checks placed meanwhile."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--households", type=int, nargs="+", default=LADDER, help="the sizes, the smallest first")
        parser.add_argument("--json", action="store_true", help="print one JSON object, alone on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        sizes = options["households"]
        if min(sizes) < 1 or sorted(sizes) != list(sizes):
            raise CommandError("--households are 1 or more, the smallest first.")
        try:
            if not arena.is_inside():
                raise SystemExit(arena.rerun(*sys.argv[1:]))
            result = _measure(sizes)
        except (arena.ArenaError, rehearsal.RehearsalError) as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise SystemExit(128 + signal.SIGINT) from None
        if options["json"]:
            self.stdout.write(msgspec.json.encode(result).decode())
            return
        for name, value in result.items():
            self.stdout.write(f"{name}: {value}")


def _move(bar: Progress, task: TaskID, done: int) -> None:
    bar.update(task, completed=done)


def _measure(sizes: list[int]) -> dict[str, Any]:
    path = settings.STATE_DIR / "households.jsonl"
    growth.spool(max(sizes), path)
    steps: list[growth.Step] = []
    with Progress(console=Console(file=sys.stderr)) as bar:
        for size in sizes:
            task = bar.add_task(f"{size:,} households", total=size)
            growth.settle_down()
            steps.append(growth.step(path, size, partial(_move, bar, task)))
            bar.update(task, completed=size)
    return {
        "steps": [step.told() for step in steps],
        "cost_growth": round(steps[-1].cost / steps[0].cost, 3),
        "memory_growth": round(steps[-1].memory / steps[-2 if len(steps) > 1 else -1].memory, 3),
        "single_over_slowest_ms": steps[-1].singles.told().get("over_slowest_ms"),
    }
