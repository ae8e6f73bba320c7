"""The legal dates of a case, from what was served and what its policy says."""

from collections.abc import Iterable
from datetime import date, timedelta

import msgspec

from bureau import workdays
from credit import policies
from credit.models import Case, Lead, Service


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
