"""The finding panel (认定小组): seats, votes, and the decision that follows from them."""

from collections import Counter
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.errors import MoveRefusedError, NotAllowedError, UnfitDataError
from bureau.lifecycle import make_move
from bureau.models import Staff
from bureau.roles import Role
from credit import deadlines, moves
from credit.models import Case, Seat
from credit.policies import Severity

ORDER = (Severity.GENERAL, Severity.MORE_SERIOUS, Severity.SERIOUS)  # the milder first


def why_not_seated(case: Case, member: Staff) -> str:
    """Why somebody cannot sit on the panel of a case, or ""."""
    if not member.has_role(Role.PANEL_MEMBER, case.office_code):
        return _("%(name)s is no member of the panel.") % {"name": member}
    if member.is_related_to(deadlines.indexes_of(case)):
        # Translators: %(name)s 与当事人有利害关系，应当回避。
        return _("%(name)s is one of those whom the case is about, or a declared relative.") % {"name": member}
    if member.pk in _had_a_hand(case):
        # Translators: %(name)s 已参与本案调查，应当回避。
        return _("%(name)s has worked on the case.") % {"name": member}
    return ""


def _had_a_hand(case: Case) -> set[int | None]:
    """Who opened the case, brought evidence, heard the subject, took or confirmed the lead."""
    return {
        case.opened_by_id,
        case.lead.by_id,
        case.lead.confirmed_by_id,
        *case.evidence.values_list("by_id", flat=True),
        *case.statements.values_list("by_id", flat=True),
    }


@transaction.atomic
def seat(case: Case, members: Sequence[Staff], *, by: Staff) -> list[Seat]:
    """Seat the panel and put the case before it.

    Raises `UnfitDataError` when somebody must not sit, or too few would; then nobody is seated.
    """
    there = set(case.seats.values_list("by_id", flat=True))
    new = [member for member in dict.fromkeys(members) if member.pk not in there]
    if reasons := [reason for member in new if (reason := why_not_seated(case, member))]:
        raise UnfitDataError(" ".join(reasons))
    seats = [Seat.objects.create(case=case, by=member) for member in new]
    make_move(case, moves.REFER, by=by)
    return seats


@transaction.atomic
def vote(case: Case, *, by: Staff, finds: bool, reason: str, severity: Severity | None = None) -> Seat:
    """A member votes, once, with the reason; the last vote decides the case.

    Raises `NotAllowedError` for who has no seat, `MoveRefusedError` for a second vote or at another stage.
    """
    locked: Case = Case.objects.locked(case.pk)
    own = locked.seats.filter(by=by).first()
    if own is None or why_not_seated(locked, by):
        raise NotAllowedError(_("You have no seat on the panel of this case."))
    if locked.status != Case.Status.AT_PANEL:
        raise MoveRefusedError(_("The case is not before the panel."))
    if own.voted_at is not None:
        raise MoveRefusedError(_("You have voted already."))
    if not reason.strip():
        raise UnfitDataError(_("Give the reason of your vote."))
    if finds and (severity is None or not deadlines.policy_of(locked).knows(severity)):
        raise UnfitDataError(_("Choose a severity that the policy knows."))
    own.finds, own.reason, own.voted_at = finds, reason.strip(), timezone.now()
    own.severity = severity if finds and severity else ""
    own.save()
    _decide(case)
    return own


def _decide(case: Case) -> None:
    """When every seat has voted: more than half find the act, by the severity that more than half of those allow."""
    votes = list(case.seats.all())
    if any(each.finds is None for each in votes):
        return
    finding = [each for each in votes if each.finds]
    if len(finding) * 2 <= len(votes):
        make_move(case, moves.ACQUIT, by=None)
        return
    make_move(case, moves.FIND, by=None)
    case.severity = severity_of(Severity(each.severity) for each in finding)
    case.save(update_fields=["severity"])


def severity_of(votes: Iterable[Severity]) -> Severity:
    """The gravest severity that more than half of the votes reach: who votes for a graver one reaches the milder."""
    counted = Counter(votes)
    reached, half = 0, counted.total() / 2
    for severity in reversed(ORDER):
        reached += counted[severity]
        if reached > half:
            return severity
    raise ValueError("no votes")
