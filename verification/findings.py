"""A person settles a finding: confirmed or dismissed, with a reason. Until then it has no consequence.

A dismissal holds for the later checks of the case as well, until what it is about changes materially; taken back, it
stands as what was said, and for nothing more.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau import timeline
from bureau.errors import MoveRefusedError, NotAllowedError, StaleError, UnfitDataError
from bureau.models import Staff
from bureau.roles import Role
from verification import assessing, moves
from verification.models import Check, Finding, Reopening
from verification.querysets import CheckQuerySet


@transaction.atomic
def confirm(finding: Finding, *, by: Staff, reason: str) -> Finding:
    """The finding is true and material: it may carry a refusal."""
    return _settle(finding, Finding.State.CONFIRMED, by=by, reason=reason)


@transaction.atomic
def dismiss(finding: Finding, *, by: Staff, reason: str) -> Finding:
    """The finding does not hold: what it rests on is set aside, and the household is assessed anew at once."""
    settled = _settle(finding, Finding.State.DISMISSED, by=by, reason=reason)
    assessing.write([settled.check_ordered])
    return settled


@transaction.atomic
def reopen(finding: Finding, *, by: Staff, reason: str) -> Finding:
    """A dismissal was wrong: it is taken back, and the newest check of the case is assessed anew without it."""
    check = newest_check(finding).select_for_update()[0]
    row: Finding = Finding.objects.select_for_update().get(pk=finding.pk)
    require_reopenable(row, check, by)
    said = _given(reason)
    row.reopening = Reopening.objects.create(finding=row, within=check, by=by, reason=said)
    timeline.record(check, "finding_reopened", by=by, note=said, kind=row.kind)
    assessing.write([check])
    return row


def newest_check(finding: Finding) -> CheckQuerySet:
    """The newest check of the case of a finding that was not cancelled."""
    case = Check.objects.filter(subject=finding.check_ordered.subject).exclude(status=Check.Status.CANCELLED)
    return case.order_by("-pk")[:1]


def require_reopenable(finding: Finding, newest: Check, by: Staff) -> None:
    """Raises why this person cannot take the dismissal back now, in the newest check of the case."""
    _require_officer(newest, by)
    if newest.status != Check.Status.ASSESSED:
        raise MoveRefusedError(_("A dismissal is taken back while the newest check of the case awaits its conclusion."))
    if finding.state != Finding.State.DISMISSED:
        raise MoveRefusedError(_("Only what was dismissed can be taken back."))
    if hasattr(finding, "reopening"):
        raise StaleError(_("This dismissal has been taken back already."))


def _settle(finding: Finding, state: Finding.State, *, by: Staff, reason: str) -> Finding:
    check = Check.objects.select_for_update().get(pk=finding.check_ordered_id)
    row: Finding = Finding.objects.select_for_update().get(pk=finding.pk)
    _require_officer(check, by)
    if check.status != Check.Status.ASSESSED:
        raise MoveRefusedError(_("Findings are settled after the assessment and before the conclusion."))
    if row.state != Finding.State.OPEN:
        gone = _("This finding is no longer there: the household was assessed anew.")
        raise StaleError(
            gone if row.state == Finding.State.LAPSED else _("Somebody else has settled this finding meanwhile.")
        )
    if waits := moves.answers_are_heard(check, by):
        raise MoveRefusedError(waits)
    said = _given(reason)
    row.state, row.settled_by, row.settled_at, row.reason = state, by, timezone.now(), said
    row.save(update_fields=["state", "settled_by", "settled_at", "reason"])
    timeline.record(check, f"finding_{state}", by=by, note=said, kind=row.kind)
    row.check_ordered = check
    return row


def _require_officer(check: Check, by: Staff) -> None:
    if not by.has_role(Role.CHECK_OFFICER, check.office_code):
        raise NotAllowedError(_("Your posting does not include this work."))
    for guard in moves.APART:
        if reason := guard(check, by):
            raise NotAllowedError(reason)


def _given(reason: str) -> str:
    if not reason.strip():
        raise UnfitDataError(_("Give the reason."), {"reason": [_("Give the reason.")]})
    return reason.strip()
