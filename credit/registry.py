"""Find somebody in the registry: by ID number or credit code, by name, by the number of a case, a lead or a letter.

There is no list of persons to leaf through: who knows neither number nor name finds nobody.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from msgspec import Struct

from bureau import identifiers, masks
from bureau.fields import blind_index
from bureau.models import Document, Staff
from credit.models import Case, Lead, Subject

MOST = 20
LONG_ENOUGH = 2
CASE, LEAD, LETTER = (
    re.compile(pattern) for pattern in (r"SX\d{4}-\d{6}", r"XS\d{4}-\d{6}", r"泰房.{1,4}〔\d{4}〕\d{4,}号")
)
DIGITS_OF_A_NUMBER = 6  # with so many it is a number that somebody mistyped, and no name


class Found(Struct, frozen=True):
    """What a search found, within the scope of who searched. `shown` is the query as it may be written down."""

    shown: str
    subjects: Sequence[Any] = ()
    cases: Sequence[Any] = ()
    leads: Sequence[Any] = ()
    problem: str = ""
    is_cut: bool = False

    @property
    def count(self) -> int:
        """How much there is to look at."""
        return len(self.subjects) + len(self.cases) + len(self.leads)


def find(text: str, *, by: Staff) -> Found:
    """What this person may see of what was asked for."""
    query = unicodedata.normalize("NFKC", text).strip().upper()
    cases, leads = Case.objects.visible_to(by), Lead.objects.visible_to(by)
    if LETTER.fullmatch(text.strip()):
        of = Document.objects.filter(number=text.strip(), subject_kind="credit.case").values("subject_id")
        return _of_cases(text.strip(), cases.filter(pk__in=of), by)
    if CASE.fullmatch(query):
        return _of_cases(query, cases.filter(number=query), by)
    if LEAD.fullmatch(query):
        found = list(leads.filter(number=query).select_related("act").prefetch_related("subjects"))
        return Found(query, leads=found)
    if sum(character.isdigit() for character in query) >= DIGITS_OF_A_NUMBER:
        return _by_number("".join(query.split()), by)
    name = text.strip()
    if len(name) < LONG_ENOUGH:
        return Found(masks.name(name), problem=_("Type at least two characters of a name."))
    rows = list(Subject.objects.visible_to(by).named(name).order_by("name", "pk")[: MOST + 1])
    return Found(masks.name(name), subjects=rows[:MOST], is_cut=len(rows) > MOST)


def _of_cases(shown: str, cases: Any, by: Staff) -> Found:
    """The case, and whom it is about."""
    found = list(cases.select_related("act").prefetch_related("parties__subject"))
    about = Subject.objects.visible_to(by).filter(parties__case__in=found).order_by("parties__part", "pk").distinct()
    return Found(shown, subjects=list(about), cases=found)


def _by_number(query: str, by: Staff) -> Found:
    """A person by ID number, or an employer by credit code; a number that can be neither is told as what it looks
    like: only ID numbers begin with a division and a date of birth.
    """
    numbers: list[str] = []
    problems: list[identifiers.IdentifierError] = []
    for read in (identifiers.normalise_id, identifiers.normalise_credit_code):
        try:
            numbers.append(read(query))
        except identifiers.IdentifierError as error:
            problems.append(error)
    if not numbers:
        problem = problems[0] if re.fullmatch(r"\d{14,17}[\dX]", query) else problems[1]
        return Found(masks.MASK * len(query), problem=_(problem.message) % problem.params)
    shown = masks.id_number(numbers[0], masks.IdLevel.INTERNAL)
    rows = Subject.objects.visible_to(by).filter(identifier_index__in=[blind_index(number) for number in numbers])
    return Found(shown, subjects=list(rows))
