"""An objection to the result of a check, from the window to the letter that answers it.

The household disputes lines of the statement that the conclusion rests on, and brings proof. An officer who had no part
in the result decides on each line: its source is asked again, or requested to correct its record, or the objection is
refused with a reason. What the sources then tell makes the outcome, not the officer.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau import lifecycle, numbers, timeline, uploads, workdays
from bureau.errors import CaseError, MoveRefusedError, NotAllowedError, StaleError, UnfitDataError
from bureau.locking import lock
from bureau.models import Staff
from bureau.moves import Move, why_not
from bureau.roles import Role
from verification import objection_letters, objection_moves, orders, rechecks
from verification.models import Check, Dispute, Objection, Proof, Source
from verification.rechecks import Told

MOST_PROOFS = 10
Act, Outcome, Reply = Dispute.Act, Dispute.Outcome, Dispute.Reply


def receive(
    check: Check,
    *,
    grounds: str,
    lines: Sequence[int],
    proofs: Sequence[tuple[str, "UploadedFile[Any]"]],
    result_on: date,
    due_on: date,
    department_days: int,
    by: Staff,
) -> Objection:
    """Take an objection in at the window, with the lines it disputes and its proof, each file read for what it is.

    The caller has looked at the term; `due_on` is until when it is to be answered. `UnfitDataError` names what is
    missing or not taken; then nothing is kept.
    """
    if not by.has_role(Role.CLERK, check.office_code):
        raise NotAllowedError(_("Your posting does not include this work."))
    if check.status != Check.Status.CONCLUDED:
        raise MoveRefusedError(_("Only the result of a concluded check can be objected to."))
    sources = _sources_of(check, grounds, lines, proofs)
    scans = [_proof(title, file, by) for title, file in proofs]
    rows = [row for row, _name in scans]
    _require_different(rows)
    try:
        for (row, name), (_title, file) in zip(scans, proofs, strict=True):
            row.file.save(name, file, save=False)
        with transaction.atomic():
            objection = _open(check, by, grounds.strip(), result_on, due_on, department_days)
            Dispute.objects.bulk_create(
                Dispute(objection=objection, source=source, line=line) for line, source in sources.items()
            )
            for row in rows:
                row.objection = objection
            Proof.objects.bulk_create(rows)
            timeline.record(objection, "objection_to_result_received", by=by)
    except CaseError:
        for row in rows:
            row.file.storage.delete(str(row.file))
        raise
    return objection


def _open(check: Check, by: Staff, grounds: str, result_on: date, due_on: date, department_days: int) -> Objection:
    Check.objects.select_for_update(of=("self",)).get(pk=check.pk)  # one at a time
    if open_one := Objection.objects.open().filter(check_ordered=check).first():
        text = _("Objection %(number)s to this result is still to be answered.")
        raise MoveRefusedError(text % {"number": open_one.number})
    today = workdays.today()
    return Objection.objects.create(
        number=numbers.reference("YY", on=today),
        check_ordered=check,
        subject=check.subject,
        office_code=check.office_code,
        grounds=grounds,
        result_on=result_on,
        received_on=today,
        received_by=by,
        due_on=due_on,
        department_days=department_days,
    )


def _sources_of(
    check: Check, grounds: str, lines: Sequence[int], proofs: Sequence[tuple[str, Any]]
) -> dict[int, Source]:
    """The sources of the disputed lines, by line; what is wrong with the objection field by field."""
    fields: dict[str, list[str]] = {}
    if not grounds.strip():
        fields["grounds"] = [_("Write what the household objects to.")]
    if not 0 < len(proofs) <= MOST_PROOFS:
        fields["proofs"] = [_("Add the household's proof, at most %(count)s files.") % {"count": MOST_PROOFS}]
    codes = {line.number: rechecks.source_code(line) for line in rechecks.disputable(rechecks.statement_of(check))}
    if not lines:
        fields["lines"] = [_("Choose the lines that are disputed.")]
    elif not set(lines) <= set(codes):
        fields["lines"] = [_("Choose lines of the statement that a source told.")]
    if fields:
        raise UnfitDataError(next(iter(fields.values()))[0], fields)
    sources = {source.code: source for source in Source.objects.filter(code__in=codes.values())}
    return {line: sources[codes[line]] for line in sorted(set(lines))}


def _proof(title: str, file: "UploadedFile[Any]", by: Staff) -> tuple[Proof, str]:
    """A proof, and the name under which its file is kept."""
    scan = uploads.read(file, field="proofs", named=True)
    proof = Proof(
        title=title.strip()[:80] or (file.name or "")[:80],
        content_type=scan.content_type,
        size=scan.size,
        digest=scan.digest,
        uploaded_by=by,
    )
    return proof, scan.name


def _require_different(rows: Sequence[Proof]) -> None:
    if len({row.digest for row in rows}) < len(rows):
        text = _("The same file has been chosen twice.")
        raise UnfitDataError(text, {"proofs": [text]})


@transaction.atomic
def decide(dispute: Dispute, *, act: str, reason: str, by: Staff) -> Dispute:
    """Decide on a disputed line, once. A correction request goes out as a letter; a refusal settles the line."""
    if act not in Act.values:
        raise UnfitDataError(_("Choose what is done."), {"act": [_("Choose what is done.")]})
    said = reason.strip()
    if not said and act != Act.ASK_AGAIN:
        wanted = _("Write what is to be verified.") if act == Act.CORRECTION else _("Give the reason.")
        raise UnfitDataError(wanted, {"reason": [wanted]})
    row = _locked(dispute)
    _require(row.objection, objection_moves.DECIDE, by)
    if row.act:
        raise StaleError(_("Somebody else has decided on this line meanwhile."))
    if act == Act.ASK_AGAIN:
        rechecks.require_in_force([row.source_id])
    row.act, row.reason, row.decided_by, row.decided_at = act, said, by, timezone.now()
    if act == Act.CORRECTION:
        due_on = workdays.add_workdays(workdays.today(), row.objection.department_days)
        row.reply_due_on = due_on
        row.letter = objection_letters.correction_request(row, said, reply_by=due_on, by=by)
    if act == Act.REFUSE:
        _settle(row, Outcome.REFUSED, by)
    row.save()
    lifecycle.make_move(row.objection, objection_moves.DECIDE, by=by, note=said, act=act, line=row.line)
    return row


@transaction.atomic
def write_reply(dispute: Dispute, *, reply: str, words: str, replied_on: date, by: Staff) -> Dispute:
    """Write down what the department answered. What it maintains is settled; what it corrected it is asked again."""
    row = _locked(dispute)
    _require(row.objection, objection_moves.WRITE_REPLY, by)
    if row.act != Act.CORRECTION:
        raise MoveRefusedError(_("No correction request went out for this line."))
    if row.reply:
        raise StaleError(_("The reply has been written down already."))
    _check_reply(row, reply, words, replied_on)
    row.reply, row.reply_words, row.replied_on, row.reply_by = reply, words.strip(), replied_on, by
    if reply == Reply.MAINTAINED:
        _settle(row, Outcome.MAINTAINED, by)
    row.save()
    lifecycle.make_move(
        row.objection, objection_moves.WRITE_REPLY, by=by, note=words.strip(), reply=reply, line=row.line
    )
    return row


def _check_reply(row: Dispute, reply: str, words: str, replied_on: date) -> None:
    fields: dict[str, list[str]] = {}
    if reply not in Reply.values:
        fields["reply"] = [_("Choose what the department answered.")]
    if not words.strip():
        fields["words"] = [_("Write what the department says.")]
    if row.letter is not None and not row.letter.issued_on <= replied_on <= workdays.today():
        fields["replied_on"] = [_("The reply lies between the day of the request and today.")]
    if fields:
        raise UnfitDataError(next(iter(fields.values()))[0], fields)


@transaction.atomic
def check_again(objection: Objection, *, by: Staff) -> Check:
    """Check the household again: the sources that may tell something else now are asked, the others taken over."""
    lifecycle.make_move(objection, objection_moves.CHECK_AGAIN, by=by)
    wanted = {dispute.source_id for dispute in objection.disputes.all() if dispute.wants_recheck}
    objection.recheck = rechecks.place(objection.check_ordered, wanted, by=by)
    objection.save(update_fields=["recheck"])
    return objection.recheck


@transaction.atomic
def answer(objection: Objection, *, text: str, by: Staff) -> Objection:
    """Answer with a letter. Each line that was asked again ends as its source tells now; so follows the outcome."""
    if not text.strip():
        raise UnfitDataError(_("Write the answer."), {"answer": [_("Write the answer.")]})
    lock(objection)
    _require(objection, objection_moves.ANSWER, by)
    told = rechecks.told_now(objection)
    for row in objection.disputes.filter(outcome=""):
        # A source that did not answer again maintains what it told.
        _settle(row, Outcome.CORRECTED if told.get(row.pk) == Told.ANOTHER else Outcome.MAINTAINED, by)
        row.save()
    objection.outcome = outcome_of([row.outcome for row in objection.disputes.all()])
    objection.answer, objection.answered_by, objection.answered_at = text.strip(), by, timezone.now()
    objection.save(update_fields=["outcome", "answer", "answered_by", "answered_at"])
    lifecycle.make_move(objection, objection_moves.ANSWER, by=by, note=text.strip(), outcome=objection.outcome)
    objection.letter = objection_letters.answer(objection, by=by)
    objection.save(update_fields=["letter"])
    return objection


def outcome_of(outcomes: Sequence[str]) -> str:
    """What came of the objection as a whole."""
    corrected = outcomes.count(Outcome.CORRECTED)
    if not corrected:
        return Objection.Outcome.NOT_UPHELD
    return Objection.Outcome.UPHELD if corrected == len(outcomes) else Objection.Outcome.PARTLY


@transaction.atomic
def withdraw(objection: Objection, *, by: Staff, reason: str) -> None:
    """The household takes its objection back at its window; a new check that still runs is dropped."""
    if not reason.strip():
        text = _("Write why the household withdraws.")
        raise UnfitDataError(text, {"reason": [text]})
    lifecycle.make_move(objection, objection_moves.WITHDRAW, by=by, note=reason.strip())
    _end(objection, reason.strip())


@transaction.atomic
def drop(subject: str, *, reason: str) -> None:
    """The case is over: its open objection ends with it."""
    for objection in Objection.objects.open().filter(subject=subject):
        lifecycle.make_move(objection, objection_moves.DROP, by=None, note=reason)
        _end(objection, reason)


def _end(objection: Objection, reason: str) -> None:
    objection.disputes.filter(outcome="").update(outcome=Outcome.WITHDRAWN, settled_at=timezone.now())
    recheck = objection.recheck
    if recheck is not None and recheck.status not in {Check.Status.CONCLUDED, Check.Status.CANCELLED}:
        orders.cancel(recheck, by=None, reason=reason)


def _locked(dispute: Dispute) -> Dispute:
    """The line as it is, its objection locked first."""
    objection = Objection.objects.select_for_update(of=("self",)).get(pk=dispute.objection_id)
    row: Dispute = Dispute.objects.select_for_update(of=("self",)).select_related("source", "letter").get(pk=dispute.pk)
    row.objection = objection
    return row


def _require(objection: Objection, move: Move, by: Staff) -> None:
    if reason := why_not(objection, move, by):
        raise (NotAllowedError if reason.forbidden else MoveRefusedError)(reason.text)


def _settle(row: Dispute, outcome: str, by: Staff) -> None:
    row.outcome, row.settled_by, row.settled_at = outcome, by, timezone.now()
