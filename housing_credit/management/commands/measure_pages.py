"""`manage.py measure_pages`: how long the main lists and the figures take at the server, and in how many queries."""

import signal
import statistics
import sys
import time
from typing import Any

import msgspec
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bureau.models import Staff
from housing_credit import arena

# (who, address): the lists that somebody works from, and the pages of figures.
PAGES = (
    ("check", "/"),
    ("check", "/applications/?tab=todo"),
    ("check", "/applications/?tab=all"),
    ("housing", "/applications/?tab=open"),
    ("check", "/checks/"),
    ("check", "/checks/board/"),
    ("credit", "/credit/cases/"),
    ("credit", "/credit/leads/"),
    ("auditor", "/dashboard/"),
    ("auditor", "/dashboard/?period=all&by=month"),
    ("auditor", "/dashboard/figures/checked/?period=all"),
    ("auditor", "/dashboard/figures/unfit/"),
    ("auditor", "/dashboard/figures/recorded/?period=all"),
    ("auditor", "/dashboard/figures/time_check/"),
    ("auditor", "/supervision/"),
    ("auditor", "/supervision/stuck/"),
    ("auditor", "/supervision/fairness/"),
)


class Command(BaseCommand):
    help = "Ask the main pages in this process and print milliseconds at the server and queries of each."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--households", type=int, help="fill an arena of its own with so many and measure there")
        parser.add_argument("--times", type=int, default=5, help="how often each page is asked; the median counts")
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
        rows = [_measured(who, address, options["times"]) for who, address in PAGES]
        if options["json"]:
            self.stdout.write(msgspec.json.encode({"pages": rows}).decode())
            return
        for row in rows:
            self.stdout.write(f"{row['ms']:8.1f} ms {row['queries']:4d} queries  {row['who']:8} {row['page']}")


def _measured(who: str, address: str, times: int) -> dict[str, Any]:
    staff = Staff.objects.filter(username=who).first()
    if staff is None:
        raise CommandError(f"There is nobody called {who}: the demonstration's people are asked for.")
    client = Client(SERVER_NAME=settings.ALLOWED_HOSTS[0])
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(address)
    queries = len(seen)  # before the next request clears the log
    if answer.status_code != 200:
        raise CommandError(f"{address} answers {answer.status_code}.")
    took = []
    for _ in range(times):
        begun = time.perf_counter()
        client.get(address)
        took.append((time.perf_counter() - begun) * 1000)
    return {"who": who, "page": address, "ms": round(statistics.median(took), 1), "queries": queries}
