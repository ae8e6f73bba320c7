"""`manage.py rehearse_faults`: the same households with and without faults, in an arena with servers of its own."""

import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Count, F, Sum
from rich.console import Console
from rich.progress import Progress

from housing_credit import arena, embedded, population, rehearsal
from housing_credit.arena_workers import beat, workers
from housing_credit.faults import disturbances, ledger, rounds, verdict
from housing_credit.faults.disturbances import DOWN, Machines
from housing_credit.faults.rounds import Held, Say
from housing_credit.faults.verdict import Verdict
from verification.models import Exchange, Inquiry
from verification.orders import Order

WORKERS = 2
AS_IN_THE_PROCFILE: dict[str, Any] = {"pool": "threads", "concurrency": 3}
TOLD_AT_MOST = 40  # sentences of what went wrong
WRONG = ("lost", "doubled", "wrong", "unnamed", "died")


class Command(BaseCommand):
    help = "Rehearse failing sources, killed workers, a flushed Redis and a crashed PostgreSQL, in a place of its own."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--households", type=int, default=2000)
        part = parser.add_mutually_exclusive_group()
        part.add_argument("--sources", action="store_true", help="only the sources fail")
        part.add_argument("--machines", action="store_true", help="only the machines fail")
        parser.add_argument("--seconds-limit", type=float, default=900, help="of each round; what is open then is lost")
        parser.add_argument("--json", action="store_true", help="print one JSON object, alone on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["households"] < 1 or options["seconds_limit"] <= 0:
            raise CommandError("--households is 1 or more, --seconds-limit more than 0.")
        parts = [part for part in ("sources", "machines") if options[part]] or ["sources", "machines"]
        try:
            if not arena.is_inside():
                raise SystemExit(arena.rerun(*sys.argv[1:], own_servers=True))
            result, told = _rehearse(options["households"], parts, options["seconds_limit"])
        except (arena.ArenaError, rehearsal.RehearsalError) as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise SystemExit(128 + signal.SIGINT) from None
        self._print(result, told, as_json=options["json"])
        if any(result[part].get(kind) for part in parts for kind in WRONG):
            raise SystemExit(1)

    def _print(self, result: dict[str, Any], told: Sequence[str], *, as_json: bool) -> None:
        for sentence in told[:TOLD_AT_MOST]:
            self.stderr.write(sentence)
        if len(told) > TOLD_AT_MOST:
            self.stderr.write(f"… and {len(told) - TOLD_AT_MOST} more")
        if as_json:
            self.stdout.write(msgspec.json.encode(result).decode())
            return
        for name, value in result.items():
            for inner, figure in value.items() if isinstance(value, dict) else [("", value)]:
                self.stdout.write(f"{name}{'.' * bool(inner)}{inner}: {figure}")


def _rehearse(count: int, parts: Sequence[str], limit: float) -> tuple[dict[str, Any], list[str]]:
    """The faultless round, then each part; the figures, and a sentence for all that went wrong."""
    ledger.open_ledger(embedded.addresses().database_url)
    households = population.orders(count, prefix="H")
    result: dict[str, Any] = {"households": count}
    told: list[str] = []
    with workers(WORKERS, **AS_IN_THE_PROCFILE) as programs, beat():
        with _progress("without faults", count) as say:
            faultless = rounds.hold("FAULTLESS", households, say, limit=limit)
        if not faultless.in_time:
            raise CommandError(f"Even without faults the round did not end within {limit} s.")
        result["faultless"] = {"seconds": round(faultless.seconds, 1)}
        machines = Machines(programs, AS_IN_THE_PROCFILE, count)
        for part in parts:
            if part == "sources":
                figures, found = _sources(faultless, households, limit)
            else:
                figures, found = _machines(faultless, households, limit, machines)
            result[part] = {**figures, "died": machines.died()}
            told += [f"{part}: {sentence}" for sentence in found.told()]
    return result, told


def _sources(faultless: Held, households: Sequence[Order], limit: float) -> tuple[dict[str, Any], Verdict]:
    disturbances.spoil_sources()
    try:
        with _progress("sources fail", len(households)) as say:
            held = rounds.hold("SOURCES", households, say, limit=limit)
    finally:
        disturbances.mend_sources()
    found = verdict.judge(faultless, held, down=DOWN)
    ended = Inquiry.objects.filter(check_ordered__round=held.round)
    retries = ended.filter(attempts__gt=1).aggregate(sum=Sum(F("attempts") - 1))["sum"] or 0
    calls = Exchange.objects.filter(round=held.round).order_by().values_list("outcome").annotate(Count("pk"))
    return {
        "seconds": round(held.seconds, 1),
        **found.counts(),
        "retries": retries,
        "failed": dict(ended.filter(state="failed").order_by().values_list("source__code").annotate(Count("pk"))),
        "calls": dict(calls),
    }, found


def _machines(
    faultless: Held, households: Sequence[Order], limit: float, machines: Machines
) -> tuple[dict[str, Any], Verdict]:
    disturbances.slow_sources()
    try:
        with _progress("machines fail", len(households)) as say:
            held = rounds.hold("MACHINES", households, say, limit=limit, disturb=machines.step)
    finally:
        disturbances.mend_sources()
    found = verdict.judge(faultless, held)
    counts = found.counts()
    del counts["unnamed"]  # nobody is down
    again = Inquiry.objects.filter(check_ordered__round=held.round, attempts__gt=1).count()
    return {
        "seconds": round(held.seconds, 1),
        **counts,
        "killed": machines.killed,
        "flushed": machines.flushed,
        "restarted": machines.restarted,
        "taken_up_again": again,  # inquiries that a lost worker or database had under way
    }, found


@contextmanager
def _progress(what: str, total: int) -> Iterator[Say]:
    """A bar on stderr; yields what moves it. It draws when told and has no thread: workers are started meanwhile."""
    with Progress(console=Console(file=sys.stderr), auto_refresh=False) as bar:
        task = bar.add_task(what, total=total)
        drawn: Callable[[], None] = bar.refresh

        def say(done: int) -> None:
            bar.update(task, completed=done)
            drawn()

        yield say
