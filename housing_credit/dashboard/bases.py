"""What the figures count: query sets with the day by which a row counts, its office, its kind, and its list.

A flow is counted by the day of each row, a stock by what holds when the period ends. Nobody counts beyond his scope.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Coalesce, Least

from applications.models import Application
from bureau import workdays
from bureau.models import Staff
from bureau.querysets import within
from bureau.roles import Role
from credit.clocks import Event
from credit.models import Case, Happening, Sanction
from housing_credit.dashboard import columns as c
from housing_credit.dashboard.columns import Column
from housing_credit.dashboard.periods import Span
from housing_credit.seeds.ground import OUR_CITY

READERS = (Role.HOUSING_OFFICER, Role.CHECK_OFFICER, Role.CREDIT_OFFICER, Role.AUDITOR)
TAKEN_BACK = (Case.Status.WITHDRAWN, Case.Status.REVOKED)
Rows = QuerySet[Any]


@dataclass(frozen=True)
class Chosen:
    """What is asked for: a period, a district (its code), a kind of benefit, within the offices of who asks."""

    period: Span
    district: str = ""
    kind: str = ""
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
    has_moments: bool = False  # `day` is a moment, counted by its date in Taizhou
    holding: Callable[[date], Q] | None = None  # of a stock: what holds on a day
    url: Callable[[Any], str] = lambda _row: ""
    seen_by: frozenset[str] = frozenset()  # who may open a row
    subject: Callable[[Any], Any] = lambda row: row  # of whom a look at a row is written down
    related: Sequence[str] = ()
    prefetched: Sequence[str] = ()

    @property
    def is_stock(self) -> bool:
        """Whether it is counted as of a day."""
        return self.holding is not None

    def of(self, chosen: Chosen) -> Rows:
        """The rows in the viewer's scope that count in the period, district and kind."""
        rows = self.anywhen(chosen)
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
        return rows.select_related(*self.related).prefetch_related(*self.prefetched).order_by(*self.order)


def _checked() -> Rows:
    rows: Rows = Application.objects.filter(current_check__conclusion__isnull=False)
    return rows


def _recorded() -> Rows:
    rows: Rows = Happening.objects.filter(event=Event.RECORDED).exclude(case__status__in=TAKEN_BACK)
    return rows


def _bans() -> Rows:
    # A ban that was entered by hand belongs to the city.
    rows: Rows = Sanction.objects.bans().annotate(office_code=Coalesce("case__office_code", Value(OUR_CITY)))
    return rows


def _holding(day: date) -> Q:
    over = Q(lifted_on__lte=day) | Q(holds_until__lte=day)
    return Q(holds_from__lte=day) & ~over


def _ended_bans() -> Rows:
    rows: Rows = _bans().annotate(ended=Least("lifted_on", "holds_until")).filter(ended__lte=workdays.today())
    return rows


CHECKED = Base(
    code="checked",
    rows=_checked,
    day="current_check__conclusion__at",
    has_moments=True,
    office="office_code",
    kind="kind",
    columns=(c.REFERENCE, c.APPLICANT, c.KIND, c.WINDOW, c.PERSONS, c.RESULT, c.CONCLUDED, c.STATUS),
    order=("-current_check__conclusion__at", "-pk"),
    url=c.case_url,
    seen_by=c.HOUSEHOLDS,
    related=("office", "current_check__conclusion"),
)
RECORDED = Base(
    code="recorded",
    rows=_recorded,
    day="on",
    office="case__office_code",
    columns=(c.CASE_NUMBER, c.ACTORS, c.ACT, c.RECORDED, c.CASE_STATUS),
    order=("-on", "-pk"),
    url=c.credit_case_url,
    seen_by=c.REGISTRY,
    subject=lambda row: row.case,
    related=("case__act",),
    prefetched=("case__parties__subject",),
)
BANS = Base(
    code="bans",
    rows=_bans,
    day="holds_from",
    office="office_code",
    columns=(c.CASE_NUMBER, c.SUBJECT, c.BAN_ACT, c.SEVERITY, c.HOLDS_FROM, c.HOLDS_UNTIL),
    order=("-holds_from", "-pk"),
    holding=_holding,
    url=c.credit_case_url,
    seen_by=c.REGISTRY,
    subject=lambda row: row.subject,
    related=("case__act", "subject"),
)
ENDED_BANS = Base(
    code="ended_bans",
    rows=_ended_bans,
    day="ended",
    office="office_code",
    columns=BANS.columns,
    order=("-ended", "-pk"),
    url=c.credit_case_url,
    seen_by=c.REGISTRY,
    subject=BANS.subject,
    related=BANS.related,
)
