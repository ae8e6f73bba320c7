"""What happened to a case: one entry per event, written in the transaction of the event itself."""

from collections.abc import Iterable
from typing import Any

from bureau.models import Office, Staff, TimelineEntry, label_of


def record(
    subject: Any, event: str, *, by: Staff | None, note: str = "", office: Office | None = None, **facts: Any
) -> TimelineEntry:
    """Write that the event (past tense) happened to the subject. `facts` are plain values without personal data."""
    return TimelineEntry.objects.create(
        subject_kind=label_of(subject), subject_id=subject.pk, event=event, by=by, office=office, note=note, facts=facts
    )


def record_notes(subject: Any, event: str, notes: Iterable[str], *, by: Staff | None) -> None:
    """Write that the event happened to the subject as often as there are notes, each with its own."""
    label = label_of(subject)
    TimelineEntry.objects.bulk_create(
        TimelineEntry(subject_kind=label, subject_id=subject.pk, event=event, by=by, note=note) for note in notes
    )


def record_many(model: Any, ids: Iterable[int], event: str, *, by: Staff | None = None, note: str = "") -> None:
    """Write one event for many subjects of one model."""
    label = model._meta.label_lower
    TimelineEntry.objects.bulk_create(
        [TimelineEntry(subject_kind=label, subject_id=pk, event=event, by=by, note=note) for pk in ids], batch_size=2000
    )
