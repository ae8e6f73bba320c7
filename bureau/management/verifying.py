"""What the commands have in common that walk chains and say whether any row was changed, removed or slipped in."""

import json
from collections.abc import Iterator
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import Progress

from bureau.chains import Finding


class VerifyCommand(BaseCommand):
    """A walk with a bar on stderr; exit status 1 when a row does not fit. The children say what is walked."""

    trail: ClassVar[str]  # what was tampered with, in a sentence

    def add_arguments(self, parser: CommandParser) -> None:
        """`--json` for programs."""
        parser.add_argument("--json", action="store_true", help="print one JSON object alone on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        """Walk, say what was found, fail when something was."""
        read, problems, more = 0, [], self.more()
        with Progress(console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task(self.trail, total=self.total())
            for read, found in self.walk():
                problems += found
                progress.update(task, completed=read)
        if options["json"]:
            rows = [self.as_values(problem) for problem in problems]
            self.stdout.write(json.dumps({"rows": read, "problems": rows, **more}))
        else:
            counts = [f"{read} rows", f"{len(problems)} problems", *(f"{count} {name}" for name, count in more.items())]
            self.stdout.write(", ".join(counts))
            for problem in problems:
                self.stdout.write("  " + self.in_words(problem))
        if problems:
            raise CommandError(f"The {self.trail} was tampered with: {len(problems)} rows do not fit.")

    def total(self) -> int:
        """How many rows there are to read."""
        raise NotImplementedError

    def walk(self) -> Iterator[tuple[int, list[Finding]]]:
        """Rows read so far, and what is wrong with the newest."""
        raise NotImplementedError

    def more(self) -> dict[str, int]:
        """What else is counted, by name."""
        return {}

    def as_values(self, problem: Finding) -> dict[str, Any]:
        """A problem for programs."""
        return {"lane": problem.lane, "place": problem.place, "problem": problem.problem}

    def in_words(self, problem: Finding) -> str:
        """A problem for people."""
        return f"lane {problem.lane} row {problem.place}: {problem.problem}"
