"""The legal dates of a case, from what was served and what its policy says."""

from collections.abc import Iterable
from datetime import date, timedelta

import msgspec
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from bureau import workdays
from credit import policies
from credit.clocks import Event, Happened, Rule
from credit.models import Case, Lead, Service
from credit.policies import SubjectKind


def policy_of(case: Case) -> policies.Policy:
    """What the policy under which the case was opened says."""
    return msgspec.convert(case.policy.content, policies.Policy)


def indexes_of(subject: Lead | Case) -> Iterable[bytes]:
    """The blind indexes of those whom a lead or a case is about."""
    if isinstance(subject, Lead):
        return [bytes(index) for index in subject.subjects.values_list("identifier_index", flat=True)]
    return [bytes(index) for index in subject.parties.values_list("subject__identifier_index", flat=True)]


def served_on(case: Case, letter: str) -> date | None:
    """The legal day on which a letter of the case was served, or will be; None while it has not reached the subject.

    A proposal that is made anew, after more evidence was gathered, is served anew.
    """
    turn = turn_of(case, letter)
    mine = (each for each in case.services.all() if (each.letter, each.turn) == (letter, turn))
    return next((each.served_on for each in mine if each.served_on), None)


def turn_of(case: Case, letter: str) -> int:
    """The number of the proposal that is served; a notice goes out once."""
    return case.proposals if letter == Service.Letter.PROPOSAL else 1


def defence_until(case: Case) -> date | None:
    """The last day for a statement; None while the proposal has not been served."""
    served = served_on(case, Service.Letter.PROPOSAL)
    return workdays.add_workdays(served, policy_of(case).defence_workdays) if served else None


def cure_until(case: Case) -> date | None:
    """The last day to correct; a day of rest is followed by the next working day (民法典, art. 203)."""
    served = served_on(case, Service.Letter.NOTICE)
    return cure_until_if_served(case, served) if served else None


def cure_until_if_served(case: Case, served: date) -> date:
    """The last day to correct where the notice is served on this day."""
    last = served + timedelta(days=policy_of(case).cure_days)
    return last if workdays.is_workday(last) else workdays.add_workdays(last, 1)


def rules_of_actors(case: Case) -> list[Rule]:
    """The rules of the clocks for who acted."""
    grade = policy_of(case).grade(policies.Severity(case.severity))
    kinds = {SubjectKind(party.subject.kind) for party in case.parties.select_related("subject") if party.acted}
    return [rule for kind in kinds for rule in grade.rules(kind, from_return=case.act.from_return)]


def repair_from(case: Case) -> date | None:
    """The first day on which a repair can be granted; None when no clock of the case ends by one, or it is not
    recorded.
    """
    happened = [Happened(each.on, Event(each.event)) for each in case.happenings.all()]
    days = []
    for rule in rules_of_actors(case):
        starts = [each.on for each in happened if each.event is rule.begins_with]
        if Event.REPAIRED in rule.ended_by and starts:
            days.append(rule.at_least.after(min(starts)))
            days += [rule.after_deceit.after(each.on) for each in happened if each.event is Event.DECEIVED]
    return max(days, default=None)


def why_no_repair(case: Case) -> str | None:
    """Why a repair cannot be granted today: the shortest time, a duty that is left; None when nothing is in the way."""
    ripe = repair_from(case)
    if ripe is None:
        # Translators: 本案没有可修复的信息。
        return _("Nothing of this case can be repaired.")
    if workdays.today() < ripe:
        # Translators: 自 %(day)s 起方可修复。
        return _("A repair can be granted from %(day)s on.") % {"day": date_format(ripe)}
    left = case.cure_items.filter(met_on=None).count()
    if left:
        # Translators: 尚有 %(count)s 项义务未履行。
        return _("%(count)s duties are not met yet.") % {"count": left}
    if case.act.from_return and not case.happenings.filter(event=Event.HOME_RETURNED).exists():
        # Translators: 住房尚未退回。
        return _("The home has not been returned yet.")
    return None
