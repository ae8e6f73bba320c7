"""Accept an application at the window: with all its papers, or in the fast lane with some to follow (容缺受理).

Who the household is, what it promises and whom one may ask about it cannot follow later. A paper that does not come in
time is shown to whoever has the case, and decides nothing by itself.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from applications import deadlines, fast_lane, guards, intake, letters_out, receipts, signing
from applications.models import Application, Attachment, Supplement
from applications.models.lane import ESSENTIAL_PAPERS
from applications.querysets import ENDED
from bureau import timeline, workdays
from bureau.errors import MoveRefusedError, NotAllowedError, StaleError, UnfitDataError
from bureau.fields import blind_index
from bureau.locking import lock
from bureau.models import Document, Staff
from verification.facts import Declared

PROMISE = "promise"  # the kind of paper on which the household promises


def missing(application: Application, declared: Declared) -> Mapping[str, str | Promise]:
    """Kinds of paper that this household still has to bring, by name."""
    brought = set(application.attachments.filter(removed_at=None).values_list("section", flat=True))
    return {kind: name for kind, name in receipts.needed(declared).items() if kind not in brought}


def following(application: Application, declared: Declared) -> list[str]:
    """Kinds of paper that may follow on a written promise; none outside the fast lane, or once it was accepted."""
    indexes = [blind_index(person.id_number) for person in declared.persons]
    if application.submitted_at is not None or not fast_lane.would_be(indexes):
        return []
    return [kind for kind in missing(application, declared) if kind not in ESSENTIAL_PAPERS]


def last_day() -> date:
    """The day by which papers come in that are promised today."""
    today = workdays.today()
    return workdays.add_workdays(today, deadlines.procedure_on(today).supplement_days)


def print_promise(application: Application, declared: Declared, *, by: Staff) -> Document:
    """容缺受理承诺书, numbered, to be signed at the window: what follows, and by which day. `MoveRefusedError` where
    nothing may follow.
    """
    signing.must_be_open(application, by)
    kinds = following(application, declared)
    if not kinds:
        raise MoveRefusedError(_("No paper of this household may follow later."))
    with translation.override(letters_out.LETTER_LANGUAGE):
        papers = tuple(str(receipts.PAPER_NAMES[kind]) for kind in kinds)
    return letters_out.form_to_sign(application, PROMISE, declared, by=by, papers=papers, until=last_day())


def obstacle(application: Application, declared: Declared, *, fast: bool) -> str:
    """Why the application cannot be accepted with the papers it has; empty where it can."""
    if application.submitted_at is not None:
        return ""  # accepted once; what a desk wants besides, it says when it returns the case
    lacking = missing(application, declared)
    if essential := [str(name) for kind, name in lacking.items() if kind in ESSENTIAL_PAPERS]:
        # Translators: 缺少%(papers)s，不能受理，也不能容缺。
        return _("Nothing is accepted without: %(papers)s. This cannot follow later.") % {
            "papers": _(", ").join(essential)
        }
    if not lacking:
        return ""
    told = {"papers": _(", ").join(str(name) for name in lacking.values())}
    if not fast:
        # Translators: 材料不全：%(papers)s。请一次性告知家庭补齐。
        return _("Papers are missing: %(papers)s. Tell the household all of them at once.") % told
    if _promise_of(application) is None:
        # Translators: 可容缺受理：请扫描家庭签署的容缺受理承诺书（补交：%(papers)s）。
        return _("Fast lane: these may follow later: %(papers)s. Add the scan of the written promise first.") % told
    return ""


@transaction.atomic
def hand_in(application: Application, declared: Declared, *, by: Staff) -> Application:
    """Submit at the window; what is missing is promised in writing by a day, in the fast lane alone.

    Raises `UnfitDataError` where papers are missing that cannot follow, or no promise was scanned; nothing is written.
    """
    lacking = missing(application, declared) if application.submitted_at is None else {}
    at_most, without_lane = (obstacle(application, declared, fast=fast) for fast in (True, False))
    if at_most:
        raise UnfitDataError(at_most, {"papers": [at_most]})
    handed_in = intake.submit(application, declared, by=by)
    if lacking and not handed_in.fast:
        raise UnfitDataError(without_lane, {"papers": [without_lane]})
    for section in lacking:
        _promise(handed_in, section, by)
    return handed_in


def _promise(application: Application, section: str, by: Staff) -> Supplement:
    promise, due_on = _promise_of(application), last_day()
    assert promise is not None  # noqa: S101 -- `obstacle` has asked for it
    timeline.record(application, "paper_promised", by=by, note=f"{due_on}", kind=section)
    return Supplement.objects.create(
        application=application,
        section=section,
        promise=promise,
        promised_on=workdays.today(),
        due_on=due_on,
        recorded_by=by,
    )


def _promise_of(application: Application) -> Attachment | None:
    """The scan of the written promise."""
    found: Attachment | None = application.attachments.filter(removed_at=None, section=PROMISE).last()
    return found


def may_supply(application: Application, by: Staff) -> bool:
    """Whether this person brings promised papers in, now."""
    return guards.own_window(application, by) is None and application.status not in ENDED


@transaction.atomic
def supply(supplement: Supplement, file: "UploadedFile[Any]", *, by: Staff) -> Supplement:
    """Bring a promised paper in, in time or later, at the household's window while the case is under way."""
    application = supplement.application
    row: Supplement = Supplement.objects.select_for_update(of=("self",)).get(pk=supplement.pk)
    if not row.is_open:
        raise StaleError(_("This paper has been brought already."))
    title = str(receipts.PAPER_NAMES[row.section])
    row.paper = intake.attach(application, file, section=row.section, title=title, by=by, gate=_under_way)
    row.supplied_at = timezone.now()
    row.save(update_fields=["paper", "supplied_at"])
    timeline.record(application, "paper_supplied", by=by, kind=row.section)
    return row


def _under_way(application: Application, by: Staff) -> None:
    """The gate of papers that follow: the own window, and a case that has not ended."""
    lock(application)
    if reason := guards.own_window(application, by):
        raise NotAllowedError(reason)
    if application.status in ENDED:
        raise MoveRefusedError(_("The case has ended; no paper is brought to it any more."))
