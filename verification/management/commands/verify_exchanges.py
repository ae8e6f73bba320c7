"""`manage.py verify_exchanges`: whether any round trip with a source was changed, removed or slipped in."""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import CommandError, CommandParser

from bureau.chains import Finding
from bureau.management.verifying import VerifyCommand
from verification import evidence
from verification.models import Source


class Command(VerifyCommand):
    help = (
        "Verify the chain of evidence of each source, and that what was sent and received fits its digests. "
        "Exit status 1 when a row does not fit."
    )
    trail = "evidence"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--mend",
            metavar="SOURCE",
            help="do not verify; let this source's broken chain go on, with the break left in it for ever",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["mend"]:
            self._mend(options["mend"])
        else:
            super().handle(*args, **options)

    def _mend(self, code: str) -> None:
        source = Source.objects.filter(code=code).first()
        if source is None:
            raise CommandError(f"There is no source {code}.")
        lanes = evidence.mend(source)
        self.stdout.write(f"{code}: {len(lanes)} lanes mended. An officer can release the source now.")

    def total(self) -> int:
        return evidence.chained().count()

    def walk(self) -> Iterator[tuple[int, list[Finding]]]:
        return evidence.verify()

    def more(self) -> dict[str, int]:
        return {"unchained": evidence.unchained().count()}

    def as_values(self, problem: Finding) -> dict[str, Any]:
        return {"source": problem.chain.removeprefix(evidence.PREFIX), **super().as_values(problem)}

    def in_words(self, problem: Finding) -> str:
        return f"{problem.chain.removeprefix(evidence.PREFIX)} {super().in_words(problem)}"
