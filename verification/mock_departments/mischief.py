"""Answers that break the contract on purpose: somebody else's, or the same one twice."""

from msgspec.structs import replace

from verification.mock_departments.faults import Faults, Lot
from verification.mock_departments.questions import HouseholdAnswer

STRANGER = "321299197001019999"  # nobody: an unassigned division and order, and a check character that does not fit


def with_content_faults(answers: list[HouseholdAnswer], faults: Faults, lot: Lot) -> list[HouseholdAnswer]:
    """The answers with what the lot says wrong in them; the same list when nothing is."""
    if answers and lot.falls("wrong_person", faults.wrong_person_rate):
        answers = [_about_a_stranger(answers[0]), *answers[1:]]
    if answers and lot.falls("duplicate", faults.duplicate_rate):
        answers = [*answers, _stuttering(answers[0])]
    return answers


def _about_a_stranger(answer: HouseholdAnswer) -> HouseholdAnswer:
    first, *others = answer.persons
    return HouseholdAnswer(answer.reference, [replace(first, id_no=STRANGER), *others])


def _stuttering(answer: HouseholdAnswer) -> HouseholdAnswer:
    return HouseholdAnswer(answer.reference, [replace(person, records=person.records * 2) for person in answer.persons])
