"""What figures rest on: rows with the day by which each counts, its office, its kind and its list.

A flow is counted by the day of each row, a stock by what holds when the period ends. Nobody counts beyond his scope.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from bureau import workdays
from bureau.models import Staff
from bureau.querysets import within
from bureau.roles import Role
from housing_credit.dashboard.columns import Column
from housing_credit.dashboard.periods import Span

READERS = (Role.HOUSING_OFFICER, Role.CHECK_OFFICER, Role.CREDIT_OFFICER, Role.AUDITOR)
Rows = QuerySet[Any]


@dataclass(frozen=True)
class Chosen:
    """What is asked for: a period, a district (its code), a kind of benefit, within the offices of who asks."""

    period: Span
    district: str = ""
    kind: str = ""
    source: str = ""
    stage: str = ""
    scopes: tuple[str, ...] = ()

    @property
    def last_day(self) -> date:
        """The day of which a stock is counted: the last one of the period, or today."""
        return min(self.period.ends - timedelta(days=1), workdays.today()) if self.period.ends else workdays.today()


def scopes_of(staff: Staff) -> tuple[str, ...]:
    """The code prefixes of the offices whose figures this person reads."""
    return tuple(staff.scopes_as(*READERS))


@dataclass(frozen=True)
class Base:
    """Rows that are counted together, in one statement for all figures that rest on them."""

    code: str
    rows: Callable[[], Rows]
    day: str  # the column by which a row counts; of a stock the first day on which it holds
    office: str
    columns: Sequence[Column]
    order: Sequence[str]
    kind: str = ""  # the column of the kind; empty where rows have none
    source: str = ""  # the column of the code of the source, likewise
    stage: str = ""  # the column of the desk, likewise
    is_now: bool = False  # counted as it stands at this moment, whatever the period
    has_moments: bool = False  # `day` is a moment, counted by its date in Taizhou
    holding: Callable[[date], Q] | None = None  # of a stock: what holds on a day
    url: Callable[[Any], str] = lambda _row: ""
    seen_by: frozenset[str] = frozenset()  # who may open a row
    subject: Callable[[Any], Any] = lambda row: row  # of whom a look at a row is written down
    related: Sequence[str] = ()
    prefetched: Sequence[str] = ()
    told: Sequence[tuple[str, Any]] = ()  # what the list needs besides, as annotations

    @property
    def is_stock(self) -> bool:
        """Whether it is counted as of a day."""
        return self.holding is not None

    def of(self, chosen: Chosen) -> Rows:
        """The rows in the viewer's scope that count in the period, district and kind."""
        rows = self.anywhen(chosen)
        if self.is_now:
            return rows
        if self.holding:
            return rows.filter(self.holding(chosen.last_day))
        return rows.filter(self.during(chosen.period))

    def anywhen(self, chosen: Chosen) -> Rows:
        """The rows of the scope, district and kind, whatever their day."""
        rows: Rows = self.rows().filter(within(list(chosen.scopes), self.office))
        if chosen.district:
            rows = rows.filter(within([chosen.district], self.office))
        if chosen.kind and self.kind:
            rows = rows.filter(**{self.kind: chosen.kind})
        if chosen.source and self.source:
            rows = rows.filter(**{self.source: chosen.source})
        if chosen.stage and self.stage:
            rows = rows.filter(**{self.stage: chosen.stage})
        return rows

    def during(self, span: Span) -> Q:
        """Rows whose day lies in the span."""
        found = Q()
        if span.begins:
            found &= Q(**{f"{self.day}__gte": self.edge(span.begins)})
        if span.ends:
            found &= Q(**{f"{self.day}__lt": self.edge(span.ends)})
        return found

    def edge(self, day: date) -> date | datetime:
        """The beginning of a day, as the column has it."""
        return datetime.combine(day, time(), workdays.SHANGHAI) if self.has_moments else day

    def listed(self, rows: Rows) -> Rows:
        """The rows with all that their list shows, in its order, the newest first."""
        whole: Rows = rows.annotate(**dict(self.told)).select_related(*self.related).prefetch_related(*self.prefetched)
        return whole.order_by(*self.order)
