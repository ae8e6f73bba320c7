"""Who looked at whose data, when, why (clause A11):
append-only, chained by keyed SM3 digests, verified by `manage.py verify_audit`.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bureau import chains, masks
from bureau.models import AuditEntry, Document, Staff, label_of

CHAIN = "audit"
FIELD_LENGTH = 40  # of AuditEntry.fields

PURPOSES = {
    # Translators: 案件办理
    "casework": _("Casework"),
    # Translators: 人工请求清单
    "manual list": _("Request list"),
    "check": _("Checks"),
    # Translators: 向家庭告知核对结果
    "household copy": _("Telling the household its result"),
    # Translators: 出具查询记录告知单
    "access slip": _("Access slip at the window"),
    # Translators: 失信案件办理
    "credit": _("Credit registry"),
    # Translators: 统计
    "statistics": _("Statistics"),
    "audit": _("Audit"),
}
REASON = ": "  # between an auditor's purpose and the reason that the auditor gave


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
    look_many(by, [subject], purpose=purpose, action=action, fields=fields, request_number=request_number)


def look_many(
    by: Staff | None,
    subjects: Sequence[Any],
    *,
    purpose: str,
    action: str = "look",
    fields: Sequence[str] = (),
    request_number: str = "",
) -> None:
    """Record that `by` saw the data of each of these, in one write however many they are."""
    entries = [_entry(by, subject, purpose, action, fields, request_number) for subject in subjects]
    if entries:
        with transaction.atomic():
            chains.link(TRAIL, entries)
            AuditEntry.objects.bulk_create(entries)


def _entry(
    by: Staff | None, subject: Any, purpose: str, action: str, fields: Sequence[str], request_number: str
) -> AuditEntry:
    seats = by.seats if by else []
    return AuditEntry(
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


def search(by: Staff, masked_query: str, *, found: int, request_number: str = "") -> None:
    """Record a search: the query as masked, and how many cases it showed."""
    look(by, None, action="search", purpose=f"{masked_query} → {found}", request_number=request_number)


def _content(entry: AuditEntry) -> Sequence[Any]:
    return (
        chains.moment(entry.at),
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


def _ends(_names: Sequence[str]) -> dict[tuple[str, int], int]:
    places = AuditEntry.objects.order_by().values_list("lane").annotate(Max("place"))
    return {(CHAIN, lane): place for lane, place in places}


TRAIL = chains.Trail(
    chain_of=lambda _entry: CHAIN, content=_content, rows=lambda _name: AuditEntry.objects.all(), ends=_ends
)


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


def verify() -> Iterator[tuple[int, list[chains.Finding]]]:
    """Walk every lane and yield (rows read so far, problems found with the newest row), as `chains.verify`."""
    return chains.verify(TRAIL, [CHAIN])
