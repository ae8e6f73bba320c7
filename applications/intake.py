"""At the window: open a draft, save its sections, attach papers, print and sign the forms, submit (clauses A3, B3)."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from applications import deadlines, drafting, fast_lane, moves, problems, receipts, signing
from applications.models import Application, Attachment, Declaration, Draft, Member
from bureau import identifiers, lifecycle, numbers, timeline, uploads, workdays
from bureau.errors import CaseError, NotAllowedError, StaleError, UnfitDataError
from bureau.models import Staff
from bureau.roles import Role
from verification.facts import Declared

DECLARATION_CHANGED = gettext_noop("The household's declaration changed.")  # kept as msgid, shown in the reader's words
APPLICANT = "01"  # GB/T 4761
Gate = Callable[[Application, Staff], Any]


@transaction.atomic
def open_draft(kind: str, *, by: Staff) -> Application:
    """A new draft at the clerk's own window; it has a reference from its first moment."""
    seat = next((seat for seat in by.seats if seat.role == Role.CLERK), None)
    if seat is None:
        raise NotAllowedError(_("Only a window clerk takes applications."))
    application = Application.objects.create(
        reference=numbers.reference(Application.PREFIXES[Application.Kind(kind)], on=workdays.today()),
        kind=kind,
        office=seat.office,
        office_code=seat.office.code,
        keyed_by=by,
    )
    Draft.objects.create(application=application, saved_by=by, typed_by=[by.pk])
    timeline.record(application, "opened", by=by, office=seat.office)
    return application


@transaction.atomic
def save_section(
    application: Application,
    section: str,
    content: Mapping[str, Any],
    *,
    version: int,
    by: Staff,
    page: str = "",
    goes_on: bool = False,
) -> int:
    """Keep a section as typed, right or wrong; returns the draft's new version.

    `StaleError` when another page saved this section after version `version`; then nothing is overwritten. `page` is
    the page's own token: what it saved while it was being filled in (`goes_on`) does not stand in its own way. When it
    is left, what it still had under way comes too late.
    """
    signing.lock_while_open(application, by)
    draft = Draft.objects.select_for_update(of=("self",)).select_related("saved_by").get(application=application)
    kept = draft.sections.get(section, {})
    if version > draft.version:
        text = _("This page does not belong to the draft as it is. Open the section again; nothing was overwritten.")
        raise StaleError(text, version=draft.version)
    if kept.get("version", 0) > version and not (page and kept.get("page") == page):
        raise StaleError(
            _(
                "%(name)s saved this section at %(time)s, after you opened it. "
                "Nothing was overwritten, and what you typed is still here."
            )
            % {"name": draft.saved_by, "time": timezone.localtime(draft.saved_at).strftime("%H:%M")},
            version=draft.version,
        )
    draft.version, draft.saved_at, draft.saved_by = draft.version + 1, timezone.now(), by
    draft.sections = {**draft.sections, section: {**content, "version": draft.version, "page": page if goes_on else ""}}
    draft.typed_by = sorted({*draft.typed_by, by.pk})
    draft.save()
    if section == "applicant" and application.status == Application.Status.DRAFT:
        application.applicant_name = next((row.get("name", "").strip() for row in content.get("rows", ())), "")[:60]
        application.save(update_fields=["applicant_name"])  # a list of drafts says whose they are
    return draft.version


def attach(
    application: Application,
    file: "UploadedFile[Any]",
    *,
    section: str,
    title: str,
    by: Staff,
    member_key: str = "",
    gate: Gate = signing.lock_while_open,
) -> Attachment:
    """Take in a scanned paper; type, size and content are checked before anything is kept.

    `gate` locks the application and raises where no paper is taken: while it is filled in, unless another is given.
    """
    with transaction.atomic():
        gate(application, by)
    scan = uploads.read(file)
    _must_be_new(application, scan.digest, section, member_key)
    attachment = Attachment(
        application=application,
        section=section,
        member_key=member_key,
        title=title.strip() or (file.name or "")[:80],
        content_type=scan.content_type,
        size=scan.size,
        digest=scan.digest,
        uploaded_by=by,
    )
    # Written before the transaction, which is not to wait for a disk; without its row the file is unknown to everybody.
    attachment.file.save(scan.name, file, save=False)
    try:
        with transaction.atomic():
            gate(application, by)
            attachment.save(force_insert=True)
            timeline.record(application, "attached", by=by, note=attachment.title)
    except CaseError:
        attachment.file.storage.delete(str(attachment.file))
        raise
    return attachment


def _must_be_new(application: Application, digest: str, section: str, member_key: str) -> None:
    """One paper is not added twice: the same file, of the same kind, for the same person. A scan of signatures may."""
    if section == "signing":
        return
    same = application.attachments.filter(removed_at=None, digest=digest, section=section, member_key=member_key)
    twin = same.first()
    if twin is not None:
        at = f"{timezone.localtime(twin.uploaded_at):%Y-%m-%d %H:%M}"
        text = _("This file has been added already (%(title)s, %(at)s).") % {"title": twin.title, "at": at}
        raise UnfitDataError(text, {"file": [text]})


@transaction.atomic
def remove_attachment(attachment: Attachment, *, by: Staff) -> None:
    """Take a paper out of the case; the row stays, with who and when. One that a signature rests on cannot go."""
    signing.lock_while_open(attachment.application, by)
    if signing.rests_on(attachment):
        raise UnfitDataError(_("A signature rests on this scan. Record the signature anew first."))
    attachment.removed_at, attachment.removed_by = timezone.now(), by
    attachment.save(update_fields=["removed_at", "removed_by"])
    timeline.record(attachment.application, "attachment_removed", by=by, note=attachment.title)


def submit(application: Application, declared: Declared, *, by: Staff) -> Application:
    """Hand the household's declaration to the street (or, unchanged after a correction, to the tier that returned it).

    Raises `UnfitDataError` naming every problem: bad household, missing signature, a member under a ban or already in a
    live application or a benefit. Then nothing is written.
    """
    signing.must_be_open(application, by)
    found = [*problems.of_household(declared), *problems.of_standing(declared)]
    if found:
        raise UnfitDataError(found[0], {"household": found})
    try:
        _submit(application, declared, by)
    except IntegrityError as error:
        application.refresh_from_db()
        raise _clash(error, application, declared) from None
    return application


@transaction.atomic
def _submit(application: Application, declared: Declared, by: Staff) -> None:
    signing.lock_while_open(application, by)
    first_time = application.status == Application.Status.DRAFT
    content = msgspec.json.encode(declared)
    digest = drafting.digest(declared)
    unchanged = application.declaration is not None and application.declaration.digest == digest
    if not unchanged:
        _declare(application, content, digest, by)
        _enrol(application, declared)
        signing.end_for_leavers(application, declared)
    today = workdays.today()
    application.applicant_name = next(person.name for person in declared.persons if person.relation == APPLICANT)
    application.household_size = len(declared.persons)
    application.submitted_at = application.submitted_at or timezone.now()
    application.accepted_on = application.accepted_on or today
    application.save(update_fields=["applicant_name", "household_size", "submitted_at", "accepted_on", "declaration"])
    back_to = application.returned_to if unchanged else ""
    move = moves.RESUBMIT.get(Application.Status(back_to), moves.SUBMIT) if back_to else moves.SUBMIT
    changed = not (first_time or unchanged)
    note = DECLARATION_CHANGED if changed else ""
    lifecycle.make_move(application, move, by=by, note=note, also=_with_lane if not unchanged else _with_clock)
    _keep_for_correction(application, declared)
    if first_time:
        receipts.receipt(application, by=by)


def _with_lane(application: Application) -> tuple[str, ...]:
    """What a newly declared household is handed in with: its lane, on which its time limits rest, and its clock."""
    fast_lane.decide(application)
    return ("fast", *_with_clock(application))


def _with_clock(application: Application) -> tuple[str, ...]:
    """The tier that had returned the case goes on with the days that it had left; another has all of its own."""
    left = application.days_left if application.status == application.returned_to else None
    whole = deadlines.due_date(application, application.status) if left is None else None
    application.due_on = workdays.add_workdays(workdays.today(), left) if left is not None else whole
    application.returned_to, application.days_left = "", None
    return "due_on", "returned_to", "days_left"


def note_in_words(note: str) -> str:
    """A note of the timeline for its reader: what the system noted in the reader's words, a person's as written."""
    return _(note) if note == DECLARATION_CHANGED else note


def _declare(application: Application, content: bytes, digest: str, by: Staff) -> None:
    """A new version of the declaration; opinions that rested on the earlier one are struck through, not removed."""
    earlier = application.declaration
    application.declaration = Declaration.objects.create(
        application=application, version=earlier.version + 1 if earlier else 1, content=content, digest=digest, by=by
    )
    if earlier is None:
        return
    application.opinions.filter(valid=True).update(
        valid=False, invalid_since=timezone.now(), invalid_because=DECLARATION_CHANGED
    )


def _enrol(application: Application, declared: Declared) -> None:
    # A returned case stays live; the trigger acts only on changes of status.
    live = application.status == Application.Status.RETURNED
    if live:
        application.members.all().delete()
    Member.objects.bulk_create(
        [
            Member(
                application=application,
                key=person.key,
                name=person.name,
                relation=person.relation,
                id_number=person.id_number,
                born_on=identifiers.birth_date(person.id_number),
                live=live,
            )
            for person in declared.persons
        ]
    )


def _keep_for_correction(application: Application, declared: Declared) -> None:
    """What was handed in otherwise than through the pages can be corrected on them when a desk returns the case."""
    draft = Draft.objects.filter(application=application).first()
    if draft is not None and not draft.sections:
        draft.sections = drafting.sections_from(declared)
        draft.save(update_fields=["sections"])


def _clash(error: IntegrityError, application: Application, declared: Declared) -> Exception:
    """The sentence for what the database refused; any other refusal is passed on as it is."""
    if "person_has_one_live_application" not in str(error):
        return error
    ended_just_now = _("A member's other application ended just now. Submit again.")
    found = problems.of_other_cases(application, declared) or [ended_just_now]
    return UnfitDataError(found[0], {"household": found})


@transaction.atomic
def discard(application: Application, *, by: Staff) -> None:
    """Give a draft up; what was typed is removed, the reference and the timeline stay."""
    lifecycle.make_move(application, moves.DISCARD, by=by)
    Draft.objects.filter(application=application).delete()


@transaction.atomic
def withdraw(application: Application, *, by: Staff, reason: str) -> None:
    """The household takes its application back, without any mark; its check stops and its authorisations end."""
    if not reason.strip():
        text = _("Write why the household withdraws.")
        raise UnfitDataError(text, {"reason": [text]})
    lifecycle.make_move(application, moves.WITHDRAW, by=by, note=reason.strip(), also=deadlines.with_clock)
    signing.end_all(application, reason=_("The application was withdrawn."))
