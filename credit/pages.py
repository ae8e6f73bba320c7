"""What the pages of the registry show: lists by status, and a case with its letters, its bans, what can be done."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau import masks, workdays
from bureau.models import Staff, TimelineEntry
from bureau.roles import Role
from credit import deadlines, moves
from credit.clocks import Reason
from credit.deed import Deed, Known
from credit.deeds import DEEDS
from credit.forms import TOLD, OfCase
from credit.models import Announcement, Case, Lead, Service, Subject

S = Case.Status
EVENTS: dict[str, Any] = {move.name: move.label for move in moves.CASES} | {
    # Translators: 送达公告已核校
    "announcement_checked": gettext_lazy("Announcement checked"),
    # Translators: 送达公告退回修改
    "announcement_returned": gettext_lazy("Announcement sent back"),
}
Row = TypeVar("Row")
TONES: dict[str, str] = {
    S.OPENED: "info",
    S.PROPOSED: "info",
    S.AT_PANEL: "warning",
    S.FOUND: "warning",
    S.NOTIFIED: "warning",
    S.RECORDED: "danger",
    S.CURED: "success",
    Lead.Status.RECEIVED: "info",
}
ENDED: dict[str, Any] = {
    Reason.OVER: gettext_lazy("Its term has run out"),
    Reason.WITHDRAWN: gettext_lazy("The finding was withdrawn"),
    Reason.REPAIRED: gettext_lazy("Repaired"),
    Reason.CORRECTED: gettext_lazy("Everything was corrected"),
    Reason.SUSPENDED: gettext_lazy("Stopped by order"),
}


def tone_of(row: Case | Lead) -> str:
    """How its status looks."""
    return TONES.get(str(row.status), "neutral")


def name_of(subject: Subject, staff: Staff) -> str:
    """A name, masked to who only reads."""
    return subject.name if works(staff) or subject.kind == "employer" else masks.name(subject.name)


def works(staff: Staff) -> bool:
    """Whether this person works on cases; who does not only reads."""
    return staff.holds(Role.CREDIT_OFFICER, Role.PANEL_MEMBER)


def told(rows: Iterable[Row], *fields: str, hidden: Sequence[str]) -> list[Row]:
    """Rows with these texts as their reader may see them: names that are hidden from him are masked in them too."""
    shown = list(rows)
    for row in shown if hidden else ():
        for field in fields:
            setattr(row, field, masks.names(getattr(row, field), hidden))
    return shown


def hidden_from(staff: Staff, subjects: Iterable[Subject]) -> list[str]:
    """The names that are masked to who only reads."""
    return [] if works(staff) else [subject.name for subject in subjects if subject.kind == "person"]


def lead_rows(leads: Iterable[Lead], staff: Staff) -> list[dict[str, Any]]:
    """The lines of the list of leads; subjects and acts come with them."""
    return [
        {
            "lead": lead,
            "tone": tone_of(lead),
            "about": _("; ").join(name_of(subject, staff) for subject in lead.subjects.all()),
        }
        for lead in leads
    ]


def case_rows(cases: Iterable[Case], staff: Staff) -> list[dict[str, Any]]:
    """The lines of the list of cases; parties, subjects and acts come with them."""
    return [
        {
            "case": case,
            "tone": tone_of(case),
            "about": _("; ").join(name_of(party.subject, staff) for party in case.parties.all()),
        }
        for case in cases
    ]


def case_context(case: Case, staff: Staff, forms: dict[str, OfCase]) -> dict[str, Any]:
    """One case: whom it is about, what is on file, the letters, the panel, the list, the bans, what can be done."""
    known: Known = {}
    deeds = [_deed(deed, case, staff, forms, known) for deed in DEEDS if deed.is_for(case, staff, known)]
    parties = list(case.parties.select_related("subject").order_by("part", "pk"))
    hidden = hidden_from(staff, (party.subject for party in parties))
    return {
        "case": told([case], "facts", hidden=hidden)[0],
        "tone": tone_of(case),
        "parties": [
            {
                "name": name_of(party.subject, staff),
                "number": masks.id_number(party.subject.identifier)
                if party.subject.kind == "person"
                else party.subject.identifier,
                "part": party.get_part_display(),
            }
            for party in parties
        ],
        "evidence": told(case.evidence.select_related("by"), "note", "reference", hidden=hidden),
        "missing": moves.evidence_is_complete(case, None) if case.status == S.OPENED else None,
        "letters": case.letters,
        "services": case.services.all(),
        "announcements": _announcements(case, staff),
        "statements": told(case.statements.select_related("by"), "text", "weighed", hidden=hidden),
        "defence_until": deadlines.defence_until(case),
        "cure_until": deadlines.cure_until(case),
        "notice_served": deadlines.served_on(case, Service.Letter.NOTICE),
        "seats": _seats(case, staff, hidden),
        "items": told(case.cure_items.select_related("met_by"), "text", "proof", hidden=hidden),
        "happenings": [
            {"event": TOLD.get(row.event) or _event_words(row.event), "row": row}
            for row in case.happenings.select_related("by")
        ],
        "sanctions": [
            {
                "name": name_of(row.subject, staff),
                "row": row,
                "holds": row.holds(workdays.today()),
                "ended": ENDED.get(row.ended_because, ""),
            }
            for row in case.sanctions.select_related("subject").order_by("kind", "pk")
        ],
        "deeds": deeds,
        "next": [deed for deed in deeds if not deed["form"]],
        "entries": _entries(case, hidden),
        **remedies_of(case, staff, hidden),
    }


def remedies_of(case: Case, staff: Staff, hidden: Sequence[str]) -> dict[str, Any]:
    """Objections, repairs, lawyer's letters and proceedings of a case."""
    disputes = told(case.disputes.select_related("subject"), "text", "answer", hidden=hidden)
    return {
        "disputes": [{"row": row, "name": name_of(row.subject, staff)} for row in disputes],
        "repairs": told(case.repairs.all(), "papers", "reason", hidden=hidden),
        "lawyers_letters": case.lawyers_letters.select_related("document"),
        "proceedings": told(case.proceedings.all(), "claim", hidden=hidden),
    }


STATE_TONES = {"to_check": "warning", "checked": "info", "out": "success", "down": "neutral"}


def announcement_rows(announcements: Iterable[Announcement]) -> list[dict[str, Any]]:
    """The lines of a list of announcements."""
    today = workdays.today()
    return [
        {"row": row, "state": row.state(today).label, "tone": STATE_TONES[row.state(today)]} for row in announcements
    ]


def _announcements(case: Case, staff: Staff) -> list[dict[str, Any]]:
    """Those of a case of which a letter could not be served; `opens`: their pages are for this person."""
    if all(each.served_on for each in case.services.all()):
        return []
    opens = staff.holds(Role.CREDIT_OFFICER, Role.AUDITOR)
    return [row | {"opens": opens} for row in announcement_rows(case.announcements.all())]


def _seats(case: Case, staff: Staff, hidden: Sequence[str]) -> list[dict[str, Any]]:
    """The seats of the panel. Until it has decided, nobody sees how another has voted."""
    is_open = case.status == S.AT_PANEL
    return [
        {"row": row, "name": row.by.name or row.by.username, "hidden": is_open and row.by_id != staff.pk}
        for row in told(case.seats.select_related("by"), "reason", hidden=hidden)
    ]


def _event_words(event: str) -> str:
    return str({"recorded": _("Entered in the archive"), "withdrawn": _("The finding was withdrawn")}.get(event, event))


def _deed(deed: Deed, case: Case, staff: Staff, forms: dict[str, OfCase], known: Known) -> dict[str, Any]:
    """A deed with its address, its form, and why it cannot be done now."""
    here = deed.form if not deed.apart else None
    form = forms.get(deed.name) or (here(case=case, prefix=deed.name) if here else None)
    return {
        "name": deed.name,
        "label": deed.label,
        "url": reverse("credit:deed", args=[case.number, deed.name]),
        "form": form,
        "has_page": bool(deed.why) or deed.apart,
        "hindrance": deed.hindrance(case, staff, known),
        "tone": deed.move.tone if deed.move else "default",
    }


def event_title(event: str) -> str:
    """What happened to a case, in words."""
    return str(EVENTS.get(event, event))


def _entries(case: Case, hidden: Sequence[str]) -> list[dict[str, Any]]:
    rows = TimelineEntry.objects.filter(subject_kind="credit.case", subject_id=case.pk).select_related("by")
    return [
        {"at": row.at, "title": event_title(row.event), "by": row.by, "text": masks.names(row.note, hidden)}
        for row in rows.order_by("at", "pk")
    ]
