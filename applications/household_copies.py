"""The household's copy of its checked result (家庭核对结果告知书).

It is handed out at the window of the case once a check of it has been concluded.
"""

from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import Application
from bureau import identifiers
from bureau.errors import MoveRefusedError
from verification import assessing
from verification.models import Conclusion

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
