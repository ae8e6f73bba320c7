"""Who keeps to its word goes first (守信者一路畅通, clause B13): households whose members all stand at grade A."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils import timezone, translation
from django.utils.formats import date_format

from applications import guards
from applications.letters_out import LETTER_LANGUAGE
from applications.models import Application, FastLane, Member
from bureau import workdays
from credit import grading
from credit.policies import Letter
from credit.policies.grading import CreditGrade


def decide(application: Application) -> bool:
    """Whether the household that has just been declared goes through the fast lane; written down with the grades. The
    caller saves `fast`.

    A lane that was given to the same persons stays, whatever has become of their grades.
    """
    members = list(application.members.order_by("key"))
    mark = mark_of(members)
    given = application.fast_lanes.filter(ended_at=None).first()
    if given is not None and bytes(given.household) == mark:
        return True
    if given is not None:
        given.ended_at = timezone.now()
        given.save(update_fields=["ended_at"])
    found = grading.grades([member.id_index for member in members], on=workdays.today())
    application.fast = all_at_a(found.values())
    if application.fast:
        rows = _in_words(members, found)
        FastLane.objects.create(application=application, household=mark, given_on=workdays.today(), grades=rows)
    return application.fast


def all_at_a(found: Iterable[CreditGrade]) -> bool:
    """Whether there is somebody, and everybody stands at A."""
    letters = [each.letter for each in found]
    return bool(letters) and all(letter is Letter.A for letter in letters)


def would_be(indexes: Sequence[bytes]) -> bool:
    """Whether a household of these persons would go through it today."""
    return all_at_a(grading.grades(indexes, on=workdays.today()).values())


def mark_of(members: Iterable[Member]) -> bytes:
    """What stands for just these persons."""
    return guards.household_mark(
        guards.Signatory(row.name, bytes(row.id_index), row.relation == guards.APPLICANT) for row in members
    )


def _in_words(members: Iterable[Member], found: Mapping[bytes, CreditGrade]) -> list[dict[str, Any]]:
    """The grade of each with its reasons, in the language of letters: it is kept."""
    with translation.override(LETTER_LANGUAGE):
        return [
            {
                "key": member.key,
                "letter": grade.letter.value if grade.letter else "",
                "why": grading.summary(grade),
                "reasons": [
                    {"rule": row["rule"], "until": date_format(row["until"]) if row["until"] else ""}
                    for row in grading.reason_rows(grade)
                ],
            }
            for member in members
            for grade in [found[bytes(member.id_index)]]
        ]
