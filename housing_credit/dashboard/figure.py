"""What a figure is: a code, words that say what it counts, and the part of a base that it counts.

Page, list and export ask `Figure.rows`, so that no two of them can differ.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Aggregate, Count, Q, Sum
from django.utils.functional import Promise

from housing_credit.dashboard.base import Base, Chosen, Rows

Text = str | Promise
Number = int | Decimal
NOTHING = Decimal("0.00")


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
    amount: str = ""  # the column, in CNY, that is summed; empty: rows are counted

    @property
    def part(self) -> Q:
        """Which rows of its base count."""
        return self.only if isinstance(self.only, Q) else self.only()

    def rows(self, chosen: Chosen) -> Rows:
        """Exactly the rows that make the number."""
        return self.base.of(chosen).filter(self.part)

    def number(self, chosen: Chosen) -> Number:
        """The number: how many rows there are, or what they come to in CNY."""
        return total(self, self.rows(chosen))

    def counted(self, extra: Q | None = None) -> Aggregate:
        """The number as part of a statement over its base; `extra` narrows it further."""
        part = self.part if extra is None else self.part & extra
        return Sum(self.amount, filter=part, default=NOTHING) if self.amount else Count("pk", filter=part)


def total(figure: Figure, rows: Rows) -> Number:
    """What some rows of a figure come to."""
    if not figure.amount:
        return rows.count()
    summed: Decimal = rows.aggregate(total=Sum(figure.amount, default=NOTHING))["total"]
    return summed


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
