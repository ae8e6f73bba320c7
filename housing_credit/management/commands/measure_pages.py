"""`manage.py measure_pages`: how long the lists, pages and figures take at the server, and in how many queries."""

import signal
import sys
from typing import Any

import msgspec
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from housing_credit import arena, page_times

LIMIT = 300  # milliseconds, with 100,000 households


class Command(BaseCommand):
    help = "Ask the pages in this process and print milliseconds at the server and queries of each."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--households", type=int, help="fill an arena of its own with so many and measure there")
        parser.add_argument("--times", type=int, default=5, help="how often each page is asked; the median counts")
        parser.add_argument("--limit", type=int, default=LIMIT, help="milliseconds; pages beyond are counted")
        parser.add_argument("--json", action="store_true", help="print one JSON object, alone on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["households"] and not arena.is_inside():
                raise SystemExit(arena.rerun(*sys.argv[1:]))
        except arena.ArenaError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise SystemExit(128 + signal.SIGINT) from None
        if options["households"]:
            call_command("seed_large", households=options["households"], stdout=self.stderr)
        try:
            found = page_times.measure(times=options["times"], limit=options["limit"])
        except page_times.PageError as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(msgspec.json.encode(found).decode())
        else:
            self.stdout.write("\n".join(page_times.lines(found)))
        if found["failed"]:
            raise CommandError(f"These do not answer 200: {', '.join(found['failed'])}")
