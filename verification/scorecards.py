"""The scorecard (来源评价表): how each source fared in a month, for the joint meeting (联席会议).

Of real checks only (no rehearsals, no control questions), by months of the city:

- **asked**: inquiries (one household, one source) put to the source for the first time in the month, over the wire or
  on a request list.
- **in time**: of those, the ones whose answer came within the agreed time of the first request
  (`Source.agreed_seconds`: our own pauses between attempts count), or by the day that stands on their request list.
  What is answered only after a person has asked again is not in time.
- **answered**: inquiries answered in the month, whenever asked and in whatever run.
- **errors**: requests over the wire that brought no answer, by sort: timed out, refused, broken, unavailable; whether
  or not a later attempt was answered. **Ended without an answer**: inquiries given up in the month, by sort.
- **asked again**: inquiries that a person put to the source once more, over the wire or on a list.
- **resting, held**: how long its circuit was open after failures, and how long it was held everywhere.
- **median, p95**: how long the answered requests over the wire took, each request once; of a batch from the time when
  it was handed in. Lists are days and no measure of it.
- **contradicted later**: lines of the answers of the month (the month in which the check was answered) that the source
  corrected after an objection (`Dispute`, outcome `corrected`); its share of the answers. It goes on growing, and is
  always of today.

A month is frozen (`freeze_due`) once nothing can be added to any other figure: its own end, the agreed time of every
source, and the days of the lists that went out in it are over. Whenever that is done the figures are the same.

`Tally` holds what is counted; the index `tally_of_month` (BRIN) finds a month's. All sources and the sum of them are
one statement, however many inquiries there are.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.errors import NotAllowedError
from bureau.models import Staff
from bureau.roles import Role
from verification import orders
from verification.models import COUNTERS, Dispute, Hold, Inquiry, ManualRequest, ScorecardRow, Source, Tally
from verification.tallying import REHEARSAL, month_of

ALL = None  # in place of a source: all of them together
EARLIEST = date(2000, 1, 1)  # before which nobody is asked for figures
GRACE = timedelta(hours=1)  # after which no worker still writes what it asked in the month before

FIGURES = f"""
SELECT month, source_id, {", ".join(f"sum({name})" for name in COUNTERS)},
       percentile_cont(0.5) WITHIN GROUP (ORDER BY milliseconds),
       percentile_cont(0.95) WITHIN GROUP (ORDER BY milliseconds)
FROM verification_tally WHERE month >= %(first)s AND month <= %(last)s
GROUP BY GROUPING SETS ((month, source_id), (month))
"""  # noqa: S608 -- names of columns
CONTRADICTED = """
SELECT date_trunc('month', i.answered_at AT TIME ZONE %(zone)s)::date AS month, d.source_id, count(*)
FROM verification_dispute d
JOIN verification_objection o ON o.id = d.objection_id
JOIN verification_check c ON c.id = o.check_ordered_id AND c.purpose <> %(rehearsal)s
JOIN verification_inquiry i ON i.check_ordered_id = o.check_ordered_id AND i.source_id = d.source_id
WHERE d.outcome = 'corrected' AND i.answered_at >= %(start)s AND i.answered_at < %(end)s
GROUP BY 1, 2
"""

Figures = dict[int | None, ScorecardRow]  # by the id of the source


@dataclass
class Line:
    """A source, or all together, in one month."""

    source: Source | None
    row: ScorecardRow
    contradicted: int
    before: ScorecardRow | None = None  # the month before, for the trend

    @property
    def contradicted_share(self) -> float | None:
        """Of the answers of the month."""
        return self.contradicted / self.row.answered if self.row.answered else None

    @property
    def trend(self) -> float | None:
        """By how much more of the asked was in time than in the month before; None where one of them has none."""
        now, then = self.row.in_time_share, self.before.in_time_share if self.before else None
        return None if now is None or then is None else now - then


@dataclass
class Card:
    """A month of all sources."""

    month: date
    lines: list[Line]
    total: Line
    as_of: datetime
    counted_from: date | None = None  # where counting began within this month, after its first day

    @property
    def is_frozen(self) -> bool:
        """Whether nothing but what is contradicted later can still change."""
        return self.total.row.pk is not None

    @property
    def is_running(self) -> bool:
        """Whether the month has not ended."""
        return self.as_of < _start(next_month(self.month))


def may_read(staff: Staff) -> bool:
    """Whether this person has to do with how the sources fare; no household is shown."""
    reads = staff.holds(Role.AUDITOR, Role.ADMINISTRATOR) or staff.has_role(Role.CHECK_OFFICER, orders.CITY)
    return reads or staff.is_superuser


def require_reader(staff: Staff) -> None:
    """`NotAllowedError` for everybody else."""
    if not may_read(staff):
        # Translators: 来源评价表供市级核对员、系统管理员和审计员查看。
        raise NotAllowedError(_("The scorecard is for the city's check officers, administrators and auditors."))


def next_month(month: date, count: int = 1) -> date:
    """The first day of the month so many later; earlier where it is negative."""
    place = month.year * 12 + month.month - 1 + count
    return date(place // 12, place % 12 + 1, 1)


def this_month() -> date:
    """The month that is running in the city."""
    return month_of(timezone.now())


def first_month() -> date | None:
    """The first month of which anything is counted."""
    return Tally.objects.order_by("pk").values_list("month", flat=True).first()


def _counted_from(month: date) -> date | None:
    """The day on which counting began, where it did within this month; None where the month is whole."""
    first = Tally.objects.order_by("pk").values_list("at", flat=True).first()
    day = None if first is None else timezone.localdate(first)
    return day if day is not None and month < day < next_month(month) else None


def card(month: date, *, now: datetime | None = None) -> Card:
    """All sources in a month, those that were not asked as well. Seven queries."""
    now = now or timezone.now()
    before = next_month(month, -1)
    found = figures_of(before, month, now)
    contradicted = _contradicted(month, month)
    lines = [
        _line(source, month, found[month], found[before], contradicted[month, source.pk])
        for source in Source.objects.defer("secret").order_by("place", "code")
    ]
    total = _line(ALL, month, found[month], found[before], sum(contradicted.values()))
    return Card(month, lines, total, now, _counted_from(month))


def history(source: Source, *, months: int = 12, now: datetime | None = None) -> list[Line]:
    """The last months of one source, the running one included, the newest first."""
    now = now or timezone.now()
    last = month_of(now)
    first = next_month(last, 1 - months)
    figures, contradicted = figures_of(next_month(first, -1), last, now), _contradicted(first, last)
    return [
        _line(source, month, figures[month], figures[next_month(month, -1)], contradicted[month, source.pk])
        for month in (next_month(last, -back) for back in range(months))
    ]


def figures_of(first: date, last: date, now: datetime) -> Mapping[date, Figures]:
    """The months from the first to the last, frozen or counted now, by source; all together under `ALL`."""
    found: defaultdict[date, Figures] = defaultdict(dict)
    for row in ScorecardRow.objects.filter(month__gte=first, month__lte=last):
        found[row.month][row.source_id] = row
    frozen = {month for month, rows in found.items() if ALL in rows}
    open_months = [month for month in _months(first, last) if month not in frozen]
    if open_months:
        for row in _counted(open_months[0], open_months[-1], now):
            if row.month not in frozen:
                found[row.month][row.source_id] = row
    return found


def freeze_due(now: datetime | None = None) -> int:
    """Write the figures of every month that is over for good and is not written yet; returns how many months."""
    now = now or timezone.now()
    first, frozen = first_month(), set(ScorecardRow.objects.totals().values_list("month", flat=True))
    if first is None:
        return 0
    due = [month for month in _months(first, next_month(month_of(now), -1)) if month not in frozen]
    return sum(_freeze(month, now) for month in due if closes_at(month, now) <= now)


def closes_at(month: date, now: datetime) -> datetime:
    """When nothing can be added to a month any more, as far as is known: while a list of it is out, not before its
    day is over.
    """
    end = _start(next_month(month))
    sources = Source.objects.only("answer_seconds", "dialect")
    wire = max((timedelta(seconds=source.agreed_seconds) for source in sources), default=GRACE)
    lists = ManualRequest.objects.open().filter(exported_at__gte=_start(month), exported_at__lt=end)
    days = [_start(day + timedelta(days=1)) for day in lists.values_list("due_on", flat=True)]
    return max(end + max(wire, GRACE), *days) if days else end + max(wire, GRACE)


def _freeze(month: date, now: datetime) -> bool:
    """Two workers find the same and write it once."""
    rows = {row.source_id: row for row in _counted(month, month, now)}
    agreed = {source.pk: source.agreed_seconds for source in Source.objects.only("answer_seconds", "dialect")}
    rows.setdefault(ALL, ScorecardRow(month=month))
    for source, row in rows.items():
        row.answer_seconds, row.frozen_at = agreed.get(source) if source else None, now
    with transaction.atomic():
        ScorecardRow.objects.bulk_create(rows.values(), ignore_conflicts=True)
    return True


def _counted(first: date, last: date, now: datetime) -> list[ScorecardRow]:
    """The rows of these months as they are counted now, not saved."""
    with connection.cursor() as cursor:
        cursor.execute(FIGURES, {"first": first, "last": last})
        found = {(row[0], row[1]): _row(row) for row in cursor.fetchall()}
    for (month, source), seconds in _held(first, last, now).items():
        for key in ((month, source), (month, ALL)):
            row = found.setdefault(key, ScorecardRow(month=month, source_id=key[1]))
            row.held_seconds += seconds
    return list(found.values())


def _row(values: Sequence[Any]) -> ScorecardRow:
    month, source, *counts, median, p95 = values
    times = {
        name: None if took is None else round(float(took)) for name, took in (("median_ms", median), ("p95_ms", p95))
    }
    return ScorecardRow(month=month, source_id=source, **dict(zip(COUNTERS, counts, strict=True)), **times)


def _held(first: date, last: date, now: datetime) -> Mapping[tuple[date, int], float]:
    """For how many seconds of each month each source was held everywhere."""
    start, end = _start(first), min(_start(next_month(last)), now)
    still = Q(released_at__isnull=True) | Q(released_at__gt=start)
    seconds: defaultdict[tuple[date, int], float] = defaultdict(float)
    for hold in Hold.objects.filter(still, round=None, held_at__lt=end):
        for month in _months(first, last):
            begun = max(hold.held_at, _start(month))
            ended = min(hold.released_at or end, _start(next_month(month)), end)
            if begun < ended:
                seconds[month, hold.source_id] += (ended - begun).total_seconds()
    return seconds


def _contradicted(first: date, last: date) -> Counter[tuple[date, int]]:
    """How many lines of the answers of each month each source has corrected until now."""
    values = {"zone": settings.TIME_ZONE, "rehearsal": REHEARSAL}
    with connection.cursor() as cursor:
        cursor.execute(CONTRADICTED, {**values, "start": _start(first), "end": _start(next_month(last))})
        return Counter({(month, source): count for month, source, count in cursor.fetchall()})


def contradicted(source: Source, month: date) -> QuerySet[Dispute]:
    """The lines that are counted as contradicted of a source and month."""
    of_month = Inquiry.objects.filter(
        check_ordered=OuterRef("objection__check_ordered"),
        source=OuterRef("source"),
        answered_at__gte=_start(month),
        answered_at__lt=_start(next_month(month)),
    )
    rows: QuerySet[Dispute] = Dispute.objects.filter(Exists(of_month), source=source, outcome="corrected")
    return rows.exclude(objection__check_ordered__purpose=REHEARSAL).select_related("objection__check_ordered")


def _line(source: Source | None, month: date, figures: Figures, before: Figures, contradicted: int) -> Line:
    key = source.pk if source else ALL
    row = figures.get(key) or ScorecardRow(month=month, source_id=key)
    return Line(source, row, contradicted, before.get(key))


def _months(first: date, last: date) -> Iterator[date]:
    month = first
    while month <= last:
        yield month
        month = next_month(month)


def _start(day: date) -> datetime:
    """The first moment of a day in the city."""
    return timezone.make_aware(datetime.combine(day, time.min))
