"""Scopes and claims of the check centre.

The claim is where a source's limits, its open circuit and its leases are honoured.
"""

import uuid
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import connection, models
from django.db.models import Q
from django.utils import timezone

from bureau.querysets import ScopedQuerySet

if TYPE_CHECKING:
    from verification.models import Inquiry

# One statement takes what is due, at most what each source has room for: a source whose circuit has been open gets one
# probe, any other as many households as are not in flight. Rows that another worker holds are skipped.
CLAIM = """
WITH room AS (
    SELECT s.id, s.max_attempts,
           CASE WHEN s.failures_in_row >= s.circuit_failures THEN 1 ELSE s.concurrency END
             - (SELECT count(*) FROM verification_inquiry l
                WHERE l.source_id = s.id AND l.state = 'open' AND l.lease_until > %(now)s) AS places,
           s.total_seconds + %(grace)s AS lease_seconds
    FROM verification_source s
    WHERE s.enabled AND (s.open_until IS NULL OR s.open_until <= %(now)s)
), due AS (
    SELECT i.id, i.source_id, row_number() OVER (PARTITION BY i.source_id ORDER BY i.not_before, i.id) AS place
    FROM verification_inquiry i
    WHERE i.state = 'open' AND i.not_before <= %(now)s AND (i.lease_until IS NULL OR i.lease_until <= %(now)s)
      AND i.check_ordered_id = ANY(%(checks)s)
), taken AS (
    SELECT i.id, room.lease_seconds
    FROM verification_inquiry i JOIN due ON due.id = i.id JOIN room ON room.id = i.source_id
    WHERE due.place <= room.places AND i.attempts < room.max_attempts AND i.state = 'open'
      AND (i.lease_until IS NULL OR i.lease_until <= %(now)s)
    ORDER BY i.id
    FOR UPDATE OF i SKIP LOCKED
)
UPDATE verification_inquiry i
SET lease = %(lease)s, lease_until = %(now)s + make_interval(secs => taken.lease_seconds),
    attempts = i.attempts + 1, asked_at = COALESCE(i.asked_at, %(now)s)
FROM taken WHERE taken.id = i.id
RETURNING i.id
"""


class SourceQuerySet(models.QuerySet[Any]):
    """Sources."""

    def in_force(self, on: date) -> Self:
        """Sources in use whose agreement covers the day."""
        begun = Q(agreement_from__isnull=True) | Q(agreement_from__lte=on)
        return self.filter(begun, Q(agreement_to__isnull=True) | Q(agreement_to__gt=on), enabled=True)


class StandardQuerySet(models.QuerySet[Any]):
    """Standards."""

    def in_force(self, programme: str, on: date) -> Self:
        """Our own standard of the programme on the day: none or one."""
        return self.filter(
            Q(effective_to__isnull=True) | Q(effective_to__gte=on),
            programme=programme,
            in_use=True,
            effective_from__lte=on,
        ).order_by("-effective_from")


class CheckQuerySet(ScopedQuerySet[Any]):
    """Checks."""

    def due_to_ask(self) -> Self:
        """Checks with an inquiry that is due now: never asked, put off until now, or left behind by a dead worker."""
        now = timezone.now()
        return self.filter(
            Q(inquiries__lease_until__isnull=True) | Q(inquiries__lease_until__lte=now),
            status="asking",
            inquiries__state="open",
            inquiries__not_before__lte=now,
        ).distinct()

    def all_answers_in(self) -> Self:
        """Checks still being asked although no inquiry of theirs is open any more."""
        return self.filter(status="asking").exclude(inquiries__state="open")

    def to_assess(self) -> Self:
        """Checks whose answers are complete and not assessed yet."""
        return self.filter(status="settled")

    def concluded(self) -> Self:
        """Checks that a person has concluded."""
        return self.filter(status="concluded").select_related("conclusion")


class InquiryQuerySet(models.QuerySet[Any]):
    """Inquiries."""

    def claim(self, check_ids: Sequence[int], *, grace: float = 10.0) -> "tuple[uuid.UUID, list[Inquiry]]":
        """Lease what is due of these checks: the lease token and the rows, with check and source. Counts as an attempt.

        `grace` seconds are added to the source's total limit: a worker silent for longer is dead and its rows fall due
        again.
        """
        lease = uuid.uuid4()
        values: dict[str, Any] = {"now": timezone.now(), "lease": lease, "grace": grace, "checks": list(check_ids)}
        with connection.cursor() as cursor:
            cursor.execute(CLAIM, values)
            ids = [row[0] for row in cursor.fetchall()]
        # Prefetched, not joined: a household is read and opened once, however many sources are asked about it.
        rows = self.filter(pk__in=ids).defer("answer").prefetch_related("check_ordered", "source")
        return lease, list(rows.order_by("source_id", "pk"))

    def worn_out(self) -> Self:
        """Open inquiries whose last allowed attempt was lost with its worker."""
        now = timezone.now()
        return self.filter(state="open", lease_until__lte=now, attempts__gte=models.F("source__max_attempts"))


class FindingQuerySet(models.QuerySet[Any]):
    """Findings."""

    def open(self) -> Self:
        """Findings that a person still has to settle."""
        return self.filter(state="open")

    def confirmed(self) -> Self:
        """Findings that a person has confirmed."""
        return self.filter(state="confirmed")
