"""The board of what is pending and what has failed: how each source fares, and who waits for it."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from django.core.paginator import Page
from django.db.models import Count, Min, Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from bureau.models import Staff
from bureau.moves import available
from bureau.roles import Role
from verification import moves, orders, wording
from verification.models import Check, Exchange, Hold, Inquiry, Source

DAY = timedelta(hours=24)


def board_context(staff: Staff) -> dict[str, Any]:
    """`rows`: one per source. Four queries."""
    return {"rows": list(_rows(staff))}


def _rows(staff: Staff) -> Iterator[dict[str, Any]]:
    now = timezone.now()
    unanswered = Inquiry.objects.unanswered().filter(check_ordered__in=Check.objects.visible_to(staff))
    waiting = {
        row["source"]: row
        for row in unanswered.order_by()
        .values("source")
        .annotate(
            open=Count("pk", Q(state="open")),
            failed=Count("pk", Q(state="failed")),
            oldest=Min("check_ordered__ordered_at"),
            since=Min(Coalesce("asked_at", "not_before"), filter=Q(state="open", lease__isnull=True)),
        )
    }
    fared = {row["source"]: row for row in Exchange.objects.fared(now - DAY, now)}
    held = {row.source_id: row for row in Hold.objects.live().filter(round=None).select_related("held_by")}
    is_officer = staff.has_role(Role.CHECK_OFFICER, orders.CITY)
    for source in Source.objects.defer("secret").order_by("place", "code"):
        calls: Mapping[str, Any] = fared.get(source.pk, {})
        counts: Mapping[str, Any] = waiting.get(source.pk, {})
        yield {
            "source": source,
            "url": reverse("verification:board_source", args=[source.code]),
            "open": counts.get("open", 0),
            "failed": counts.get("failed", 0),
            "oldest": counts.get("oldest"),
            "calls": calls.get("calls", 0),
            "share": calls["answered"] / calls["calls"] if calls.get("calls") else None,
            "median_ms": _ms(calls.get("median")),
            "held": held.get(source.pk),
            "release_url": reverse("verification:release", args=[held[source.pk].pk])
            if is_officer and source.pk in held
            else "",
            "words": wording.source_state(source, held.get(source.pk), counts.get("since")),
        }


def _ms(took: timedelta | None) -> int | None:
    return None if took is None else round(took.total_seconds() * 1000)


def waiting_at(source: Source, staff: Staff) -> QuerySet[Inquiry]:
    """What waits for this source or got no answer of it, the longest waiting first."""
    rows = Inquiry.objects.unanswered().filter(source=source, check_ordered__in=Check.objects.visible_to(staff))
    return (
        rows.select_related("source", "check_ordered", "check_ordered__round")
        .with_obstacles()
        .defer("answer", "source__secret", "check_ordered__declared")
        .order_by("state", "check_ordered__ordered_at", "pk")
    )


def source_rows(page: Page[Inquiry], staff: Staff) -> Iterator[dict[str, Any]]:
    """The rows of one page, each with what the caseworker is told and whether it can be asked again."""
    for row in page.object_list:
        may = moves.ASK_AGAIN in available(row.check_ordered, staff, [moves.ASK_AGAIN])
        yield {
            "check": row.check_ordered,
            "state": row.get_state_display(),
            "failed": row.state == Inquiry.State.FAILED,
            "tries": row.attempts,
            "asked_at": row.asked_at,
            "words": wording.inquiry_words(row),
            "can_ask_again": may and row.state == Inquiry.State.FAILED,
        }
