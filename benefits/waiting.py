"""In which order households wait: by group of priority, then day of approval, then number. Plain Python.

Nothing is scored: a place can be explained by naming who stands before it, and why (公共租赁住房管理办法, art. 16-17).
"""

from collections.abc import Sequence
from datetime import date
from gettext import gettext as _  # marks the msgids; Django's catalogue translates them where they are shown

from verification.facts import Declared, DeclaredPerson

GROUPS = {
    # Translators: 低保、特困家庭
    "certificate": _("Households on minimum living allowance or in special hardship"),
    # Translators: 重度残疾人家庭
    "disabled": _("Households with a severely disabled member"),
    # Translators: 重病患者家庭
    "illness": _("Households with a severely ill member"),
    # Translators: 老年人家庭
    "elderly": _("Households in which all adults are 60 or older"),
    # Translators: 多子女家庭
    "children": _("Households with two minor children or more"),
}
CERTIFICATES = frozenset({"dibao", "tekun"})
OLD, ADULT = 60, 18
MANY_CHILDREN = 2


def groups_of(declared: Declared, born: Sequence[date], *, on: date) -> frozenset[str]:
    """The groups of priority that a household is in on a day; `born` are the birthdays of its members."""
    ages = [_age(day, on) for day in born]
    adults = [age for age in ages if age >= ADULT]
    found = {
        "certificate": any(aid.assistance_type in CERTIFICATES for aid in declared.assistance),
        "disabled": any(_is_severely_disabled(person) for person in declared.persons),
        "illness": any(person.health == "severe_illness" for person in declared.persons),
        "elderly": bool(adults) and min(adults) >= OLD,
        "children": len(ages) - len(adults) >= MANY_CHILDREN,
    }
    return frozenset(code for code, holds in found.items() if holds)


def rank_of(groups: frozenset[str], order: Sequence[str]) -> int:
    """The place of the household's first group in the policy's order; behind the last where it is in none."""
    return next((place for place, code in enumerate(order) if code in groups), len(order))


def rooms_for(persons: int) -> int:
    """How many rooms fit a household: one for one or two, two for three or four, three for more."""
    return min(3, (persons + 1) // 2)


def _is_severely_disabled(person: DeclaredPerson) -> bool:
    return person.disability == "severe"


def _age(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
