"""The measures against a household or an employer on a time axis: where each bar stands, in the units of the drawing.
Plain Python.
"""

from collections.abc import Callable, Sequence
from datetime import date

from msgspec import Struct

WIDTH, LEFT, RIGHT = 480, 4, 476
ROW, BAR, TOP = 34, 12, 22  # label above its bar; the years stand above the first row
YEARS = 16  # where the lines of the years begin, below their names
ABOVE, BELOW = 14, 4  # of the line that a label stands on: what its letters take up, on a phone too
MOST_YEARS = 8  # that are named; of more years every second, third, … is


class Band(Struct, frozen=True):
    """One measure: its label, its look, from a day up to, not with, another; without an end while that is unknown."""

    label: str
    look: str
    begins: date
    until: date | None
    holds: bool


class Bar(Struct, frozen=True):
    """A bar of the drawing, and its label above it."""

    label: str
    look: str
    x: float
    width: float
    y: int
    label_y: int
    is_open: bool  # goes up to the edge; its label says that it has no end
    holds: bool


class Year(Struct, frozen=True):
    """1 January of a year."""

    x: float
    year: int


class Strip(Struct, frozen=True):
    """A height at which the upright lines are drawn: between two strips is a label, which no line crosses."""

    top: int
    bottom: int


class Axis(Struct, frozen=True):
    """The whole drawing."""

    bars: Sequence[Bar]
    strips: Sequence[Strip]
    years: Sequence[Year]
    today: float
    height: int
    width: int = WIDTH


def drawn(bands: Sequence[Band], *, today: date) -> Axis | None:
    """The drawing, from the year of the first day to the year after the last; None where there is nothing to draw."""
    if not bands:
        return None
    first = min([today, *(band.begins for band in bands)]).year
    last = max([today, *(band.until or band.begins for band in bands)]).year + 1
    start, days = date(first, 1, 1), (date(last, 1, 1) - date(first, 1, 1)).days

    def at(day: date) -> float:
        return round(LEFT + (RIGHT - LEFT) * (day - start).days / days, 1)

    step = -(-(last - first) // MOST_YEARS)
    bars = [_bar(place, band, at) for place, band in enumerate(bands)]
    return Axis(
        bars=bars,
        strips=[Strip(YEARS, TOP), *(Strip(bar.label_y + BELOW, bar.label_y - ABOVE + ROW) for bar in bars)],
        years=[Year(at(date(year, 1, 1)), year) for year in range(first, last, step)],
        today=at(today),
        height=TOP + ROW * len(bands) + 4,
    )


def _bar(place: int, band: Band, at: Callable[[date], float]) -> Bar:
    x, top = at(band.begins), TOP + ROW * place
    end = at(band.until) if band.until else float(RIGHT)
    return Bar(
        label=band.label,
        look=band.look,
        x=x,
        width=max(round(end - x, 1), 2.0),  # a measure of a day is still seen
        y=top + ROW - BAR - 4,
        label_y=top + ROW - BAR - 8,
        is_open=band.until is None,
        holds=band.holds,
    )
