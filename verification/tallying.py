"""Count what each round trip, and each act of a person or of the system, adds to the scorecard of its source.

Everything is counted when it happens, in the transaction that writes it, and once: what becomes of an inquiry later
(asked again, answered anew) takes nothing back. Checks about invented people are not counted.
"""

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Count, F, Q
from django.utils import timezone
from psycopg2.extras import execute_values

from verification.models import COUNTERS, FAILURES, Exchange, Inquiry, ManualRequest, Tally
from verification.querysets import InquiryQuerySet

if TYPE_CHECKING:
    from verification.claiming import Due

REHEARSAL = "rehearsal"  # the purpose of a check about invented people
ANSWERED, FAILED = "answered", "failed"
COLUMNS = ("source_id", "exchange_id", "month", "at", "milliseconds", *COUNTERS)
INSERT = f"INSERT INTO verification_tally ({', '.join(COLUMNS)}) VALUES %s"  # noqa: S608 -- names of columns


def month_of(at: datetime) -> date:
    """The first day of the month in which it is in the city."""
    return timezone.localdate(at).replace(day=1)


def write(tallies: Iterable[Tally]) -> None:
    """Write these rows in the caller's transaction: by hand, for answers of single checks come one by one."""
    rows = [tuple(getattr(row, name) for name in COLUMNS) for row in tallies]
    if rows:
        with connection.cursor() as cursor:
            execute_values(cursor.cursor, INSERT, rows, page_size=len(rows))


def of_call(
    exchange: Exchange,
    rows: Sequence[tuple["Due", str, str]],
    *,
    written: Container[int],
    ticket: str,
    resting_seconds: float,
) -> Iterator[Tally]:
    """What a request over the wire adds: `rows` are its inquiries, each with the state and the reason that follow.

    Those that are not among the `written` belong to another worker's answer. With a `ticket` it asked for the result
    of a batch that was handed in earlier.
    """
    purposes = {row[0].check_ordered.purpose for row in rows}
    if purposes <= {REHEARSAL} and not resting_seconds:
        return
    months = _Months(exchange)
    own = months.of(exchange.asked_at)
    own.resting_seconds = resting_seconds
    if not purposes <= {REHEARSAL}:
        _count_call(own, exchange, min(row[0].asked_at for row in rows) if ticket else exchange.asked_at)
    alike = Counter(  # households of one request differ in little: what follows is done once for all that are alike
        (due.asked_at, due.first_asked_at == due.asked_at, due.exchange is None, state, reason)
        for due, state, reason in rows
        if due.pk in written and due.check_ordered.purpose != REHEARSAL
    )
    seconds = rows[0][0].source.agreed_seconds
    for (asked_at, is_first_run, is_unheard, state, reason), count in alike.items():
        if is_first_run and is_unheard:
            months.of(asked_at).asked += count
        if state == ANSWERED:
            own.answered += count
            if is_first_run and (exchange.ended_at - asked_at).total_seconds() <= seconds:
                months.of(asked_at).in_time += count
        elif state == FAILED:
            _ended(own, reason, count)
    yield from months.rows.values()


def _count_call(own: Tally, exchange: Exchange, since: datetime) -> None:
    own.calls = 1
    if exchange.outcome in FAILURES:
        setattr(own, f"calls_{exchange.outcome}", 1)
    elif exchange.outcome == ANSWERED:
        own.milliseconds = round((exchange.ended_at - since).total_seconds() * 1000)


class _Months:
    """The rows that a round trip adds, by month: one, seldom two."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self.rows: dict[date, Tally] = {}

    def of(self, at: datetime) -> Tally:
        """The row of the month in which this moment lies."""
        month = month_of(at)
        if month not in self.rows:
            source, exchange = self._exchange.source_id, self._exchange.pk
            self.rows[month] = Tally(source_id=source, exchange_id=exchange, month=month, at=self._exchange.ended_at)
        return self.rows[month]


def _ended(row: Tally, reason: str, count: int) -> None:
    if reason in FAILURES:
        setattr(row, f"ended_{reason}", getattr(row, f"ended_{reason}") + count)


def asked_again(rows: InquiryQuerySet) -> None:
    """A person puts these back in the queue. One count for all; called before they change."""
    counts = _real(rows).values_list("source").annotate(Count("pk"))
    now = timezone.now()
    write(Tally(source_id=source, month=month_of(now), at=now, asked_again=count) for source, count in counts)


def given_up(rows: InquiryQuerySet, reason: str) -> None:
    """The system ends these without an answer. One count for all; called before they change.

    Whose only attempt died with its worker has been asked, and no round trip says so.
    """
    unheard = Q(exchange=None, asked_at__isnull=False, asked_at=F("first_asked_at"))
    counts = _real(rows).values_list("source").annotate(Count("pk"), asked_unheard=Count("pk", filter=unheard))
    now = timezone.now()
    tallies = []
    for source, count, asked in counts:
        row = Tally(source_id=source, month=month_of(now), at=now, asked=asked)
        _ended(row, reason, count)
        tallies.append(row)
    write(tallies)


def put_on_list(found: ManualRequest, rows: Sequence[Inquiry]) -> None:
    """These went out on a request list, as they were before: for the first time, or once more."""
    real = [row for row in rows if row.check_ordered.purpose != REHEARSAL]
    again = sum((row.first_asked_at or row.asked_at or row.exchange_id) is not None for row in real)
    if real:
        month, at = month_of(found.exported_at), found.exported_at
        Tally.objects.create(source_id=found.source_id, month=month, at=at, asked=len(real) - again, asked_again=again)


def brought_in(found: ManualRequest, exchange: Exchange, written: Iterable[int]) -> None:
    """The answers of a list are in. In time is what comes back by the day that stands on the list."""
    in_first_run = Count("pk", filter=Q(asked_at=F("first_asked_at")))
    counts = _real(Inquiry.objects.filter(pk__in=list(written))).aggregate(real=Count("pk"), first=in_first_run)
    months = _Months(exchange)
    months.of(exchange.ended_at).answered += counts["real"]
    if timezone.localdate(exchange.ended_at) <= found.due_on:
        months.of(found.exported_at).in_time += counts["first"]
    if counts["real"]:
        write(months.rows.values())


def _real(rows: InquiryQuerySet) -> InquiryQuerySet:
    return rows.exclude(check_ordered__purpose=REHEARSAL).order_by()
