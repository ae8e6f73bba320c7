"""Who looked at whose data, when, why (clause A11):
append-only, chained by keyed SM3 digests, verified by `manage.py verify_audit`.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bureau import ciphers, masks
from bureau.models import AuditEntry, AuditHead, Document, Staff, label_of

LANES = 16
FIELD_LENGTH = 40  # of AuditEntry.fields
FIRST = bytes(32)  # what the first row of a lane carries as its previous digest
LOST = b"\xff" * 32  # what a row carries whose lane had lost its head: it links to nothing, for ever

PURPOSES = {
    # Translators: 案件办理
    "casework": _("Casework"),
    "check": _("Checks"),
    "audit": _("Audit"),
}
REASON = ": "  # between an auditor's purpose and the reason that the auditor gave


class Finding(msgspec.Struct, frozen=True):
    """Where a chain is broken and how."""

    lane: int
    place: int
    problem: str  # changed | gap | unlinked | cut off | beyond the head | no head | forged head


def purpose_of(by: Staff, office_code: str, work: str, reason: str = "") -> str:
    """To what purpose this person looks at a case of that office: the work, or audit by who only reads there."""
    if by.works_on(office_code):
        return work
    return f"audit{REASON}{reason}" if reason else "audit"


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
        # What somebody typed into a filter may be an ID number, and this row is for ever.
        # Cut before the digest is taken: PostgreSQL cuts the elements of an array without a word.
        purpose=masks.without_id_numbers(purpose)[:120],
        fields=[name[:FIELD_LENGTH] for name in fields],
        request_number=request_number,
    )
    with transaction.atomic():
        _append(entry)


def search(by: Staff, masked_query: str, *, found: int, request_number: str = "") -> None:
    """Record a search: the query as masked, and how many cases it showed."""
    look(by, None, action="search", purpose=f"{masked_query} → {found}", request_number=request_number)


def _append(entry: AuditEntry) -> None:
    """Chain the entry behind the head of this process's lane and move the head. The head's row lock orders writers."""
    entry.lane = os.getpid() % LANES
    head = _head_of(entry.lane)
    entry.place, entry.previous = head.place + 1, bytes(head.digest)
    entry.digest = _digest(entry, entry.previous)
    entry.save(force_insert=True)
    head.place, head.digest = entry.place, entry.digest
    head.seal = _seal(head)
    head.save(update_fields=["place", "digest", "seal"])


def _head_of(lane: int) -> AuditHead:
    """The locked head of a lane. The first writer of all lays every lane's.

    A head that is gone later was removed: the new one leads nowhere, so that the chain shows a break there for ever.
    """
    heads = AuditHead.objects.select_for_update()
    if head := heads.filter(lane=lane).first():
        return head
    if AuditHead.objects.exists():
        last = AuditEntry.objects.filter(lane=lane).order_by("-place").values_list("place", flat=True).first()
        fresh = [AuditHead(lane=lane, place=last or 0, digest=LOST)]
    else:
        fresh = [AuditHead(lane=each, place=0, digest=FIRST) for each in range(LANES)]
    for each in fresh:
        each.seal = _seal(each)
    AuditHead.objects.bulk_create(fresh, ignore_conflicts=True)  # another process may be faster
    return heads.get(lane=lane)


def _seal(head: AuditHead) -> bytes:
    return ciphers.current().sign(msgspec.json.encode(("head", head.lane, head.place, bytes(head.digest).hex())))


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


def purposes_in_words(entries: Sequence[AuditEntry]) -> list[str]:
    """The purposes as their reader understands them, by one query for the kinds of the documents that were opened.

    A number or a masked query stands for itself.
    """
    numbers = {entry.purpose.rpartition(" ")[2] for entry in entries}
    opened = Document.objects.filter(number__in=numbers).only("number", "kind")
    kinds = {document.number: f"{document.kind_in_words} {document.number}" for document in opened}
    return [_in_words(each.purpose, kinds) for each in entries]


def _in_words(purpose: str, kinds: Mapping[str, str]) -> str:
    known, _sign, reason = purpose.partition(REASON)
    if known == "audit":
        return f"{PURPOSES[known]}{REASON}{reason}" if reason else str(PURPOSES[known])
    return str(PURPOSES.get(purpose) or kinds.get(purpose.rpartition(" ")[2], purpose))


def verify() -> Iterator[tuple[int, list[Finding]]]:
    """Walk every lane and yield (rows read so far, problems found with the newest row); ends after the last row.

    Whoever rewinds a head together with its rows to an earlier state, seal and all, is found out only by a head noted
    elsewhere, such as a backup.
    """
    read = 0
    for lane in range(LANES):
        before = _known_head(lane)
        previous, place, sealed = FIRST, 0, FIRST
        for entry in AuditEntry.objects.filter(lane=lane).order_by("place").iterator(chunk_size=2000):
            read += 1
            yield read, list(_problems(entry, previous, place))
            previous, place = bytes(entry.digest), entry.place
            if before is not None and place == before.place:
                sealed = previous
        yield read, list(_head_problems(lane, before, place, sealed))


def _problems(entry: AuditEntry, previous: bytes, place: int) -> Iterator[Finding]:
    """What is wrong with a row behind the row of this place and digest."""
    if entry.place != place + 1:
        yield Finding(entry.lane, entry.place, "gap")
    elif bytes(entry.previous) != previous:
        yield Finding(entry.lane, entry.place, "unlinked")
    if _digest(entry, bytes(entry.previous)) != bytes(entry.digest):
        yield Finding(entry.lane, entry.place, "changed")


def _head_problems(lane: int, before: AuditHead | None, place: int, sealed: bytes) -> Iterator[Finding]:
    """What is wrong at the end of a lane. `before`: the head read before its rows, as rows are added meanwhile."""
    after = _known_head(lane)
    if before is None or after is None:
        if place or AuditHead.objects.exists():
            yield Finding(lane, place, "no head")
        return
    if any(_seal(head) != bytes(head.seal) for head in (before, after)):
        yield Finding(lane, place, "forged head")
    if before.place > place:
        yield Finding(lane, place, "cut off")
    elif bytes(before.digest) != sealed:
        yield Finding(lane, before.place, "unlinked")
    if place > after.place:
        yield Finding(lane, place, "beyond the head")


def _known_head(lane: int) -> AuditHead | None:
    return AuditHead.objects.filter(lane=lane).first()
