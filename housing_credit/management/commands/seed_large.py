"""`manage.py seed_large`: fill an empty installation with many households, so that its pages can be measured."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from applications import stay_sums
from applications.models import Application
from housing_credit import arena
from housing_credit.large import asking, benefits, households, registry
from housing_credit.large.checks import LargeError

CASES_IN = 40  # one credit case to so many households


class Command(BaseCommand):
    help = (
        "Add many invented households in all stages, their homes, rents and subsidies, and credit cases."
        " For an arena or an empty installation."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--households", type=int, default=100_000)
        parser.add_argument("--yes", action="store_true", help="also where there are applications already")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = options["households"]
        if wanted < 1:
            raise CommandError("--households is 1 or more.")
        if not options["yes"] and not arena.is_inside() and Application.objects.exists():
            raise CommandError(
                "This installation has applications of its own; nothing was added (--yes adds all the same)."
            )
        begun = time.monotonic()
        try:
            households.fill(wanted, progress=lambda done: self.stderr.write(f"{done:,} households"))
            registry.fill(max(1, wanted // CASES_IN))
            benefits.fill(progress=lambda part: self.stderr.write(part))
            asking.fill(wanted)
            stay_sums.sum_due()
        except LargeError as error:
            raise CommandError(str(error)) from error
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        self.stdout.write(f"{wanted:,} households in {time.monotonic() - begun:.0f} s")
