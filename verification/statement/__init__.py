"""From what was declared and what the sources said to the household's figures, each with its lines. Plain Python."""

from verification.statement.assembly import assemble
from verification.statement.sheet import Completeness, Heard, LastKnown, Line, Stale, Statement

__all__ = ["Completeness", "Heard", "LastKnown", "Line", "Stale", "Statement", "assemble"]
