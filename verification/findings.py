"""A person settles a finding: confirmed or dismissed, with a reason. Until then it has no consequence."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau import timeline
from bureau.errors import MoveRefusedError, NotAllowedError, StaleError, UnfitDataError
from bureau.models import Staff
from bureau.roles import Role
from verification import assessing, moves
from verification.models import Check, Finding


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


def _settle(finding: Finding, state: Finding.State, *, by: Staff, reason: str) -> Finding:
    check = Check.objects.select_for_update().get(pk=finding.check_ordered_id)
    row: Finding = Finding.objects.select_for_update().get(pk=finding.pk)
    if not by.has_role(Role.CHECK_OFFICER, check.office_code):
        raise NotAllowedError(_("Your posting does not include this work."))
    for guard in moves.APART:
        if reason_why_not := guard(check, by):
            raise NotAllowedError(reason_why_not)
    if check.status != Check.Status.ASSESSED:
        raise MoveRefusedError(_("Findings are settled after the assessment and before the conclusion."))
    if row.state != Finding.State.OPEN:
        gone = _("This finding is no longer there: the household was assessed anew.")
        raise StaleError(
            gone if row.state == Finding.State.LAPSED else _("Somebody else has settled this finding meanwhile.")
        )
    if not reason.strip():
        raise UnfitDataError(_("Give the reason."), {"reason": [_("Give the reason.")]})
    row.state, row.settled_by, row.settled_at, row.reason = state, by, timezone.now(), reason.strip()
    row.save(update_fields=["state", "settled_by", "settled_at", "reason"])
    timeline.record(check, f"finding_{state}", by=by, note=reason.strip(), kind=row.kind)
    row.check_ordered = check
    return row
