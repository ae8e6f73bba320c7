"""Visits to homes (入户检查): planned by risk and at random, made, confirmed by another person, referred.

A finding becomes a lead of the registry once a housing officer who was not there has confirmed it with a reason;
what was dismissed stays on file.
"""

import math
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from applications.letters_out import LETTER_LANGUAGE
from benefits import exits, visit_moves
from benefits.models import Exit, Photograph, Tenancy, Visit
from benefits.querysets import REVIEWED_TENANCIES
from bureau import divisions, numbers, timeline, uploads, workdays
from bureau.errors import MoveRefusedError, NotAllowedError, UnfitDataError
from bureau.lifecycle import make_move
from bureau.models import Staff
from bureau.moves import Move, why_not
from bureau.roles import Role
from credit import leads
from credit.leads import Confirmed, Named
from credit.models import Lead

VISIT = "RH"  # 入户: how numbers begin
ALL = 100  # percent
MOST_PHOTOGRAPHS = 9
# Which act of the catalogue a confirmed finding points to; the catalogue of the day says what it is and how grave.
ACTS = {
    Visit.Finding.VACANT: "F07",
    Visit.Finding.SUBLET: "F08",
    Visit.Finding.CHANGED_USE: "F09",
    Visit.Finding.DAMAGED: "F09",
}
Finding = Visit.Finding


@transaction.atomic
def plan(area: str, *, percent: int, due_on: date, by: Staff) -> list[Visit]:
    """Plan visits to so many of a hundred homes that are let in the area, rounded up: first where there is a risk, the
    rest drawn at random. A home whose visit is open is left out.

    Raises `UnfitDataError` when nothing is left to be visited.
    """
    _need_officer(by, area)
    if not 1 <= percent <= ALL:
        raise UnfitDataError(_("Enter a share from 1 to 100."), {"percent": [_("Enter a share from 1 to 100.")]})
    _must_lie_ahead(due_on)
    homes = Tenancy.objects.filter(status="running", office_code__startswith=divisions.scope_prefix(area))
    count = math.ceil(homes.count() * percent / ALL)
    free = homes.exclude(visits__status__in=["planned", "found"])
    risky = list(free.at_risk().order_by("handed_over_on", "pk")[:count])
    drawn = list(free.exclude(pk__in=[row.pk for row in risky]).order_by("?")[: count - len(risky)])
    if not risky and not drawn:
        text = _("No home is left to be visited there.")
        raise UnfitDataError(text, {"area": [text]})
    grounds = [(row, Visit.Ground.RISK) for row in risky] + [(row, Visit.Ground.RANDOM) for row in drawn]
    today = workdays.today()
    last = numbers.take(VISIT, on=today, count=len(grounds))
    rows = [
        _planned(row, ground, f"{VISIT}{today.year}-{last - len(grounds) + place:06d}", due_on, by)
        for place, (row, ground) in enumerate(grounds, start=1)
    ]
    Visit.objects.bulk_create(rows)
    timeline.record_many(Visit, [row.pk for row in rows], "planned", by=by)
    return rows


@transaction.atomic
def plan_one(tenancy: Tenancy, *, ground: Visit.Ground, note: str, due_on: date, by: Staff) -> Visit:
    """One home, because somebody reported it or because it is to be seen again."""
    _need_officer(by, tenancy.office_code)
    _must_lie_ahead(due_on)
    if tenancy.status not in REVIEWED_TENANCIES and tenancy.status not in {"ordered", "court"}:
        raise MoveRefusedError(_("Nobody of ours lives in this home any more."))
    if tenancy.visits.filter(status__in=["planned", "found"]).exists():
        raise MoveRefusedError(_("A visit to this home is open already."))
    row = _planned(tenancy, ground, numbers.reference(VISIT, on=workdays.today()), due_on, by)
    row.note = note.strip()
    row.save(force_insert=True)
    timeline.record(row, "planned", by=by)
    return row


def _planned(tenancy: Tenancy, ground: Visit.Ground, number: str, due_on: date, by: Staff) -> Visit:
    return Visit(
        number=number,
        tenancy=tenancy,
        office_code=tenancy.office_code,
        ground=ground,
        planned_on=workdays.today(),
        due_on=due_on,
        planned_by=by,
    )


def record(
    visit: Visit,
    *,
    finding: Visit.Finding,
    words: str,
    on: date,
    photographs: Sequence["UploadedFile[Any]"] = (),
    by: Staff,
) -> Visit:
    """Write down what the visitor found. Whatever is not in order wants words and a photograph.

    Raises `UnfitDataError` on a day ahead or before the plan, or without what it rests on; then nothing is kept.
    """
    if not visit.planned_on <= on <= workdays.today():
        text = _("The day lies before the plan, or ahead.")
        raise UnfitDataError(text, {"on": [text]})
    in_order = finding == Finding.IN_ORDER
    if not in_order and not words.strip():
        text = _("Write down what was seen and said.")
        raise UnfitDataError(text, {"words": [text]})
    if not in_order and not photographs:
        # Translators: 发现问题的，须附照片。
        text = _("A finding wants a photograph.")
        raise UnfitDataError(text, {"photographs": [text]})
    if len(photographs) > MOST_PHOTOGRAPHS:
        text = _("At most %(n)s photographs.") % {"n": MOST_PHOTOGRAPHS}
        raise UnfitDataError(text, {"photographs": [text]})
    taken = [_photograph(visit, file, by) for file in photographs]
    try:
        return _record(visit, finding, words.strip(), on, taken, by)
    except BaseException:
        for row in taken:
            row.scan.storage.delete(str(row.scan))
        raise


def _photograph(visit: Visit, file: "UploadedFile[Any]", by: Staff) -> Photograph:
    """Judge it and write it, before the transaction, which is not to wait for a disk."""
    scan = uploads.read(file, field="photographs", named=True)
    row = Photograph(visit=visit, content_type=scan.content_type, size=scan.size, digest=scan.digest, by=by)
    row.scan.save(scan.name, file, save=False)
    return row


@transaction.atomic
def _record(
    visit: Visit, finding: Visit.Finding, words: str, on: date, photographs: Sequence[Photograph], by: Staff
) -> Visit:
    row = _locked(visit)
    # Asked first: the constraint of the table wants the finding and the status in one row, and by one person.
    move = visit_moves.FOUND_IN_ORDER if finding == Finding.IN_ORDER else visit_moves.RECORD
    if reason := why_not(row, move, by):
        raise (NotAllowedError if reason.forbidden else MoveRefusedError)(reason.text, move=move.name)
    with transaction.atomic():
        row.visitor, row.visited_on, row.finding, row.words = by, on, finding, words
        row.save(update_fields=["visitor", "visited_on", "finding", "words"])
        make_move(row, move, by=by)
    distinct = {photo.digest: photo for photo in photographs}
    for photo in distinct.values():
        photo.save(force_insert=True)
    return row


@transaction.atomic
def confirm(visit: Visit, *, reason: str, by: Staff) -> Lead:
    """Another person confirms what was found: it is referred to the registry at once, on the whole household."""
    row = _settle(visit, visit_moves.CONFIRM, reason, by)
    lead = leads.take(
        Lead.Kind.MISUSE,
        about=[Named(each.name, each.id_number) for each in row.tenancy.application.members.order_by("key")],
        text=_words(row),
        act_code=ACTS[Finding(row.finding)],
        origin=f"visit:{row.pk}",
        confirmed=Confirmed(by, timezone.now()),
        office_code=row.office_code,
        by=by,
    )
    row.lead = lead
    row.save(update_fields=["lead"])
    return lead


@transaction.atomic
def dismiss(visit: Visit, *, reason: str, by: Staff) -> None:
    """Another person finds nothing in it; it stays on file with the reason."""
    _settle(visit, visit_moves.DISMISS, reason, by)


@transaction.atomic
def cancel(visit: Visit, *, reason: str, by: Staff) -> None:
    """A planned visit is not made."""
    make_move(visit, visit_moves.CANCEL, by=by, note=_given(reason))


@transaction.atomic
def order_out(visit: Visit, *, text: str, by: Staff) -> Exit:
    """Order the household to leave for the breach that was confirmed. Raises `MoveRefusedError` for anything less."""
    row = _locked(visit)
    if row.status != Visit.Status.CONFIRMED or row.exit_id is not None:
        # Translators: 只能依据已核实的检查结果责令腾退一次。
        raise MoveRefusedError(_("An order to leave follows from a confirmed finding, once."))
    if reason := visit_moves.not_visited_by(row, by):
        raise NotAllowedError(reason)
    row.exit = exits.order_out(row.tenancy, reason=Exit.Reason.BREACH, text=text, by=by, origin=f"visit:{row.pk}")
    row.save(update_fields=["exit"])
    return row.exit


def _settle(visit: Visit, move: Move, reason: str, by: Staff) -> Visit:
    row = _locked(visit)
    words = _given(reason)
    if refused := why_not(row, move, by):
        raise (NotAllowedError if refused.forbidden else MoveRefusedError)(refused.text, move=move.name)
    row.settled_by, row.settled_on, row.reason = by, workdays.today(), words
    row.save(update_fields=["settled_by", "settled_on", "reason"])
    make_move(row, move, by=by, note=words)
    return row


def _words(visit: Visit) -> str:
    """What the registry reads, in the language of letters: it is kept, and every officer reads it."""
    with translation.override(LETTER_LANGUAGE):
        # Translators: 租赁 %(tenancy)s，%(on)s 入户检查 %(visit)s：%(finding)s。%(words)s 经 %(by)s 核实：%(reason)s
        text = _(
            "Tenancy %(tenancy)s, visit %(visit)s on %(on)s by %(visitor)s: %(finding)s. %(words)s Confirmed by "
            "%(by)s: %(reason)s"
        )
        return text % {
            "tenancy": visit.tenancy.number,
            "visit": visit.number,
            "on": date_format(visit.visited_on) if visit.visited_on else "--",
            "visitor": visit.visitor.name if visit.visitor else "--",
            "finding": visit.get_finding_display(),
            "words": visit.words,
            "by": visit.settled_by.name if visit.settled_by else "--",
            "reason": visit.reason,
        }


def _locked(visit: Visit) -> Visit:
    rows = Visit.objects.select_for_update(of=("self",)).select_related("tenancy__application", "visitor")
    row: Visit = rows.get(pk=visit.pk)
    return row


def _must_lie_ahead(due_on: date) -> None:
    if due_on < workdays.today():
        text = _("This day is over.")
        raise UnfitDataError(text, {"due_on": [text]})


def _need_officer(by: Staff, office_code: str) -> None:
    if not by.has_role(Role.HOUSING_OFFICER, office_code):
        raise NotAllowedError(_("Your posting does not include this work."))


def _given(reason: str) -> str:
    if not reason.strip():
        raise UnfitDataError(_("Give the reason."), {"reason": [_("Give the reason.")]})
    return reason.strip()
