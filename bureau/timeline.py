"""What happened to a case: one entry per event, written in the transaction of the event itself."""

import json
from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.utils import timezone

from bureau.models import Office, Staff, TimelineEntry, label_of

# In plain SQL, as nearly every deed writes one: Django takes several times as long to compose it as it takes to write.
WRITE = """
INSERT INTO bureau_timelineentry (subject_kind, subject_id, event, by_id, office_id, note, facts, at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
"""


def record(
    subject: Any, event: str, *, by: Staff | None, note: str = "", office: Office | None = None, **facts: Any
) -> None:
    """Write that the event (past tense) happened to the subject. `facts` are plain values without personal data."""
    who, where = by.pk if by else None, office.pk if office else None
    with connection.cursor() as cursor:
        cursor.execute(
            WRITE, [label_of(subject), subject.pk, event, who, where, str(note), json.dumps(facts), timezone.now()]
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
