"""The events of a case's timeline in the words of their reader."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications.intake import note_in_words
from bureau import masks
from bureau.models import TimelineEntry
from verification.wording import objections as objection_events

EVENTS: Mapping[str, tuple[str | Promise, str]] = {
    "opened": (_("Draft opened"), ""),
    "attached": (_("Paper added"), ""),
    "attachment_removed": (_("Paper removed"), "warning"),
    "signed": (_("Commitment and authorisation signed"), ""),
    "authorisation_withdrawn": (_("Authorisation withdrawn"), "warning"),
    "submit": (_("Handed in"), "success"),
    "resubmit_to_district": (_("Handed in again, to the district"), "success"),
    "resubmit_to_city": (_("Handed in again, to the city"), "success"),
    "discard": (_("Draft discarded"), "warning"),
    "forward": (_("Agreed and forwarded"), "success"),
    "return": (_("Returned for correction"), "warning"),
    "reject": (_("Rejected in review"), "danger"),
    "order": (_("Check ordered"), ""),
    "take_up": (_("Check concluded; case handed to the housing officer"), "success"),
    "check_fell_through": (_("Check cancelled; to be ordered anew"), "warning"),
    "recheck": (_("Sent back to be checked again"), "warning"),
    # Translators: 已告知家庭核对结果
    "told": (_("The household was told its result"), ""),
    "publish": (_("To be granted; public notice put up"), "success"),
    "refuse": (_("Refused"), "danger"),
    "approve": (_("Public notice ended without an open objection; approved"), "success"),
    "object_to_result": (_("The household objects to the result of its check"), "warning"),
    "take_up_recheck": (_("Checked again after an objection; to be decided anew"), "warning"),
    "approval_held": (_("Not approved when the notice had run: a member is under a sanction"), "danger"),
    "withdraw": (_("Withdrawn by the household"), "warning"),
    # Translators: 保障已终止
    "close": (_("Benefit ended"), ""),
    # Translators: 容缺材料承诺补交 / 已补交
    "paper_promised": (_("Paper promised for later"), "warning"),
    "paper_supplied": (_("Promised paper brought in"), "success"),
    # Translators: 疑点已移送诚信管理
    "finding_referred": (_("Confirmed finding referred to the registry"), "warning"),
    "objection_received": (_("Objection to the notice received"), "warning"),
    "objection_upheld": (_("Objection upheld"), "danger"),
    "objection_dismissed": (_("Objection dismissed"), ""),
    # of its checks
    "ordered": (_("Sources asked"), ""),
    "settle": (_("All sources answered or gave up"), ""),
    "assess": (_("Statement and comparison worked out"), ""),
    "ask_again": (_("Sources asked again"), ""),
    "conclude": (_("Check concluded"), "success"),
    "cancel": (_("Check cancelled"), "warning"),
    "drop": (_("Check stopped: its case is over"), "warning"),
    "finding_confirmed": (_("Finding confirmed"), "warning"),
    "finding_dismissed": (_("Finding dismissed"), ""),
    # Translators: 异议后重新核对
    "ordered_after_objection": (_("Checked again after an objection"), ""),
    # Translators: 撤销对疑点的排除
    "finding_reopened": (_("Dismissal of a finding taken back"), "warning"),
    **objection_events.EVENTS,
}


def timeline_rows(entries: Iterable[TimelineEntry], masked: Iterable[str] = ()) -> list[dict[str, Any]]:
    """Entries as the timeline part draws them, these names masked; an event without words yet is shown by its name."""
    hidden = list(masked)
    return [
        {
            "title": EVENTS.get(entry.event, (entry.event, ""))[0],
            "at": entry.at,
            "by": _who(entry),
            "text": masks.names(note_in_words(entry.note), hidden),
            "tone": EVENTS.get(entry.event, ("", ""))[1],
        }
        for entry in entries
    ]


def _who(entry: TimelineEntry) -> str:
    if entry.by is None:
        return ""
    return f"{entry.by.name} · {entry.office.name}" if entry.office else entry.by.name
