"""`manage.py replay_decisions`: every assessment worked out again from what was stored, byte for byte the same."""

import sys
import zlib
from collections.abc import Iterator
from typing import Any

import msgspec
from django.core.management.base import BaseCommand, CommandParser
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

from bureau import ciphers
from verification import assessing
from verification.models import Assessment
from verification.rules import RULES_VERSION

CHUNK = 200


class Command(BaseCommand):
    help = "Work every assessment out again from its stored inputs and compare the digests; fails when one differs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object, alone on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = Assessment.objects.select_related("check_ordered").order_by("pk")
        total = rows.count()
        with Progress(
            BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=Console(file=sys.stderr)
        ) as bar:
            different = list(_different(bar.track(rows.iterator(chunk_size=CHUNK), total=total)))
        if options["json"]:
            found = {"replayed": total, "same": total - len(different), "different": different}
            self.stdout.write(msgspec.json.encode(found).decode())
        else:
            for each in different:
                self.stdout.write(f"{each['check']} v{each['version']}: {each['problem']}")
            self.stdout.write(f"{total} replayed, {len(different)} different")
        if different:
            sys.exit(1)


def _different(rows: Any) -> Iterator[dict[str, Any]]:
    for row in rows:
        if problem := _problem(row):
            yield {"check": row.check_ordered.number, "version": row.version, "problem": problem}


def _problem(row: Assessment) -> str:
    """What is wrong with an assessment: its stored result was changed, or the same inputs now give another one."""
    stored = zlib.decompress(row.result)
    if ciphers.sm3(stored).hex() != row.result_digest:
        return "stored result does not match its digest"
    again = msgspec.json.encode(assessing.inputs_of(row).work_out())
    if again == stored:
        return ""
    by_other_rules = row.rules_version != RULES_VERSION
    return f"by rules {row.rules_version}, not {RULES_VERSION}" if by_other_rules else "inputs give another result"
