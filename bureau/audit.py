"""Who looked at whose data, when, why (clause A11):
append-only, chained by keyed SM3 digests, verified by `manage.py verify_audit`.
"""

import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from django.db import connection, transaction
from django.utils import timezone

from bureau import ciphers
from bureau.models import AuditEntry, Staff, label_of

LANES = 16
FIRST = bytes(32)  # what the first row of a lane carries as its previous digest
LOCK_SPACE = 0x4155  # "AU": keeps our advisory locks apart from anybody else's


class Finding(msgspec.Struct, frozen=True):
    """Where a chain is broken and how."""

    lane: int
    place: int
    problem: str  # changed | gap | unlinked


def look(
    by: Staff | None,
    subject: Any,
    *,
    purpose: str,
    action: str = "look",
    fields: Sequence[str] = (),
    request_number: str = "",
) -> None:
    """Record that `by` saw the subject's data.

    `subject` may be None for a search; then `purpose` says what was searched for, masked.
    """
    seats = by.seats if by else []
    entry = AuditEntry(
        at=timezone.now(),
        staff=by,
        office_code=seats[0].office.code if seats else "",
        action=action,
        subject_kind=label_of(subject) if subject is not None else "",
        subject_id=subject.pk if subject is not None else None,
        reference=str(getattr(subject, "reference", "") or getattr(subject, "number", "")),
        purpose=purpose[:120],
        fields=list(fields),
        request_number=request_number,
    )
    with transaction.atomic():
        _append(entry)


def search(by: Staff, masked_query: str, *, found: int, request_number: str = "") -> None:
    """Record a search: the query as masked, and how many cases it showed."""
    look(by, None, action="search", purpose=f"{masked_query} → {found}", request_number=request_number)


def _append(entry: AuditEntry) -> None:
    """Chain the entry behind the last of this process's lane. The lock is held only for the insert."""
    entry.lane = os.getpid() % LANES
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_SPACE, entry.lane])
    last = AuditEntry.objects.filter(lane=entry.lane).order_by("-place").values_list("place", "digest").first()
    entry.place, previous = (last[0] + 1, bytes(last[1])) if last else (1, FIRST)
    entry.previous = previous
    entry.digest = _digest(entry, previous)
    entry.save(force_insert=True)


def _digest(entry: AuditEntry, previous: bytes) -> bytes:
    content = (
        entry.lane,
        entry.place,
        _moment(entry.at),
        entry.staff_id,
        entry.office_code,
        entry.action,
        entry.subject_kind,
        entry.subject_id,
        entry.reference,
        entry.purpose,
        entry.fields,
        entry.request_number,
    )
    return ciphers.current().sign(previous + msgspec.json.encode(content))


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def verify() -> Iterator[tuple[int, list[Finding]]]:
    """Walk every lane and yield (rows read so far, problems found with the newest row); ends after the last row."""
    read = 0
    for lane in range(LANES):
        previous, place = FIRST, 0
        for entry in AuditEntry.objects.filter(lane=lane).order_by("place").iterator(chunk_size=2000):
            read += 1
            problems = []
            if entry.place != place + 1:
                problems.append(Finding(lane, entry.place, "gap"))
            elif bytes(entry.previous) != previous:
                problems.append(Finding(lane, entry.place, "unlinked"))
            if _digest(entry, bytes(entry.previous)) != bytes(entry.digest):
                problems.append(Finding(lane, entry.place, "changed"))
            previous, place = bytes(entry.digest), entry.place
            yield read, problems
