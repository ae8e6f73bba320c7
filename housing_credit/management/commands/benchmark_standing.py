"""`manage.py benchmark_standing`: departments ask how a subject stands, in a registry of a million records.

Fills a registry of its own in an arena (how, and what is left out: benchmarks/registry.py) and asks it through the web
server of gunicorn.conf.py, with signed requests from a process of its own.
"""

import signal
import sys
from typing import Any

import msgspec
from django.core.management.base import BaseCommand, CommandError, CommandParser

from benchmarks import standing
from housing_credit import arena


class Command(BaseCommand):
    help = "Measure the standing query: against a bare view, at half load, and with 10,000 and a million records."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--records", type=int, default=1_000_000, help="persons with a case in the archive")
        parser.add_argument("--turns", type=int, default=9, help="how often ours and the others take turns")
        parser.add_argument("--seconds", type=float, default=3.0, help="of each measurement")
        parser.add_argument("--json", action="store_true", help="print one JSON object, alone on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        if min(options["records"], options["turns"]) < 1 or options["seconds"] <= 0:
            raise CommandError("--records, --turns and --seconds are 1 or more.")
        try:
            if not arena.is_inside():
                raise SystemExit(arena.rerun(*sys.argv[1:]))
            result = standing.measure(
                options["records"], pairs=options["turns"], seconds=options["seconds"], say=self.stderr.write
            )
        except arena.ArenaError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise SystemExit(128 + signal.SIGINT) from None
        if options["json"]:
            self.stdout.write(msgspec.json.encode(result).decode())
            return
        for name, value in result.items():
            self.stdout.write(f"{name}: {value}")
