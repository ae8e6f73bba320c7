"""What a figure is: a code, words that say what it counts, and the part of a base that it counts.

Page, list and export ask `Figure.rows`, so that no two of them can differ.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.functional import Promise

from housing_credit.dashboard.base import Base, Chosen, Rows

Text = str | Promise


@dataclass(frozen=True)
class Figure:
    """A number with its definition. `share_of`: the code of the figure of which it is a part, told in per cent."""

    code: str
    label: Text
    definition: Text
    base: Base
    only: Q | Callable[[], Q] = Q()  # called where it depends on the day
    share_of: str = ""
    look: str = "solid"  # of its part of a chart (charts.LOOKS)

    @property
    def part(self) -> Q:
        """Which rows of its base count."""
        return self.only if isinstance(self.only, Q) else self.only()

    def rows(self, chosen: Chosen) -> Rows:
        """Exactly the rows that make the number."""
        return self.base.of(chosen).filter(self.part)


@dataclass(frozen=True)
class Group:
    """Figures that stand together: a row of tiles, a chart, a table by time and one by district."""

    code: str
    label: Text
    figures: Sequence[Figure]
    is_parts: bool = False  # the figures of the chart are parts of its first
    by_source: bool = False
    by_share: bool = False  # the tables tell the shares too

    @property
    def bases(self) -> list[Base]:
        """What they count, each once."""
        return list(dict.fromkeys(figure.base for figure in self.figures))
