"""`manage.py scorecard --month 2026-11`: how each source fared in a month, as a table, as JSON or on paper."""

import argparse
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any, cast

import msgspec
from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation
from rich.console import Console
from rich.table import Table

from bureau import letters
from verification import scorecard_papers, scorecards
from verification.models import COUNTERS, FAILURES
from verification.scorecards import Card, Line

HEADS = ("source", "asked", "in time", "%", "failed requests", "ended", "again", "contradicted", "median ms", "p95 ms")


class Command(BaseCommand):
    help = "How each source fared in a month: asked, answered in time, errors, contradicted later, median and p95."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--month", type=_month, help="such as 2026-11; the running month without it")
        parser.add_argument(
            "--pdf", type=Path, metavar="FILE", help="put the month on paper, numbered, and write the PDF"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object, alone on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        month = options["month"] or scorecards.this_month()
        card = scorecards.card(month)
        if options["pdf"]:
            document = scorecard_papers.document_of(scorecard_papers.issue(month, by=None))
            options["pdf"].write_bytes(letters.pdf_of(document))
            self.stderr.write(f"{document.number}: {options['pdf']}")
        if options["json"]:
            self.stdout.write(msgspec.json.encode(_as_values(card)).decode())
        else:
            with translation.override("en"):
                Console(file=cast(IO[str], self.stdout), width=140).print(_table(card))


def _month(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007 -- a month has no hour
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is no month such as 2026-11") from None


def _as_values(card: Card) -> dict[str, Any]:
    return {
        "month": f"{card.month:%Y-%m}",
        "frozen": card.is_frozen,
        "as_of": card.as_of.isoformat(),
        "total": _values(card.total),
        "sources": {line.source.code: _values(line) for line in card.lines if line.source},
    }


def _values(line: Line) -> dict[str, Any]:
    row = line.row
    return {
        **{name: getattr(row, name) for name in COUNTERS},
        "in_time_share": row.in_time_share,
        "held_seconds": row.held_seconds,
        "median_ms": row.median_ms,
        "p95_ms": row.p95_ms,
        "contradicted": line.contradicted,
        "contradicted_share": line.contradicted_share,
        "trend": line.trend,
    }


def _table(card: Card) -> Table:
    state = "frozen" if card.is_frozen else "so far"
    table = Table(title=f"{card.month:%Y-%m} ({state})")
    for place, head in enumerate(HEADS):
        table.add_column(head, justify="right" if place else "left")
    for line in [*card.lines, card.total]:
        row = line.row
        share = "--" if row.in_time_share is None else f"{row.in_time_share:.1%}"
        sorts = "/".join(str(getattr(row, f"calls_{sort}")) for sort in FAILURES) if row.failed_calls else "0"
        cells = [line.source.name if line.source else "all", row.asked, row.in_time, share, sorts]
        cells += [row.ended, row.asked_again, line.contradicted, row.median_ms, row.p95_ms]
        table.add_row(*("--" if cell is None else str(cell) for cell in cells), end_section=line is card.lines[-1])
    table.caption = f"failed requests: {' / '.join(FAILURES)}"
    return table
