"""What the scorecard of the sources needs to be typeset (bureau/letter_data.py says how values are given)."""

from bureau.letter_data import Letter, Part


class Head(Part, frozen=True, kw_only=True):
    """A column: its head, and what is counted in it."""

    label: str
    definition: str


class Row(Part, frozen=True, kw_only=True):
    """A source, or all together: one cell for each column, `notes` small below them."""

    name: str
    cells: tuple[str, ...]
    notes: tuple[str, ...]


class Scorecard(Letter, frozen=True, kw_only=True):
    """来源评价表, for the joint meeting: a month of all sources."""

    month: str
    state: str  # whether the figures are fixed, and of when they are
    source: str  # the head of the first column
    heads: tuple[Head, ...]
    rows: tuple[Row, ...]
    total: Row
