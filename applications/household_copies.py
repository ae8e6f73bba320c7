"""The household's copy of its checked result (家庭核对结果告知书).

It is handed out at the window of the case once a check of it has been concluded.
"""

from datetime import date
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from applications import copies_out, deadlines, guards, letters_out, moves
from applications.models import Application
from bureau import identifiers, timeline, workdays
from bureau.errors import MoveRefusedError, NotAllowedError, UnfitDataError
from bureau.models import Document, Staff
from verification import assessing, pages
from verification.models import Check, Conclusion

ADULT = 18  # 民法典 art. 17


class Person(NamedTuple):
    """A member of the household as it was checked."""

    key: str
    name: str
    may_receive: bool  # an adult who acts alone; for everybody else the guardian agrees


def conclusion_of(case: Application) -> Conclusion | None:
    """The newest conclusion about the case, also while it is checked once more."""
    conclusions = Conclusion.objects.filter(check_ordered__subject=case.reference)
    newest: Conclusion | None = (
        conclusions.select_related("check_ordered", "assessment__standard").order_by("-at", "-pk").first()
    )
    return newest


def is_concluded(case: Application) -> bool:
    """Whether there is a conclusion to tell of."""
    return Conclusion.objects.filter(check_ordered__subject=case.reference).exists()


def concluded(case: Application) -> Conclusion:
    """The same; a household whose check is not concluded has nothing to be told yet."""
    found = conclusion_of(case)
    if found is None:
        raise MoveRefusedError(_("The household is told the result once the check has been concluded."))
    return found


def persons_of(conclusion: Conclusion) -> list[Person]:
    """The household as it was checked. Where nobody acts alone everybody may receive the copy, by the guardian."""
    today = timezone.localdate()
    declared = assessing.declared_of(conclusion.check_ordered).persons
    alone = {
        person.key for person in declared if identifiers.age(person.id_number, today) >= ADULT and not person.incapable
    }
    return [Person(person.key, person.name, not alone or person.key in alone) for person in declared]


class Objecting(NamedTuple):
    """How long the household may object that is told today; `why_not` where it can object no more, or not now."""

    days: int
    until: date
    why_not: str


def objecting(case: Application, conclusion: Conclusion) -> Objecting:
    """The term by the procedure of the case, and whether an objection would be taken in at all."""
    today = workdays.today()
    days = deadlines.procedure_on(case.accepted_on or today).objection_days
    return Objecting(days, guards.last_day_to_object(case, today), _why_no_objection(case, conclusion))


def is_checked_again(case: Application, conclusion: Conclusion) -> bool:
    """Whether another result is still to come: a check placed since then has not been concluded."""
    check = case.current_check
    return check is not None and check.pk != conclusion.check_ordered_id and check.status != Check.Status.CONCLUDED


def waits_to_be_taken_up(case: Application, conclusion: Conclusion) -> bool:
    """Whether the result is of the new check after an objection, and the case still stands on the one before."""
    check = case.current_check
    return check is not None and check.pk != conclusion.check_ordered_id and check.status == Check.Status.CONCLUDED


def _why_no_objection(case: Application, conclusion: Conclusion) -> str:
    if waits_to_be_taken_up(case, conclusion):
        return _("This is the result of the new check after an objection; the case is first to be decided anew on it.")
    if case.current_check_id != conclusion.check_ordered_id or case.status == Application.Status.CHECK_DUE:
        return _("The household is being checked again; a new result follows.")
    if case.status not in {*moves.OBJECT.steps, Application.Status.CHECKING}:
        return _("The case has gone on; what may be brought against its decision stands in the letter of that.")
    reasons = (guard(case, None) for guard in (guards.no_objection_to_result, guards.not_objected_before))
    return str(next((reason for reason in reasons if reason), ""))


def why_not_issued(case: Application, by: Staff) -> str:
    """Why this person hands out no copy of the case; empty for the clerk of its window."""
    reasons = (guard(case, by) for guard in (guards.own_window, guards.no_relative_of))
    return str(next((reason for reason in reasons if reason), ""))


@transaction.atomic
def issue(case: Application, *, recipient: str, agreed: frozenset[str], by: Staff) -> Document:
    """Number the letter for one member; `agreed` are those who let this member see their lines.

    It is told what stands on the day; a later check is told by a letter of its own.
    """
    if reason := why_not_issued(case, by):
        raise NotAllowedError(reason)
    conclusion = concluded(case)
    persons = {person.key: person for person in persons_of(conclusion)}
    if recipient not in persons or not persons[recipient].may_receive or not agreed <= {*persons}:
        raise UnfitDataError(_("Choose a member of the household."), {"recipient": [_("Choose a member.")]})
    others = agreed - {recipient}
    with translation.override(letters_out.LETTER_LANGUAGE):
        term = objecting(case, conclusion)
        letter = copies_out.letter(
            case,
            pages.copy_context(conclusion, recipient=recipient, agreed=others),
            recipient=persons[recipient].name,
            agreed=[persons[key].name for key in sorted(others)],
            days=term.days,
            until=None if term.why_not else term.until,
            no_objection=term.why_not,
        )
        document = letters_out.issue("household_copy", case, letter, by=by)
    timeline.record(case, "told", by=by, office=case.office, note=document.number)
    return document
