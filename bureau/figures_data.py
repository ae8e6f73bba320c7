"""What figures, or a list behind one, need to be typeset (bureau/letter_data.py says how values are given)."""

from bureau.letter_data import Letter, Part


class Table(Part, frozen=True, kw_only=True):
    """A table: its heading, its heads, its rows. A value that is not there is an empty text."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Figures(Letter, frozen=True, kw_only=True):
    """Figures or a list on paper, as they were counted on a day. No letter: it has no seal and no check code."""

    title: str
    period: str
    chosen: tuple[str, ...]
    tables: tuple[Table, ...]
