"""Seal all protected columns with the active key: `manage.py rotate_protected_fields [--json] [--dry-run]`."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from rich.console import Console
from rich.progress import Progress

from bureau import ciphers, rotation


class Command(BaseCommand):
    help = "Seal every protected value anew that is not sealed with the active key. Can be stopped and started again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--batch", type=int, default=rotation.BATCH, help="values per transaction")
        parser.add_argument("--dry-run", action="store_true", help="only count what is waiting")
        parser.add_argument("--json", action="store_true", help="print one JSON object alone")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit with an error, naming the missing key, when a value cannot be opened; what was done stays done."""
        done: dict[str, int] = {}
        with Progress(console=Console(file=sys.stderr), disable=options["json"]) as progress:
            for column in rotation.columns():
                count = rotation.waiting(column)
                done[str(column)] = count
                if options["dry_run"]:
                    continue
                bar = progress.add_task(str(column), total=count)
                done[str(column)] = 0
                for batch in rotation.rotate(column, options["batch"]):
                    done[str(column)] += batch
                    progress.advance(bar, batch)
        self._tell(done, options)

    def _tell(self, done: dict[str, int], options: dict[str, Any]) -> None:
        key = ciphers.current().active
        if options["json"]:
            counts = {"waiting" if options["dry_run"] else "rotated": done, "total": sum(done.values())}
            self.stdout.write(json.dumps({"active_key": key, **counts}))
            return
        verb = "waiting for" if options["dry_run"] else "sealed anew with"
        self.stdout.write(f"{sum(done.values())} values in {len(done)} columns {verb} key {key}.")
