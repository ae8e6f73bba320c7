"""What the pages of request lists show: the lists of a source, one list, what a filled one would bring."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone

from bureau import workdays
from bureau.models import Staff
from verification import manual, manual_replies, wording
from verification.models import ManualRequest, Source
from verification.spreadsheet import Problem
from verification.wording import lists

SHOWN = 20  # lists of a source


def lists_context(source: Source, staff: Staff) -> dict[str, Any]:
    """`lists`: rows, the open ones first; whether this person sends them; for how many one can be sent."""
    rows = ManualRequest.objects.filter(source=source).defer("questions", "upload").select_related("exported_by")
    return {
        "lists": {
            "rows": [_row(found) for found in rows.order_by("-exported_at", "-pk")[:SHOWN]],
            "may_send": manual.may_handle(staff),
            "waiting": manual.waiting(source).count() if manual.may_handle(staff) else 0,
            "most": manual.MOST_HOUSEHOLDS,
        }
    }


def _row(found: ManualRequest) -> dict[str, Any]:
    return {
        "found": found,
        "url": reverse("verification:board_list", args=[found.source.code, found.number]),
        "words": lists.list_state(found),
        "tone": _tone(found),
    }


def _tone(found: ManualRequest) -> str:
    if found.returned_at is not None:
        return "success"
    if found.taken_back_at is not None:
        return "neutral"
    return "danger" if found.is_overdue else "info"


def list_context(found: ManualRequest, staff: Staff, problems: Sequence[Problem] = ()) -> dict[str, Any]:
    """`found`, its state, what is wrong with what was just uploaded, what one that awaits confirmation brings."""
    counts = manual_replies.counts(found) if manual.may_handle(staff) else None
    return {
        "found": found,
        "source": found.source,
        "words": lists.list_state(found),
        "tone": _tone(found),
        "days_left": workdays.workdays_between(timezone.localdate(), found.due_on) if found.is_open else None,
        "may_handle": manual.may_handle(staff) and found.is_open,
        "problems": list(_problems(problems)),
        "counts": counts,
        "outcomes": [(wording.outcome_name(name), count) for name, count in sorted(counts.outcomes.items())]
        if counts
        else [],
        "records": [(wording.record_kind(name), count) for name, count in sorted(counts.records.items())]
        if counts
        else [],
    }


def _problems(problems: Sequence[Problem]) -> Iterator[dict[str, Any]]:
    for each in problems:
        yield {
            "sheet": each.sheet,
            "row": each.row or None,
            "column": f"{each.column} {each.term}".strip(),
            "words": lists.problem_words(each),
        }
