"""What keeps a household from handing in, in words: the household itself, the registry, another live application."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _

from applications import guards
from applications.models import Application, Member
from bureau import identifiers, workdays
from bureau.fields import blind_index
from verification.facts import Declared

APPLICANT = "01"  # GB/T 4761
CAPACITY_AGE = 18  # Civil Code, article 17


def of_household(declared: Declared) -> list[str]:
    """What is wrong with the household as a whole, in words."""
    return list(_household(declared, workdays.today()))


def _household(declared: Declared, today: date) -> Iterator[str]:
    persons = declared.persons
    heads = [person for person in persons if person.relation == APPLICANT]
    if not heads:
        yield _("Name the applicant.")
    if len(heads) > 1:
        yield _("There are two applicants. One member is the applicant; give the others their relation to that person.")
    seen: set[str] = set()
    for person in persons:
        if person.id_number in seen:
            yield _("%(name)s is entered twice under the same ID number.") % {"name": person.name}
        seen.add(person.id_number)
    for head in heads[:1]:
        if identifiers.age(head.id_number, today) < CAPACITY_AGE or head.incapable:
            yield _("The applicant must be an adult with full capacity.")
    if sum(person.relation[:1] == "1" for person in persons) > 1:
        yield _("Two members are entered as the applicant's spouse.")
    keys = {person.key for person in persons}
    belongings = (declared.homes, declared.vehicles, declared.assets, declared.businesses, declared.assistance)
    owners = {item.owner for items in belongings for item in items}
    if owners - keys:
        yield _("Something is declared for a person who is not a member of the household.")


def of_standing(declared: Declared) -> list[str]:
    """Members whom the registry does not let apply today (clauses B8, B13)."""
    return guards.barred({blind_index(person.id_number): person.name for person in declared.persons})


def of_other_cases(application: Application, declared: Declared) -> list[str]:
    """Members who take part in another live application or already have a benefit."""
    names = {blind_index(person.id_number): person.name for person in declared.persons}
    taken = Member.objects.filter(live=True, id_index__in=list(names)).exclude(application=application)
    return [
        _("%(name)s already takes part in a live application or receives a benefit; one person, one benefit.")
        % {"name": name}
        for name in sorted(names[bytes(index)] for index in taken.values_list("id_index", flat=True))
    ]
