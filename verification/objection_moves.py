"""The life of an objection to a result on one screen: who deals with it, in which order, and who must not."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau.models import Staff
from bureau.moves import Move, Text
from bureau.roles import Role
from verification import moves, rechecks
from verification.models import Check, Objection

RECEIVED, RECHECKING = Objection.Status.RECEIVED, Objection.Status.RECHECKING
ANSWERED, WITHDRAWN = Objection.Status.ANSWERED, Objection.Status.WITHDRAWN


def own_window(objection: Objection, by: Staff) -> Text | None:
    """The household comes back to the window that took its objection."""
    at_window = any(seat.role == Role.CLERK and seat.office.code == objection.office_code for seat in by.seats)
    return None if at_window else _("This case belongs to another window.")


def has_no_part(objection: Objection, by: Staff) -> Text | None:
    """Nobody answers for the own work: who concluded the disputed check, settled one of its findings or keyed the case
    has no part in the objection, nor has a relative of the household.
    """
    check: Check = objection.check_ordered
    if check.conclusion.by_id == by.pk or check.findings.filter(settled_by=by).exists():
        return _("You concluded the check that is objected to, or settled a finding of it; somebody else acts.")
    return moves.not_kept_away(check, by) or moves.no_relative_of(check, by)


def every_line_is_decided(objection: Objection, by: Staff | None) -> Text | None:
    """Each disputed line has been decided on, and no department owes its answer."""
    waiting = [dispute for dispute in objection.disputes.all() if dispute.is_waiting]
    if any(not dispute.act for dispute in waiting):
        return _("Decide on every disputed line first.")
    return _("A department has not answered the correction request yet.") if waiting else None


def some_source_is_to_be_asked(objection: Objection, by: Staff | None) -> Text | None:
    """A new check is placed only where a source may tell something else than before."""
    wanted = any(dispute.wants_recheck for dispute in objection.disputes.all())
    return None if wanted else _("No source is to be asked again; answer the objection.")


def no_check_of_it_runs(objection: Objection, by: Staff | None) -> Text | None:
    """One new check at a time; another when it was cancelled, or when it does not show yet what is to be seen."""
    if objection.recheck is None or objection.recheck.status == Check.Status.CANCELLED:
        return None
    if objection.recheck.status != Check.Status.CONCLUDED:
        return _("The household is being checked again already: %(number)s.") % {"number": objection.recheck.number}
    if rechecks.is_to_be_repeated(objection):
        return None
    return _("The household has been checked again; the objection is answered now.")


def new_check_is_concluded(objection: Objection, by: Staff | None) -> Text | None:
    """Where a source is to be asked again, the objection is answered from what it tells then."""
    if some_source_is_to_be_asked(objection, by):
        return None
    if objection.recheck is not None and objection.recheck.status == Check.Status.CONCLUDED:
        return None
    return _("The household is to be checked again first, and that check concluded.")


def new_check_is_open(objection: Objection, by: Staff | None) -> Text | None:
    """A result that is there is answered, not taken back."""
    if objection.recheck is None or objection.recheck.status != Check.Status.CONCLUDED:
        return None
    return _("The household has been checked again; the objection is answered now.")


OFFICER = frozenset({Role.CHECK_OFFICER})
DECIDE = Move(
    "decide", gettext_lazy("Decide on a line"), {RECEIVED: RECEIVED}, who=OFFICER, may=(has_no_part,), tone="primary"
)
WRITE_REPLY = Move(
    "write_reply", gettext_lazy("Write down the reply"), {RECEIVED: RECEIVED}, who=OFFICER, may=(has_no_part,)
)
CHECK_AGAIN = Move(
    "check_again",
    gettext_lazy("Check the household again"),
    {RECEIVED: RECHECKING, RECHECKING: RECHECKING},
    who=OFFICER,
    may=(has_no_part,),
    needs=(every_line_is_decided, some_source_is_to_be_asked, no_check_of_it_runs),
    tone="primary",
)
ANSWER = Move(
    "answer",
    gettext_lazy("Answer the objection"),
    {RECEIVED: ANSWERED, RECHECKING: ANSWERED},
    who=OFFICER,
    may=(has_no_part,),
    needs=(every_line_is_decided, new_check_is_concluded),
    tone="primary",
)
WITHDRAW = Move(
    "withdraw_objection",
    gettext_lazy("Withdraw the objection"),
    {RECEIVED: WITHDRAWN, RECHECKING: WITHDRAWN},
    who=frozenset({Role.CLERK}),
    may=(own_window,),
    needs=(new_check_is_open,),
    tone="danger",
)
DROP = Move(
    "end_with_case", gettext_lazy("Drop the objection"), {RECEIVED: WITHDRAWN, RECHECKING: WITHDRAWN}
)  # its case was withdrawn

TABLE = (DECIDE, WRITE_REPLY, CHECK_AGAIN, ANSWER, WITHDRAW, DROP)
