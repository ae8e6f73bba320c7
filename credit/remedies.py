"""Objections to a record, and its repair before its time."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from bureau import numbers, workdays
from bureau.errors import UnfitDataError
from bureau.lifecycle import make_move
from bureau.models import Staff
from credit import cases, deadlines, moves, sanctions
from credit.clocks import Event
from credit.models import Case, Dispute, Repair, Subject

DISPUTE, REPAIR = "XY", "XF"  # 信用异议, 信用修复: how numbers begin
OPEN_REPAIR = (Repair.Status.RECEIVED, Repair.Status.ACCEPTED)


@transaction.atomic
def dispute(case: Case, subject: Subject, *, text: str, received_on: date, by: Staff) -> Dispute:
    """Enter an objection to a record: it is marked as disputed until the answer, which is due after seven working days.

    Raises `UnfitDataError` when the case is not recorded, no measure runs against the subject, an objection of theirs
    is open, the day does not fit, or no grounds are given.
    """
    held = Case.objects.locked(case.pk)
    cases.must_be_recorded(held)
    _must_fit(held, text, received_on)
    if not held.sanctions.filter(subject=subject, end_noted_at=None).exists():
        raise UnfitDataError(_("No measure of this case runs against this subject."))
    if held.disputes.filter(subject=subject, status=Dispute.Status.OPEN).exists():
        raise UnfitDataError(_("An objection of this subject is open already."))
    found = Dispute.objects.create(
        number=numbers.reference(DISPUTE, on=workdays.today()),
        case=held,
        subject=subject,
        text=text.strip(),
        received_on=received_on,
        due_on=workdays.add_workdays(received_on, deadlines.policy_of(held).objection_workdays),
        office_code=held.office_code,
        by=by,
    )
    sanctions.mark(held, subject, disputed=True)
    return found


@transaction.atomic
def answer(found: Dispute, *, by: Staff, upheld: bool, text: str) -> None:
    """Answer an objection. Upheld, the finding is withdrawn; else the record stands and the mark goes."""
    cases.need_reason(text)
    case = Case.objects.locked(found.case_id)
    make_move(found, moves.UPHOLD if upheld else moves.REJECT, by=by)
    found.answer, found.answered_on = text.strip(), workdays.today()
    found.save(update_fields=["answer", "answered_on"])
    sanctions.mark(case, found.subject, disputed=False)
    if upheld and case.status in moves.WITHDRAW.steps:
        cases.withdraw(case, by=by, reason=found.number)


@transaction.atomic
def seek_repair(case: Case, subject: Subject, *, promise: str, papers: str, applied_on: date, by: Staff) -> Repair:
    """Enter an application for repair; whether it is accepted is told within three working days.

    Raises `UnfitDataError` when the case is not recorded, the subject did not act, one is open, or something is
    missing.
    """
    held = Case.objects.locked(case.pk)
    cases.must_be_recorded(held)
    _must_fit(held, papers, applied_on)
    if not promise.strip():
        raise UnfitDataError(_("Name the public promise: a repair rests on one."))
    if not any(party.acted and party.subject_id == subject.pk for party in held.parties.all()):
        raise UnfitDataError(_("Who acted applies for the repair."))
    if held.repairs.filter(status__in=OPEN_REPAIR).exists():
        raise UnfitDataError(_("An application for repair is open already."))
    policy = deadlines.policy_of(held)
    return Repair.objects.create(
        number=numbers.reference(REPAIR, on=workdays.today()),
        case=held,
        subject=subject,
        promise=promise.strip(),
        papers=papers.strip(),
        applied_on=applied_on,
        accept_by=workdays.add_workdays(applied_on, policy.repair_acceptance_workdays),
        office_code=held.office_code,
        by=by,
    )


@transaction.atomic
def accept(repair: Repair, *, by: Staff, accepted: bool, missing: str = "") -> None:
    """Accept an application for repair, or name once and for all what is missing; a new one brings it."""
    if not accepted:
        cases.need_reason(missing)
        make_move(repair, moves.TURN_AWAY_REPAIR, by=by, note=missing.strip())
        repair.reason, repair.decided_on = missing.strip(), workdays.today()
        repair.save(update_fields=["reason", "decided_on"])
        return
    make_move(repair, moves.ACCEPT_REPAIR, by=by)
    days = deadlines.policy_of(repair.case).repair_result_workdays
    repair.accepted_on = workdays.today()
    repair.result_by = workdays.add_workdays(repair.accepted_on, days)
    repair.save(update_fields=["accepted_on", "result_by"])


@transaction.atomic
def extend(repair: Repair, *, by: Staff, reason: str) -> None:
    """Take longer over a repair that is not simple, once, with the reason."""
    cases.need_reason(reason)
    Case.objects.locked(repair.case_id)
    repair.refresh_from_db()
    if repair.status != Repair.Status.ACCEPTED or repair.result_by is None or repair.extended:
        raise UnfitDataError(_("The time for a result is extended once, after the application was accepted."))
    days = deadlines.policy_of(repair.case).repair_extension_workdays
    repair.result_by, repair.extended = workdays.add_workdays(repair.result_by, days), reason.strip()[:200]
    repair.save(update_fields=["result_by", "extended"])


@transaction.atomic
def decide(repair: Repair, *, by: Staff, granted: bool, reason: str) -> None:
    """Grant a repair, and publication and sharing end today as their rules say; or refuse it with the reason.

    Raises `MoveRefusedError` while its conditions are not met.
    """
    cases.need_reason(reason)
    case = Case.objects.locked(repair.case_id)
    make_move(repair, moves.GRANT_REPAIR if granted else moves.REFUSE_REPAIR, by=by, note=reason.strip())
    repair.reason, repair.decided_on = reason.strip(), workdays.today()
    repair.save(update_fields=["reason", "decided_on"])
    if granted:
        cases.must_be_recorded(case)
        cases.happen(case, Event.REPAIRED, on=workdays.today(), basis=repair.number, by=by)


def _must_fit(case: Case, text: str, on: date) -> None:
    recorded = case.happenings.filter(event=Event.RECORDED).values_list("on", flat=True).first()
    if not text.strip():
        raise UnfitDataError(_("Write down the grounds, or the proof."))
    if recorded is None or not recorded <= on <= workdays.today():
        raise UnfitDataError(_("The day lies before the record, or ahead."))
