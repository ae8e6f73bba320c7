"""The public notice of an intended grant: masked, for so many days, open to objections, taken down by itself."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications import deadlines, guards, letters_out, moves
from applications.models import Application, Member, NoticeObjection, PublicNotice
from bureau import lifecycle, masks, timeline, workdays
from bureau.errors import MoveRefusedError, NotAllowedError, StaleError, UnfitDataError
from bureau.locking import lock
from bureau.models import Staff
from bureau.roles import Role
from credit import standing

RECORD_OBJECTIONS = (Role.CLERK, Role.REVIEWER, Role.HOUSING_OFFICER)


def put_up(case: Application, *, by: Staff) -> PublicNotice:
    """Publish only what is needed: the masked name, the size of the household, the kind of benefit."""
    today = workdays.today()
    days = deadlines.procedure_on(case.accepted_on or today).notice_days
    notice = PublicNotice(
        application=case,
        opens_on=today,
        closes_on=today + timedelta(days=days),
        masked_name=masks.name(case.applicant_name),
        household_size=case.household_size,
    )
    notice.document = letters_out.public_notice(case, notice, by=by)
    notice.save(force_insert=True)
    return notice


def take_down(case: Application) -> None:
    """End the running notice, if there is one."""
    case.notices.filter(closed_at=None).update(closed_at=timezone.now())


@transaction.atomic
def object_to(notice: PublicNotice, *, text: str, objector: str, by: Staff) -> NoticeObjection:
    """Record what somebody brought forward, also without a name. The case is locked: it is not approved meanwhile."""
    case = _locked(notice.application_id)
    if not any(by.has_role(role, case.office_code) for role in RECORD_OBJECTIONS):
        raise NotAllowedError(_("Your posting does not include this work."))
    notice.refresh_from_db()
    if notice.closed_at is not None:
        raise StaleError(_("This notice has already closed."))
    if not text.strip():
        raise UnfitDataError(_("Write what is objected."), {"text": [_("Write what is objected.")]})
    objection = NoticeObjection.objects.create(
        notice=notice, text=text.strip(), objector=objector.strip(), recorded_by=by
    )
    timeline.record(case, "objection_received", by=by)
    return objection


@transaction.atomic
def answer_objection(objection: NoticeObjection, *, upheld: bool, answer: str, by: Staff) -> None:
    """The housing officer settles an objection.

    When upheld, the household is checked again before anything else is decided.
    """
    case = _locked(objection.notice.application_id)
    if not by.has_role(Role.HOUSING_OFFICER, case.office_code):
        raise NotAllowedError(_("Your posting does not include this work."))
    if reason := guards.not_keyed_by(case, by) or guards.no_relative_of(case, by) or guards.not_decided_by(case, by):
        raise NotAllowedError(reason)
    row = NoticeObjection.objects.select_for_update().get(pk=objection.pk)
    if row.settled_at is not None:
        raise StaleError(_("This objection has already been answered."))
    if not answer.strip():
        raise UnfitDataError(_("Write the answer."), {"answer": [_("Write the answer.")]})
    row.settled_at, row.settled_by, row.upheld, row.answer = timezone.now(), by, upheld, answer.strip()
    row.save(update_fields=["settled_at", "settled_by", "upheld", "answer"])
    timeline.record(case, "objection_upheld" if upheld else "objection_dismissed", by=by, note=answer)


def _locked(case_id: int) -> Application:
    case: Application = Application.objects.select_for_update(of=("self",)).get(pk=case_id)
    return case


def close_due() -> int:
    """Approve every case whose notice has run its days without an open or upheld objection; returns how many.

    A household with a member under a sanction is not approved: it falls due at the housing officer's desk, once, with
    the reason, and is approved when the sanction has ended or was lifted.
    """
    today = workdays.today()
    due = PublicNotice.objects.due_to_close(today).select_related("application").order_by("pk")
    barred = Member.objects.filter(id_index__in=standing.barred(on=today)).values("application")
    for notice in due.filter(application__in=barred, application__due_on=None)[:500]:
        _hold(notice.application)
    return sum(_approve(notice) for notice in due.exclude(application__in=barred)[:500])


@transaction.atomic
def _hold(case: Application) -> None:
    lock(case)
    reason = guards.nobody_is_barred(case, None)
    if case.status == Application.Status.ON_NOTICE and case.due_on is None and reason:
        case.due_on = workdays.today()
        case.save(update_fields=["due_on"])
        timeline.record(case, "approval_held", by=None, note=str(reason))


def _approve(notice: PublicNotice) -> int:
    case = notice.application
    try:
        with transaction.atomic():
            lifecycle.make_move(case, moves.APPROVE, by=None, also=deadlines.with_clock)
            take_down(case)
            found = case.decisions.select_related("conclusion__report", "conclusion__assessment__standard", "by")
            decision = found.get(superseded_at=None)
            decision.letter = letters_out.approval(case, notice, decision)
            decision.save(update_fields=["letter"])
    except MoveRefusedError:
        return 0  # an objection came in, or another sweep was faster
    return 1
