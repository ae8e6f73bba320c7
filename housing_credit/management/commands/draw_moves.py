"""Draw the tables of moves as diagrams in docs/moves.md; a test compares the two. What stands around them is kept."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

import applications.moves
import verification.moves
from bureau import moves
from bureau.moves import Move

LIVES: tuple[tuple[str, str, Iterable[Move]], ...] = (
    ("An application (申请)", "applications/moves.py", applications.moves.TABLE),
    ("A check (核对)", "verification/moves.py", verification.moves.TABLE),
)
HEAD = """# Moves (状态流转)

Every life is one table of moves. The diagrams are drawn from the tables by `manage.py draw_moves`, in this order.
In brackets: the roles of which one is needed. `system`: nobody's hand, the sweep that finds the case due.
"""
DIAGRAM = re.compile(r"```mermaid\n.*?```", re.DOTALL)


def diagrams() -> list[str]:
    """One fenced block per life, in order."""
    return [f"```mermaid\n{moves.diagram(table)}```" for _title, _place, table in LIVES]


def drawn_into(page: str) -> str:
    """The page with its diagrams drawn anew; a page with another number of them is begun afresh."""
    drawn = diagrams()
    if len(DIAGRAM.findall(page)) != len(drawn):
        parts = [f"\n## {title}\n\n`{place}`\n\n" for title, place, _table in LIVES]
        return HEAD + "".join(f"{part}{block}\n" for part, block in zip(parts, drawn, strict=True))
    blocks = iter(drawn)
    return DIAGRAM.sub(lambda _found: next(blocks), page)


class Command(BaseCommand):
    help = "Draw every table of moves as a diagram in docs/moves.md."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail when the file is out of date")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.BASE_DIR) / "docs" / "moves.md"
        page = path.read_text(encoding="utf-8") if path.exists() else ""
        drawn = drawn_into(page)
        if not options["check"]:
            path.write_text(drawn, encoding="utf-8")
        elif page != drawn:
            raise CommandError("docs/moves.md is out of date: run manage.py draw_moves.")
