"""`manage.py replay_decisions`: every assessment worked out again from what was stored, byte for byte the same.

Those by earlier rules that today's would decide otherwise are listed and do not fail the command.
"""

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
from verification.rules import EARLIER_VERSIONS, RULES_VERSION

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
            told = list(_told(bar.track(rows.iterator(chunk_size=CHUNK), total=total)))
        different = [each for each in told if "rules" not in each]
        by_earlier_rules = [each for each in told if "rules" in each]
        if options["json"]:
            found = {
                "replayed": total,
                "same": total - len(told),
                "different": different,
                "by_earlier_rules": by_earlier_rules,
            }
            self.stdout.write(msgspec.json.encode(found).decode())
        else:
            for each in told:
                self.stdout.write(f"{each['check']} v{each['version']}: {each['problem']}")
            counts = f"{len(different)} different, {len(by_earlier_rules)} that today's rules would decide otherwise"
            self.stdout.write(f"{total} replayed, {counts}")
        if different:
            sys.exit(1)


def _told(rows: Any) -> Iterator[dict[str, Any]]:
    for row in rows:
        if problem := _problem(row):
            yield {"check": row.check_ordered.number, "version": row.version, **problem}


def _problem(row: Assessment) -> dict[str, str]:
    """What is wrong with an assessment: its stored result was changed, or the same inputs now give another one.

    One by earlier rules need not come to the same today, and is wrong only where its own digest says so.
    """
    stored = zlib.decompress(row.result)
    if ciphers.sm3(stored).hex() != row.result_digest:
        return {"problem": "stored result does not match its digest"}
    result = assessing.inputs_of(row).work_out()
    again = msgspec.json.encode(msgspec.structs.replace(result, rules_version=row.rules_version))
    if again == stored:
        return {}
    if row.rules_version == RULES_VERSION or row.rules_version not in EARLIER_VERSIONS:
        return {"problem": "inputs give another result"}
    proposed = f"{row.proposed}, today {result.comparison.proposed}"
    return {"problem": f"by rules {row.rules_version}: {proposed}", "rules": row.rules_version}
