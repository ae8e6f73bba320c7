"""What the credit file of a household or an employer shows (家庭行为档案、单位行为档案)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau import masks, workdays
from bureau.models import Document, Staff, TimelineEntry
from credit import axis, files, grading, standing
from credit.axis import Band
from credit.clocks import Event, Kind, Reason
from credit.models import MEASURES, BatchLine, Case, Lead, PartnerCall, Sanction, Subject
from credit.pages import ENDED, event_title, name_of, told, tone_of, works
from credit.policies import SubjectKind
from credit.policies.grading import CreditGrade
from credit.standing import Standing

ENTRIES = 40


class Known(NamedTuple):
    """Grades and standings of today, by blind index."""

    grades: Mapping[bytes, CreditGrade]
    standings: Mapping[bytes, Standing]


def number_of(subject: Subject, staff: Staff) -> str:
    """An ID number as this reader may see it; the credit code of an employer is public."""
    if subject.kind == SubjectKind.EMPLOYER:
        return subject.identifier
    return masks.id_number(subject.identifier, masks.IdLevel.CASEWORK if works(staff) else masks.IdLevel.INTERNAL)


def subject_rows(subjects: Iterable[Subject], staff: Staff) -> list[dict[str, Any]]:
    """Subjects as lines: name, number, standing and grade of today; five queries more than none, however many."""
    rows = list(subjects)
    found = known_of(rows)
    return [_subject_row(each, staff, found) for each in rows]


def known_of(subjects: Sequence[Subject]) -> Known:
    """How these stand today, and how they are graded."""
    if not subjects:
        return Known({}, {})
    indexes, today = [bytes(each.identifier_index) for each in subjects], workdays.today()
    return Known(grading.grades(indexes, on=today), standing.standings(indexes, on=today))


def _subject_row(subject: Subject, staff: Staff, found: Known) -> dict[str, Any]:
    index = bytes(subject.identifier_index)
    return {
        "pk": subject.pk,
        "name": name_of(subject, staff),
        "number": number_of(subject, staff),
        "kind": subject.get_kind_display(),
        "url": reverse("credit:file", args=[subject.pk]),
        "grade": grade_tag(found.grades[index]),
        "standing": found.standings[index],
    }


def grade_tag(found: CreditGrade) -> tuple[str, str]:
    """(tone, word) of a grade."""
    # Translators: 信用等级 %(letter)s
    word = _("Grade %(letter)s") % {"letter": found.letter.value} if found.letter else _("Not graded")
    return grading.TONES[found.letter], word


def file_context(subject: Subject, staff: Staff, *, whole: bool) -> dict[str, Any]:
    """The file of a subject. `whole`: with what is on file of all members of the household of today."""
    today, visible = workdays.today(), Case.objects.visible_to(staff)
    cases = files.cases_of([subject], visible)
    homes = files.households(subject, cases) if subject.kind == SubjectKind.PERSON else []
    members = list(homes[0].members) if whole and homes else [subject]
    if len(members) > 1:
        cases = files.cases_of(members, visible)
    measures = files.measures_of(members, cases)
    linked = files.links(subject, cases, Lead.objects.visible_to(staff))
    beside = {each.pk: each for home in homes for each in home.members} | {
        each.subject.pk: each.subject for each in linked
    }
    found, index = known_of([subject, *beside.values()]), bytes(subject.identifier_index)
    grade, rows = found.grades[index], {each.pk: _subject_row(each, staff, found) for each in beside.values()}
    return {
        "subject": subject,
        "name": name_of(subject, staff),
        "number": number_of(subject, staff),
        "whole": len(members) > 1,
        "may_widen": bool(homes) and len(homes[0].members) > 1,
        "standing": found.standings[index],
        "holding": [_line(row, staff, today) for row in measures if row.subject_id == subject.pk and row.holds(today)],
        "grade": grade_tag(grade),
        "grade_summary": grading.summary(grade),
        "grade_reasons": grading.reason_rows(grade),
        "left_out": grade.left_out,
        "axis": axis.drawn([_band(row, staff, today, len(members) > 1) for row in measures], today=today),
        "measures": [_line(row, staff, today) for row in measures],
        "cases": _cases(cases, members, staff),
        "homes": [_home(home, subject, rows) for home in homes],
        "links": [{**rows[each.subject.pk], "numbers": each.numbers} for each in linked],
        "beside": [each for each in beside.values() if each.pk != subject.pk],
        "queries": [
            {"row": each, "answer": PartnerCall.ANSWERS.get(each.outcome) or _("refused")}
            for each in files.queries_about(members)
        ],
        "told": [_told(each) for each in files.told_of(members)],
        "acknowledged": files.acknowledged_of(members),
        "entries": _entries(cases, staff),
    }


def why_it_ends(row: Sanction) -> str:
    """Why a measure ends when it ends, in a sentence that anybody can recompute."""
    if row.lifted_on and row.ends_on() == row.lifted_on:
        reason = ENDED.get(row.lifted_reason, row.lifted_reason)
        return _("%(reason)s on %(day)s.") % {"reason": reason, "day": _day(row.lifted_on)}
    rule = files.rule_of(row)
    term = grading.term_in_words(rule.term) if rule else ""
    if row.holds_until is None:
        if rule and rule.begins_with is Event.HOME_RETURNED:
            # Translators: 退回住房后再满%(term)s止；住房尚未退回，无截止日。
            return _("It ends %(term)s after the home is returned; that is still to come.") % {"term": term}
        return _("It has no end by what is known today.")
    if row.ended_because not in {"", Reason.OVER.value}:
        return _("%(reason)s on %(day)s.") % {"reason": ENDED[row.ended_because], "day": _day(row.holds_until)}
    start = files.begun_with(row, rule) if rule else None
    if rule is None or start is None:
        return _("Its last day is the day before %(day)s.") % {"day": _day(row.holds_until)}
    words = {"term": term, "start": _day(start), "event": _BEGINS[rule.begins_with], "day": _day(row.holds_until)}
    # Translators: 自%(start)s（%(event)s）起满%(term)s，%(day)s起不再执行。
    return _("%(term)s from %(start)s (%(event)s), so that it holds no more on %(day)s.") % words


_BEGINS = {
    Event.RECORDED: gettext_lazy("Entered in the archive"),
    Event.HOME_RETURNED: gettext_lazy("The home was returned"),
}


def _day(day: date) -> str:
    return date_format(day, "Y-m-d")


def _line(row: Sanction, staff: Staff, today: date) -> dict[str, Any]:
    return {
        "row": row,
        "name": name_of(row.subject, staff),
        "until": row.ends_on(),
        "why": why_it_ends(row),
        "holds": row.holds(today),
        "begins_later": row.holds_from > today,
        "case": row.case,
    }


def _band(row: Sanction, staff: Staff, today: date, with_name: bool) -> Band:
    until = row.ends_on()
    end = _day(until) if until else _("open")
    label = f"{MEASURES[row.kind]} {_day(row.holds_from)} – {end}"
    if with_name:
        label = f"{name_of(row.subject, staff)} · {label}"
    return Band(
        label, Kind(row.kind).value, row.holds_from, max(until, row.holds_from) if until else None, row.holds(today)
    )


def _cases(cases: Sequence[Case], members: Sequence[Subject], staff: Staff) -> list[dict[str, Any]]:
    """The cases, the newest first, each with its letters and how they were served; one query for all letters."""
    hidden = [each.name for case in cases for each in _persons(case)] if not works(staff) else []
    letters: dict[int, list[Document]] = {}
    for document in Document.objects.of(*cases) if cases else []:
        letters.setdefault(document.subject_id, []).append(document)
    return [
        {
            "case": case,
            "tone": tone_of(case),
            "parts": [
                f"{name_of(party.subject, staff)} · {party.get_part_display()}"
                for party in files.parts_of(case, members).values()
            ],
            "services": told(case.services.all(), "proof", hidden=hidden),
            "letters": letters.get(case.pk, []),
            "items": len(case.cure_items.all()),
            "met": sum(item.met_on is not None for item in case.cure_items.all()),
            "disputes": case.disputes.all(),
            "repairs": case.repairs.all(),
            "proceedings": case.proceedings.all(),
        }
        for case in reversed(cases)
    ]


def _told(line: BatchLine) -> dict[str, Any]:
    """What a receiver was told, and what it made of it, as far as it has said."""
    receipt = getattr(line.batch, "receipt", None)
    if getattr(line, "error", None) or (receipt and receipt.refuses_all):
        return {"line": line, "tone": "danger", "state": _("Rejected by the receiver")}
    if receipt:
        return {"line": line, "tone": "success", "state": _("Taken by the receiver")}
    handed_over = line.batch.handed_over_at
    return {"line": line, "tone": "info", "state": _("Handed over to the receiver") if handed_over else _("Batch made")}


def _home(home: files.Household, subject: Subject, rows: Mapping[int, dict[str, Any]]) -> dict[str, Any]:
    return {
        "since": home.since,
        "until": home.until,
        "members": [rows[each.pk] for each in home.members if each.pk != subject.pk],
        "cases": [case.number for case in home.cases],
    }


def _entries(cases: Sequence[Case], staff: Staff) -> list[dict[str, Any]]:
    """What happened in all these cases, the newest first."""
    numbers = {case.pk: case.number for case in cases}
    hidden = [each.name for case in cases for each in _persons(case)] if not works(staff) else []
    rows = TimelineEntry.objects.filter(subject_kind="credit.case", subject_id__in=numbers).select_related("by")
    return [
        {
            "at": row.at,
            "title": f"{numbers[row.subject_id]} · {event_title(row.event)}",
            "by": row.by,
            "text": masks.names(row.note, hidden),
        }
        for row in rows.order_by("-at", "-pk")[:ENTRIES]
    ]


def _persons(case: Case) -> list[Subject]:
    return [party.subject for party in case.parties.all() if party.subject.kind == SubjectKind.PERSON]
