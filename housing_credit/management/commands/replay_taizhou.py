"""`manage.py replay_taizhou`: three years of Taizhou through the real flow, in a place of its own; the six figures."""

import os
import signal
import sys
import time
from typing import Any

import msgspec
from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import Progress

from housing_credit import arena, page_times, rehearsal
from housing_credit.replay import course, figures, ground
from housing_credit.replay.calendar import Calendar
from housing_credit.replay.fates import PlantError
from housing_credit.replay.population import NOTICE, Plant
from housing_credit.replay.team import team

_numbers = msgspec.json.Encoder(decimal_format="number")
PAGE_LIMIT, PAGE_TIMES = 150, 3  # milliseconds; how often each page is asked
HELPERS = 4  # on two cores: while one awaits a source or the database, the others are at work
# What is lost with the last second of a machine that goes down is replayed.
NO_WAIT_FOR_THE_DISK = "-c synchronous_commit=off"


class Command(BaseCommand):
    help = "Replay 2014 to 2017 with invented households through the real flow, and print what came of it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--households", type=int, default=NOTICE["households"])
        parser.add_argument("--unfit", type=int, help="planted among them; default: the notice's share")
        parser.add_argument("--seed", type=int, default=Plant().seed)
        parser.add_argument("--months", type=int, help="in which they come, from the first; default: all")
        parser.add_argument("--helpers", type=int, default=HELPERS, help="processes; 0: all in one")
        parser.add_argument("--pages", action="store_true", help="measure the pages afterwards, on the replay's data")
        parser.add_argument("--json", action="store_true", help="print one JSON object, alone on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        plant = _plant(options)
        try:
            if not arena.is_inside():
                os.environ["PGOPTIONS"] = NO_WAIT_FOR_THE_DISK
                raise SystemExit(arena.rerun(*sys.argv[1:]))
            result = _replay(plant, options["helpers"], with_pages=options["pages"])
        except (arena.ArenaError, rehearsal.RehearsalError, PlantError, page_times.PageError) as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise SystemExit(128 + signal.SIGINT) from None
        if options["json"]:
            self.stdout.write(_numbers.encode(result).decode())
            return
        pages = result.pop("pages", None)
        for name, value in result.items():
            self.stdout.write(f"{name}: {value}")
        if pages:
            self.stdout.write("\n".join(page_times.lines(pages)))


def _plant(options: dict[str, Any]) -> Plant:
    if options["households"] < 1:
        raise CommandError("--households is 1 or more.")
    plant = Plant.for_households(options["households"])
    unfit = plant.unfit if options["unfit"] is None else options["unfit"]
    if not 0 <= unfit <= plant.households:
        raise CommandError("--unfit is no more than --households.")
    months = plant.first.until(plant.last)
    last = months[: options["months"]][-1] if options["months"] else plant.last
    return msgspec.structs.replace(plant, unfit=unfit, seed=options["seed"], last=last)


def _replay(plant: Plant, helpers: int, *, with_pages: bool) -> dict[str, Any]:
    began = time.monotonic()
    ground.lay()
    with team(helpers) as crew, Calendar() as calendar:
        with Progress(console=Console(file=sys.stderr), auto_refresh=False) as bar:
            task = bar.add_task("", total=len(course.months(plant)))

            def say(month: str) -> None:
                bar.update(task, description=month, advance=1)
                bar.refresh()

            course.run(plant, calendar, crew, say)
        result: dict[str, Any] = {**figures.counted(), "seconds": round(time.monotonic() - began, 1)}
        if with_pages:  # on the last day of the calendar, which is today for every page
            result["pages"] = page_times.measure(times=PAGE_TIMES, limit=PAGE_LIMIT)
        return result
