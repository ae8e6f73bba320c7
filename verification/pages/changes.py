"""What changed since the last check: of one check, and of a whole round, the weightiest first."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from verification import deltas, wording
from verification.comparison import Change
from verification.models import Check, Delta, Round
from verification.pages.household import applicant_of, members_of, offices_of
from verification.querysets import DeltaQuerySet
from verification.wording.changes import change_name, change_text, change_tone

DONE = ("assessed", "concluded")


def changes_of(check: Check, names: Mapping[str, str]) -> dict[str, Any] | None:
    """The changes of one check in words, and since which check; None for the first check of a case."""
    rows = Delta.objects.select_related("before__check_ordered", "before__standard", "assessment__standard")
    unread = [f"{which}__{column}" for which in ("before", "assessment") for column in ("inputs", "result")]
    delta = rows.defer("before__check_ordered__declared", *unread).filter(check_ordered=check).first()
    if delta is None:
        return None
    members = members_of(check)
    return {
        "before": delta.before.check_ordered,
        "on": delta.before.on,
        "rows": [_change(change, delta, members, names) for change in deltas.changes_of(delta)],
    }


def _change(change: Change, delta: Delta, members: Mapping[str, str], names: Mapping[str, str]) -> dict[str, Any]:
    standards = {change.was: delta.before.standard.name, change.now: delta.assessment.standard.name}
    return {
        "name": change_name(change.kind),
        "tone": change_tone(change),
        "text": change_text(change, names, standards if change.kind == "standard_changed" else {}),
        "members": [members[key] for key in change.members if key in members],
        "source": wording.source_name(change.source, names) if change.source else "",
        "line": change.line.number if change.line and change.now else None,
    }


def tabs_of(found: Round, current: str) -> list[dict[str, Any]]:
    """The pages of a round."""
    labels = {
        # Translators: 进度
        "round": _("Progress"),
        # Translators: 变化情况
        "round_changes": _("What changed"),
        # Translators: 临近标准
        "round_near": _("Near the line"),
    }
    return [
        {"label": label, "url": reverse(f"verification:{name}", args=[found.number]), "current": name == current}
        for name, label in labels.items()
    ]


def changed_in(found: Round, *, district: str = "", kind: str = "") -> DeltaQuerySet:
    """The deltas of a round in which something has changed, the weightiest first."""
    rows: DeltaQuerySet = Delta.objects.of_round(found.pk).changed()
    if district:
        rows = rows.filter(office_code__startswith=district)
    return rows.filter(kinds__contains=[kind]) if kind else rows


def counts_of(found: Round) -> dict[str, int]:
    """How many households of a round have changed, have not, and were checked for the first time."""
    told = Delta.objects.filter(round=found).aggregate(
        changed=Count("pk", Q(weight__gt=0)), unchanged=Count("pk", Q(weight=0))
    )
    first = Check.objects.of_round(found.pk).filter(~Exists(Delta.objects.filter(check_ordered=OuterRef("pk"))))
    return {**told, "first": first.filter(status__in=DONE).count()}


def changed_rows(rows: Any) -> list[dict[str, Any]]:
    """The rows of one page: check, masked applicant, office, the weightiest change in words; three queries for all."""
    shown = list(rows.select_related("check_ordered"))
    names, offices = wording.source_names(), offices_of(row.check_ordered for row in shown)
    told = []
    for row in shown:
        found = deltas.changes_of(row)
        told.append(
            {
                "check": row.check_ordered,
                "household": applicant_of(row.check_ordered),
                "office": offices.get(row.office_code, row.office_code),
                "name": change_name(found[0].kind),
                "tone": change_tone(found[0]),
                "text": change_text(found[0], names, {}),
                "more": len(found) - 1,
            }
        )
    return told
