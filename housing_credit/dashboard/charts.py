"""Charts as shapes: upright columns by time, bars by district. Plain Python; a template draws them (`_chart.html`).

Series differ by pattern as well as by colour, and a table beside each chart has the same numbers.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

WIDTH: Final = 480
HIGH: Final = 130  # of the tallest column
TOP, FOOT = 20, 24  # room for the number above it and the label below
LEFT: Final = 4
LABEL_WIDTH: Final = 58
ROW, BAR = 36, 14  # of bars: a label above each
NUMBER_WIDTH: Final = 46
LOOKS: Final = ("solid", "stripes", "dots", "grid", "rising", "lines", "outline")


class Series(NamedTuple):
    """One line of the legend, with its values in the order of the labels."""

    label: str
    values: Sequence[int]
    look: str


class Box(NamedTuple):
    """A rectangle, with what it stands for."""

    x: float
    y: float
    width: float
    height: float
    look: str
    told: str


class Word(NamedTuple):
    """A text of the drawing."""

    x: float
    y: float
    text: str


class Chart(NamedTuple):
    """A drawing, and its legend: (look, label)."""

    height: int
    boxes: Sequence[Box]
    words: Sequence[Word]
    labels: Sequence[Word]
    legend: Sequence[tuple[str, str]]
    base: float = 0  # where the columns stand; 0: bars, which lie
    width: int = WIDTH


def columns(labels: Sequence[str], series: Sequence[Series]) -> Chart | None:
    """Upright columns, the series of each label on top of one another; None where there is nothing to draw."""
    sums = [sum(each.values[place] for each in series) for place in range(len(labels))]
    if not any(sums):
        return None
    step = (WIDTH - 2 * LEFT) / len(labels)
    wide = min(round(step * 0.7, 1), 46)
    base = TOP + HIGH
    boxes, words = [], []
    for place, total in enumerate(sums):
        x, y = round(LEFT + step * place + (step - wide) / 2, 1), float(base)
        for each in series:
            value = each.values[place]
            if value:
                height = max(round(HIGH * value / max(sums), 1), 1.0)
                y = round(y - height, 1)
                boxes.append(Box(x, y, wide, height, each.look, f"{labels[place]} {each.label}: {value:,}"))
        if total:
            words.append(Word(round(x + wide / 2, 1), y - 5, f"{total:,}"))
    every = -(-LABEL_WIDTH * len(labels) // (WIDTH - 2 * LEFT))
    named = [
        Word(round(LEFT + step * (place + 0.5), 1), base + 16, label)
        for place, label in enumerate(labels)
        if place % every == 0
    ]
    return Chart(base + FOOT, boxes, words, named, _legend(series), base=base)


def bars(labels: Sequence[str], series: Sequence[Series]) -> Chart | None:
    """Lying bars, one below the other, each below its label; None where there is nothing to draw."""
    sums = [sum(each.values[place] for each in series) for place in range(len(labels))]
    if not any(sums):
        return None
    boxes, words, named = [], [], []
    for place, (label, total) in enumerate(zip(labels, sums, strict=True)):
        x, y = float(LEFT), float(ROW * place + ROW - BAR - 4)
        named.append(Word(LEFT, y - 5, label))
        for each in series:
            value = each.values[place]
            if value:
                wide = max(round((WIDTH - 2 * LEFT - NUMBER_WIDTH) * value / max(sums), 1), 1.0)
                boxes.append(Box(x, y, wide, BAR, each.look, f"{label} {each.label}: {value:,}"))
                x = round(x + wide, 1)
        words.append(Word(x + 6, y + BAR - 3, f"{total:,}"))
    return Chart(ROW * len(labels) + 2, boxes, words, named, _legend(series))


def _legend(series: Sequence[Series]) -> list[tuple[str, str]]:
    return [(each.look, each.label) for each in series]
