"""The ground: offices, the people posted to them, what happened, who looked, which documents went out."""

from bureau.models.document import Document, NumberSeries
from bureau.models.office import Office
from bureau.models.staff import DateRange, Posting, Relative, Staff
from bureau.models.trail import (
    AuditEntry,
    ChainHead,
    TimelineEntry,
    append_only,
    asks_first,
    changes_only,
    kept,
    label_of,
)

__all__ = [
    "AuditEntry",
    "ChainHead",
    "DateRange",
    "Document",
    "NumberSeries",
    "Office",
    "Posting",
    "Relative",
    "Staff",
    "TimelineEntry",
    "append_only",
    "asks_first",
    "changes_only",
    "kept",
    "label_of",
]
