"""`manage.py time_one_check`: what the house adds to the slowest source, for one idle household."""

import statistics
import sys
from typing import Any

import msgspec
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from rich.console import Console
from rich.progress import Progress

from housing_credit import rehearsal
from housing_credit.companions import companions
from housing_credit.seeds.sources import seed_sources

SCENARIO = "fit"
LATENCY = {"kind": "lognormal", "median_ms": 80, "p99_ms": 1500}
LONGEST = 60.0  # seconds


class Command(BaseCommand):
    help = "Measure the time from order to assessed statement over the slowest source's own delay, one check at a time."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--samples", type=int, default=20)
        parser.add_argument("--json", action="store_true", help="print one JSON object, alone on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["samples"] < 1:
            raise CommandError("--samples is 1 or more.")
        try:
            with companions(workers=True, mock_departments=True):
                seed_sources()  # point at the mock departments of this very run
                samples = self._measure(options["samples"])
        except rehearsal.RehearsalError as error:
            raise CommandError(str(error)) from error
        result = _summary(samples)
        if options["json"]:
            self.stdout.write(msgspec.json.encode(result).decode())
            return
        for name, values in result.items():
            self.stdout.write(f"{name}: {values}")

    def _measure(self, count: int) -> list[tuple[float, float]]:
        """Pairs of the whole time and the slowest source's own, in ms; the mock departments are put right after."""
        papers = rehearsal.control(f"scenarios/{SCENARIO}")
        try:
            _measure_one(papers)  # warms up workers and connections
            rehearsal.control("sources", {"*": {"latency": LATENCY}}, "PUT")
            with Progress(console=Console(file=sys.stderr)) as bar:
                return [_answered_at_once(papers) for _ in bar.track(range(count), description="one check at a time")]
        finally:
            rehearsal.control("reset", method="POST")


def _answered_at_once(papers: dict[str, Any]) -> tuple[float, float]:
    """A sample in which no source ran into its time limit: a pause before a second try is nobody's overhead."""
    while True:
        whole, slowest, tries = _measure_one(papers)
        if tries == 1:
            return whole, slowest


def _measure_one(papers: dict[str, Any]) -> tuple[float, float, int]:
    """From before the order is placed until the moment that the check itself says it was assessed."""
    started = timezone.now()
    check = rehearsal.order(papers)
    if not rehearsal.wait(check, LONGEST):
        raise CommandError(f"{check.number} was not assessed within {LONGEST:.0f} s.")
    whole = (check.status_since - started).total_seconds() * 1000
    counters = rehearsal.control("counters")
    tries = max(check.inquiries.values_list("attempts", flat=True))
    return whole, max(counter["last_delay_ms"] for counter in counters.values()), tries


def _summary(samples: list[tuple[float, float]]) -> dict[str, Any]:
    over = sorted(whole - slowest for whole, slowest in samples)
    return {
        "samples": len(samples),
        "overhead_ms": {
            "median": round(statistics.median(over), 1),
            "p95": round(_p95(over), 1),
            "max": round(over[-1], 1),
        },
        "whole_ms": {"median": round(statistics.median(whole for whole, _slowest in samples), 1)},
        "slowest_source_ms": {"median": round(statistics.median(slowest for _whole, slowest in samples), 1)},
    }


def _p95(values: list[float]) -> float:
    """The value that 19 of 20 do not exceed."""
    return values[max(0, -(-len(values) * 95 // 100) - 1)]
