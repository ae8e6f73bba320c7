"""Claim what is due: the statements in which a source's limits, holds, pauses and leases are honoured.

Between the sweep, which finds what is due, and the asking, which takes it.
"""

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from verification.models import Check, Lease, Source

ROWS_PER_CHECK = 24  # inquiries of a check, so that a sweep finds as many checks as it wants

# Sources that may be asked at this moment, with the households each has room for: none while its circuit is open, its
# agreement does not cover the day, it is under maintenance or in its quiet hours; one probe after a pause; else as many
# as are not in flight. A tenth of the room is kept free of rounds, so that a single check never waits behind one.
ROOM = """
room AS MATERIALIZED (
    SELECT s.id, s.max_attempts, s.total_seconds + %(grace)s AS lease_seconds,
           least(CASE WHEN s.failures_in_row >= s.circuit_failures THEN 1 ELSE s.concurrency END - l.live,
                 limited.allowed) AS places,
           least(CASE WHEN s.failures_in_row >= s.circuit_failures THEN 1 ELSE ceil(s.concurrency * 0.9) END - l.live,
                 limited.allowed) AS round_places
    FROM verification_source s
    CROSS JOIN LATERAL (
        SELECT COALESCE(sum(e.places), 0)::int AS live FROM verification_lease e
        WHERE e.source_id = s.id AND e.until > %(now)s
    ) l
    LEFT JOIN unnest(%(limited)s::bigint[], %(allowed)s::int[]) AS limited (id, allowed) ON limited.id = s.id
    WHERE s.enabled AND (s.open_until IS NULL OR s.open_until <= %(now)s)
      AND (s.agreement_from IS NULL OR s.agreement_from <= %(today)s)
      AND (s.agreement_to IS NULL OR s.agreement_to > %(today)s)
      AND NOT EXISTS (SELECT 1 FROM verification_maintenance m
                      WHERE m.source_id = s.id AND m.starts_at <= %(now)s AND %(now)s < m.ends_at)
      AND NOT COALESCE(CASE WHEN s.quiet_from <= s.quiet_to THEN %(clock)s >= s.quiet_from AND %(clock)s < s.quiet_to
                            ELSE %(clock)s >= s.quiet_from OR %(clock)s < s.quiet_to END, false)
)
"""
# What is due now: open, its time come, unleased, in no paused round, its source not held, and of a round only once the
# source has answered the control questions before it.
DUE = """
JOIN room ON room.id = i.source_id
LEFT JOIN verification_round r ON r.id = c.round_id
WHERE i.not_before <= %(now)s AND (i.lease_until IS NULL OR i.lease_until <= %(now)s)
  AND i.attempts < room.max_attempts AND (c.round_id IS NULL OR r.status = 'running')
  AND NOT EXISTS (SELECT 1 FROM verification_hold h
                  WHERE h.released_at IS NULL AND h.source_id = i.source_id
                    AND (h.round_id IS NULL OR h.round_id = c.round_id))
  AND NOT EXISTS (SELECT 1 FROM verification_canary k
                  WHERE k.round_id = c.round_id AND k.source_id = i.source_id AND k.state = 'waiting')
"""
# The open inquiries of checks that are named. "Open" is hidden from the planner and the checks come first: between two
# rounds no row is open, within a round millions are, and what the planner knows of it is always of another day.
OPEN_OF_CHECKS = """
CROSS JOIN LATERAL (
    SELECT * FROM verification_inquiry WHERE check_ordered_id = c.id AND COALESCE(state = 'open', false) OFFSET 0
) i
"""
# One statement takes what is due, at most what each source has room for. The checks are locked before it, so that two
# claims of one check follow each other; to lock its inquiries row by row would be to write each of them once more.
# Ids are handed on as arrays: a join would be planned by guesses on how many rows are due, and was planned badly.
CLAIM = f"""
WITH {ROOM}, due AS (
    SELECT i.id, CASE WHEN c.queue = 'rounds' THEN room.round_places ELSE room.places END AS places,
           row_number() OVER (PARTITION BY i.source_id ORDER BY c.queue = 'rounds', i.not_before, i.id) AS place
    FROM (SELECT id, queue, round_id FROM verification_check WHERE id = ANY(%(checks)s) OFFSET 0) c
    {OPEN_OF_CHECKS} {DUE}
), claimed AS (
    UPDATE verification_inquiry i
    SET lease = %(lease)s, attempts = i.attempts + 1, asked_at = COALESCE(i.asked_at, %(now)s),
        first_asked_at = COALESCE(i.first_asked_at, i.asked_at, %(now)s),
        lease_until = %(now)s + make_interval(secs => (SELECT room.lease_seconds FROM room WHERE room.id = i.source_id))
    WHERE i.id = ANY(ARRAY(SELECT due.id FROM due WHERE due.place <= due.places))
      AND COALESCE(i.state = 'open' AND (i.lease_until IS NULL OR i.lease_until <= %(now)s), false)
    RETURNING i.id, i.check_ordered_id, i.source_id, i.runs, i.attempts, i.ticket, i.asked_at, i.lease_until,
              i.first_asked_at, i.exchange_id
), counted AS (
    INSERT INTO verification_lease (token, source_id, places, until, checks)
    SELECT %(lease)s, source_id, count(*), max(lease_until), array_agg(check_ordered_id) FROM claimed GROUP BY source_id
)
SELECT id, check_ordered_id, source_id, runs, attempts, ticket, asked_at, first_asked_at, exchange_id FROM claimed
"""  # noqa: S608 -- put together of the constants above
# The joins as they are written: the few sources that may be asked are taken for one, and were put first, so that the
# inquiries of all checks were read once more for each of them.
AS_WRITTEN = "SET LOCAL join_collapse_limit = 1; "
# Single checks are few and found by check; those of rounds by the time since when they have been due.
DUE_SINGLE = f"""
WITH {ROOM} SELECT c.id
FROM (SELECT id, round_id FROM verification_check WHERE queue = 'checks' AND status = 'asking' OFFSET 0) c
{OPEN_OF_CHECKS} {DUE} AND room.places > 0 LIMIT %(rows)s
"""  # noqa: S608
DUE_IN_ROUNDS = f"""
WITH {ROOM} SELECT c.id
FROM verification_inquiry i JOIN verification_check c ON c.id = i.check_ordered_id AND c.queue = 'rounds'
{DUE} AND i.state = 'open' AND room.round_places > 0 LIMIT %(rows)s
"""  # noqa: S608


def _moment(now: datetime, **more: Any) -> dict[str, Any]:
    """The values that the statements above share."""
    here = timezone.localtime(now)
    return {"now": now, "today": here.date(), "clock": here.time(), "grace": 0.0, "limited": [], "allowed": [], **more}


@dataclass(slots=True)
class Due:
    """An inquiry that has been leased to be asked, with the little of its row that asking and recording need."""

    pk: int
    check_ordered: Check
    source: Source
    runs: int
    attempts: int  # this one included
    ticket: str
    asked_at: datetime  # for the first time in this run
    first_asked_at: datetime | None = None  # in whatever run
    exchange: int | None = None  # the newest round trip that is on file of it


def claim(check_ids: Sequence[int], *, grace: float = 10.0) -> tuple[uuid.UUID, list[Due]]:
    """Lease what is due of these checks: the lease token and the inquiries, by source. Counts as an attempt.

    `grace` seconds are added to the source's total limit: a worker silent for longer is dead and its rows fall due
    again.
    """
    lease = uuid.uuid4()
    now = timezone.now()
    with transaction.atomic(), connection.cursor() as cursor:
        Check.objects.filter(pk__in=check_ids).lock()
        allowances = _Allowances(now)
        cursor.execute(
            AS_WRITTEN + CLAIM, _moment(now, lease=lease, grace=grace, checks=list(check_ids), **allowances.as_values())
        )
        claimed = cursor.fetchall()
        allowances.use(Counter(row[2] for row in claimed))
    # A household is read and opened once, however many sources are asked about it.
    checks = Check.objects.in_bulk({row[1] for row in claimed})
    sources = Source.objects.in_bulk({row[2] for row in claimed})
    dues = [Due(pk, checks[check], sources[source], *more) for pk, check, source, *more in claimed]
    return lease, sorted(dues, key=lambda due: (due.source.pk, due.pk))


def due_checks(queue: str, limit: int) -> list[int]:
    """Ids of checks of a queue with an inquiry that can be asked now: never asked, put off until now, or left behind
    by a dead worker. At most `limit`.
    """
    # Rows, not checks, are counted off: nothing is sorted or made distinct over a whole round.
    with connection.cursor() as cursor:
        sql = DUE_SINGLE if queue == "checks" else DUE_IN_ROUNDS
        cursor.execute(sql, _moment(timezone.now(), rows=limit * ROWS_PER_CHECK))
        return sorted({row[0] for row in cursor.fetchall()})[:limit]


def give_back(lease: uuid.UUID) -> None:
    """Nothing is out any more of what was claimed with this token."""
    Lease.objects.filter(token=lease).delete()


class _Allowances:
    """How many households each source with a rate may be asked about now: an allowance that refills by the minute.

    Their rows are locked until the claim is written, so that the rate holds over all workers.
    """

    def __init__(self, now: datetime) -> None:
        self._now = now
        limited = Source.objects.filter(per_minute__isnull=False, enabled=True)
        self._sources = list(limited.only("per_minute", "allowance", "allowance_at").order_by("pk").select_for_update())
        for source in self._sources:
            passed = (now - source.allowance_at).total_seconds() if source.allowance_at else 60.0
            full = source.per_minute or 0
            source.allowance = min(full, source.allowance + full * passed / 60)

    def as_values(self) -> dict[str, Any]:
        """The values `limited` and `allowed` of the claim."""
        return {
            "limited": [source.pk for source in self._sources],
            "allowed": [int(source.allowance) for source in self._sources],
        }

    def use(self, asked: Mapping[int, int]) -> None:
        """Take off what has been claimed, by source."""
        for source in self._sources:
            source.allowance -= asked.get(source.pk, 0)
            source.allowance_at = self._now
            source.save(update_fields=["allowance", "allowance_at"])
