"""Walk the audit chains and say whether any row was changed, removed or slipped in."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import Progress

from bureau import audit
from bureau.models import AuditEntry


class Command(BaseCommand):
    help = "Verify the digest chains of the audit trail. Exit status 1 when a row does not fit."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object alone on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        total, problems = 0, []
        with Progress(console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task("audit", total=AuditEntry.objects.count())
            for total, found in audit.verify():
                problems += found
                progress.update(task, completed=total)
        if options["json"]:
            rows = [{"lane": p.lane, "place": p.place, "problem": p.problem} for p in problems]
            self.stdout.write(json.dumps({"rows": total, "problems": rows}))
        else:
            self.stdout.write(f"{total} rows, {len(problems)} problems")
            for problem in problems:
                self.stdout.write(f"  lane {problem.lane} row {problem.place}: {problem.problem}")
        if problems:
            raise CommandError(f"The audit trail was tampered with: {len(problems)} rows do not fit.")
