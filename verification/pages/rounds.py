"""What the pages of rounds show: the list, and how far one round is, by source and by district."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.db.models.functions import Left
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.models import Office, Staff
from bureau.moves import available
from bureau.roles import Role
from verification import round_moves, wording
from verification.models import Exchange, Finding, Hold, Inquiry, Round, Source

MINUTE = timedelta(seconds=60)
FINDINGS_SHOWN = 20
DONE = ("assessed", "concluded")
TONES = {"running": "info", "paused": "warning", "closed": "success", "cancelled": "neutral"}


def rows_of(rounds: QuerySet[Round]) -> list[dict[str, Any]]:
    """The list: one row per round with how many of its checks are where; one query for all counts."""
    counted = rounds.annotate(
        done=Count("checks", Q(checks__status__in=DONE)), concluded=Count("checks", Q(checks__status="concluded"))
    ).select_related("opened_by")
    return [{"round": found, "tone": TONES[found.status], "url": _url("round", found)} for found in counted]


def round_context(found: Round, staff: Staff) -> dict[str, Any]:
    """`progress` of one round. A fixed number of queries, however many households and sources there are."""
    by_status = dict(found.checks.order_by().values_list("status").annotate(Count("pk")))
    done = sum(by_status.get(status, 0) for status in DONE)
    now = timezone.now()
    pace = _pace(found, now)
    left = found.households - done - by_status.get("cancelled", 0)
    sources = list(_sources(found, staff))
    is_moving = found.status == Round.Status.RUNNING and (left > 0 or found.filled_at is None)
    return {
        "progress": {
            "round": found,
            "tone": TONES[found.status],
            "done": done,
            "left": left,
            "by_status": by_status,
            "per_second": sum(pace.values()) / len(pace) if pace else 0.0,
            "ends_at": _ends_at(found, sources, pace, now) if is_moving else None,
            "sources": sources,
            "settled": sum(row["settled"] for row in sources),
            "wanted": found.households * len(sources),
            "districts": list(_districts(found)),
            "findings": list(_findings(found)),
            "findings_left": _open_findings(found).count(),
            "active": is_moving,
            "url": _url("round_progress", found),
            "announce": _("%(done)s of %(all)s households are assessed.") % {"done": done, "all": found.households},
            "actions": _actions(found, staff),
        }
    }


def _url(name: str, found: Round) -> str:
    return reverse(f"verification:{name}", args=[found.number])


def _actions(found: Round, staff: Staff) -> list[dict[str, Any]]:
    return [
        {
            "label": move.label,
            "url": _url(f"round_{move.name}", found),
            "tone": "" if move.tone == "default" else move.tone,
            "post": move in {round_moves.RESUME, round_moves.CLOSE},
        }
        for move in available(found, staff, round_moves.TABLE)
    ]


def _pace(found: Round, now: datetime) -> dict[int, float]:
    """Households a second that each source finished with in the last minute, or since the round began."""
    recent = found.exchanges.filter(ended_at__gte=now - MINUTE).order_by().values("source").annotate(Sum("settled"))
    seconds = max(min(now - found.opened_at, MINUTE).total_seconds(), 1.0)
    return {row["source"]: row["settled__sum"] / seconds for row in recent if row["settled__sum"]}


def _ends_at(
    found: Round, sources: Sequence[Mapping[str, Any]], pace: Mapping[int, float], now: datetime
) -> datetime | None:
    """When the slowest source will have told of every household; None while one that owes some is held or silent."""
    owing = [row for row in sources if row["source"].enabled and row["settled"] < found.households]
    if not owing or any(row["held"] or row["source"].pk not in pace for row in owing):
        return None
    return now + timedelta(seconds=max((found.households - row["settled"]) / pace[row["source"].pk] for row in owing))


def _sources(found: Round, staff: Staff) -> Iterator[dict[str, Any]]:
    """One row per source: how many households it has finished with, how it fares, whether it is held."""
    told = {row["source"]: row for row in _told(found)}
    failed = dict(
        Inquiry.objects.filter(check_ordered__round=found, state="failed")
        .order_by()
        .values_list("source")
        .annotate(Count("pk"))
    )
    holds = {held.source_id: held for held in found.holds.live().select_related("held_by")}
    everywhere = {held.source_id: held for held in Hold.objects.live().filter(round=None).select_related("held_by")}
    tried = set(found.canaries.filter(state="waiting").values_list("source", flat=True))
    is_officer = staff.has_role(Role.CHECK_OFFICER, found.office_code)
    may_hold = is_officer and found.status in {Round.Status.RUNNING, Round.Status.PAUSED}
    for source in Source.objects.defer("secret").order_by("place", "code"):
        row: Mapping[str, Any] = told.get(source.pk, {})
        held = everywhere.get(source.pk) or holds.get(source.pk)
        yield {
            "source": source,
            "settled": row.get("settled") or 0,
            "failed": failed.get(source.pk, 0),
            "last_at": row.get("last"),
            "held": held,
            "resting": source.is_open,
            "words": wording.source_state(source, held, is_tried=source.pk in tried),
            "hold_url": reverse("verification:round_hold", args=[found.number, source.code])
            if may_hold and not held
            else "",
            "release_url": reverse("verification:release", args=[held.pk]) if is_officer and held else "",
        }


def _told(found: Round) -> QuerySet[Exchange, Any]:
    rows: QuerySet[Exchange, Any] = (
        found.exchanges.order_by().values("source").annotate(settled=Sum("settled"), last=Max("ended_at"))
    )
    return rows


def _districts(found: Round) -> Iterator[dict[str, Any]]:
    """One row per district: ordered, assessed, concluded."""
    counted = (
        found.checks.order_by()
        .values(district=Left("office_code", 6))
        .annotate(
            ordered=Count("pk"),
            done=Count("pk", Q(status__in=DONE)),
            concluded=Count("pk", Q(status="concluded")),
        )
        .order_by("district")
    )
    rows = list(counted)
    names = {office.code: office.name for office in Office.objects.filter(code__in=[row["district"] for row in rows])}
    for row in rows:
        yield {**row, "name": names.get(row["district"], row["district"])}


def _open_findings(found: Round) -> QuerySet[Finding]:
    return Finding.objects.filter(check_ordered__round=found, state="open")


def _findings(found: Round) -> Iterator[dict[str, Any]]:
    """The weightiest findings to be settled; no person is named."""
    rows = _open_findings(found).select_related("check_ordered").defer("check_ordered__declared")
    names = wording.source_names()
    for row in rows.order_by("-weight", "pk")[:FINDINGS_SHOWN]:
        yield {
            "number": row.check_ordered.number,
            "subject": row.check_ordered.subject,
            "what": wording.finding_name(row.kind),
            "source": names.get(row.source_code, "--"),
            "since": row.created_at,
        }
