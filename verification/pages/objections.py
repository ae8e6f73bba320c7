"""What the pages of objections to results show: the list, one with its lines, what can be done or why not."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bureau import masks, workdays
from bureau.models import Staff, TimelineEntry
from bureau.moves import Move, why_not
from bureau.roles import Role
from verification import assessing, objection_letters, objection_moves, rechecks, wording
from verification.models import Check, Dispute, Objection
from verification.pages.changes import changes_of
from verification.pages.forms import AnswerObjectionForm, DecideForm, ReplyForm
from verification.pages.household import applicant_of, members_of, offices_of
from verification.statement import Line
from verification.wording.objections import EVENTS, OUTCOME_TONES, TOLD, TONES

Forms = dict[int, DecideForm | ReplyForm]  # by line, as they came back with something to correct
ACTS = (objection_moves.DECIDE, objection_moves.CHECK_AGAIN, objection_moves.ANSWER)


def lines_to_dispute(check: Check) -> list[tuple[int, str]]:
    """Number and words of each line that a source told, in the order of the statement."""
    names, members = wording.source_names(), members_of(check)
    found = rechecks.disputable(rechecks.statement_of(check))
    return [(line.number, _words(line, names, members)) for line in found]


def _words(line: Line, names: dict[str, str], members: dict[str, str]) -> str:
    source = names[rechecks.source_code(line)]
    told = objection_letters.words_of(line)
    # Translators: 姓名：数据（来源）
    return _("%(member)s: %(line)s (%(source)s)") % {
        "member": members.get(line.person, "--"),
        "line": told,
        "source": source,
    }


def rows_of(found: Iterable[Objection]) -> list[dict[str, Any]]:
    """The lines of a list; `check_ordered` is selected with them, the offices are one query more."""
    shown, today = list(found), workdays.today()
    offices = offices_of(each.check_ordered for each in shown)
    return [
        {
            "objection": each,
            "household": applicant_of(each.check_ordered),
            "office": offices.get(each.office_code, each.office_code),
            "tone": TONES[each.status],
            "days_left": days_left(each, today),
        }
        for each in shown
    ]


def days_left(objection: Objection, today: date) -> int | None:
    """Working days left for the answer; None once it has ended."""
    return workdays.workdays_between(today, objection.due_on) if objection.is_open else None


def objection_context(
    objection: Objection, staff: Staff, forms: Forms | None = None, answer: AnswerObjectionForm | None = None
) -> dict[str, Any]:
    """One objection: its facts and lines, what this person can do and why not, the new check and what it changed."""
    check, recheck = objection.check_ordered, objection.recheck
    hidden = _hidden(objection, staff)
    names = wording.source_names()
    return {
        "objection": objection,
        "check": check,
        "household": applicant_of(check),
        "tone": TONES[objection.status],
        "outcome_tone": OUTCOME_TONES.get(objection.outcome, "neutral"),
        "days_left": days_left(objection, workdays.today()),
        "grounds": masks.names(objection.grounds, hidden),
        "proofs": objection.proofs.select_related("uploaded_by"),
        "lines": _lines(objection, staff, names, forms or {}),
        "kept_out": _kept_out(objection, staff),
        "again": _act(objection, objection_moves.CHECK_AGAIN, staff, "objection_check_again"),
        "answering": _act(objection, objection_moves.ANSWER, staff, "objection_answer"),
        "answer_form": answer or AnswerObjectionForm(),
        "withdrawing": _act(objection, objection_moves.WITHDRAW, staff, "objection_withdraw"),
        "recheck": recheck,
        "may_open_check": staff.holds(Role.CHECK_OFFICER, Role.AUDITOR),
        "changes": changes_of(recheck, names) if recheck is not None else None,
        "entries": _entries(objection, hidden),
    }


def _hidden(objection: Objection, staff: Staff) -> list[str]:
    """The names that are masked to who only reads."""
    if staff.works_on(objection.office_code):
        return []
    return [person.name for person in assessing.declared_of(objection.check_ordered).persons]


def grounds_for(objection: Objection, staff: Staff) -> str:
    """What the household objects, as this person may read it."""
    return masks.names(objection.grounds, _hidden(objection, staff))


def lines_told(objection: Objection) -> dict[int, str]:
    """By number, what the source of each disputed line told."""
    statement = rechecks.statement_of(objection.check_ordered)
    lines = objection.disputes.values_list("line", flat=True)
    return {line: objection_letters.words_of(statement.line(line)) for line in lines}


def _kept_out(objection: Objection, staff: Staff) -> str:
    """Why an officer has no part in an objection that is open, said before any button is looked for."""
    if not objection.is_open or not staff.has_role(Role.CHECK_OFFICER, objection.office_code):
        return ""
    return str(objection_moves.has_no_part(objection, staff) or "")


def _act(objection: Objection, move: Move, staff: Staff, page: str) -> dict[str, str] | None:
    """The address of an act, or why it cannot be done now; None for whom it is none of."""
    reason = why_not(objection, move, staff)
    if not objection.is_open or (reason and reason.forbidden):
        return None
    url = reverse(f"verification:{page}", args=[objection.number])
    return {"url": url, "label": str(move.label), "why_not": str(reason.text) if reason else ""}


def _lines(objection: Objection, staff: Staff, names: dict[str, str], forms: Forms) -> list[dict[str, Any]]:
    statement, members = rechecks.statement_of(objection.check_ordered), members_of(objection.check_ordered)
    may = why_not(objection, objection_moves.DECIDE, staff) is None
    rows, told = list(objection.disputes.select_related("source", "letter", "decided_by", "reply_by")), _told(objection)
    return [
        {
            "row": row,
            "anchor": f"disputed-{row.line}",
            "member": members.get(statement.line(row.line).person, ""),
            "words": objection_letters.words_of(statement.line(row.line)),
            "source": names[row.source.code],
            "tone": OUTCOME_TONES.get(row.outcome, "warning"),
            "told": TOLD.get(told.get(row.pk, ""), ""),
            "days_left": _reply_left(row),
            "form": _form(row, forms) if may else None,
            "url": reverse(f"verification:{_page(row)}", args=[objection.number, row.line]),
        }
        for row in rows
    ]


def _page(row: Dispute) -> str:
    return "objection_reply" if row.act else "objection_decide"


def _form(row: Dispute, forms: Forms) -> DecideForm | ReplyForm | None:
    if row.line in forms:
        return forms[row.line]
    prefix = f"line-{row.line}"
    if not row.act:
        return DecideForm(prefix=prefix)
    return ReplyForm(prefix=prefix) if row.is_waiting else None


def _reply_left(row: Dispute) -> int | None:
    if row.reply_due_on is None or not row.is_waiting:
        return None
    return workdays.workdays_between(workdays.today(), row.reply_due_on)


def _told(objection: Objection) -> dict[int, str]:
    return {pk: str(told.value) for pk, told in rechecks.told_now(objection).items()}


def _entries(objection: Objection, hidden: list[str]) -> list[dict[str, Any]]:
    return [
        {
            "title": _title(entry),
            "at": entry.at,
            "by": entry.by.name if entry.by else "",
            "text": masks.names(entry.note, hidden),
            "tone": EVENTS.get(entry.event, ("", ""))[1],
        }
        for entry in TimelineEntry.objects.of(objection)
    ]


def _title(entry: TimelineEntry) -> str:
    """What happened, and for an act on a line which line and what was done or answered."""
    event = str(EVENTS.get(entry.event, (entry.event, ""))[0])
    facts = entry.facts
    done = dict([*Dispute.Act.choices, *Dispute.Reply.choices]).get(facts.get("act") or facts.get("reply") or "")
    if done is None or "line" not in facts:
        return event
    # Translators: %(event)s · 第 %(line)s 行：%(done)s
    return _("%(event)s · Line %(line)s: %(done)s") % {"event": event, "line": facts["line"], "done": done}


def objections_of(subject: str) -> list[dict[str, Any]]:
    """The objections of a case, the newest first, for its page."""
    rows = Objection.objects.filter(subject=subject).order_by("-pk")
    today = workdays.today()
    return [
        {
            "objection": row,
            "tone": TONES[row.status],
            "outcome_tone": OUTCOME_TONES.get(row.outcome, "neutral"),
            "days_left": days_left(row, today),
        }
        for row in rows.select_related("letter", "recheck", "check_ordered")
    ]
