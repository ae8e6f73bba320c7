"""What a household pays or is paid from a month on: the terms of the day, and what its newest check has shown."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from msgspec import Struct

from applications.models import Application
from benefits import rent
from bureau.errors import UnfitDataError
from verification import assessing, orders
from verification.facts import DeclaredPerson
from verification.models import Check, Conclusion
from verification.standards import Rent, Standard

Working = list[list[str]]
Work = Callable[[], rent.Sum]

WHY = {
    # Translators: 现行标准未规定该收入档次的标准
    "tier": gettext_noop(
        "The standard has no rate for this household's tier. An administrator enters it under Standards."
    ),
    # Translators: 补贴以实际租金为上限，请登记市场租房租金
    "rent": gettext_noop("The subsidy is limited by the rent on the market; enter the rent that the household pays."),
    "area": gettext_noop("The standard or the home has no area to reckon with."),
    # Translators: 现行标准未规定市场租金
    "market": gettext_noop("The standard has no market rent. An administrator enters it under Standards."),
}


class Reckoned(Struct, frozen=True):
    """An amount a month, its working, and the standard by whose terms it was worked out."""

    amount: Decimal
    working: Working
    standard: str


def standard_on(programme: str, on: date) -> tuple[str, Standard]:
    """The standard in force on the day: its code and what it says. Raises `UnfitDataError` when there is none."""
    row = orders.standard_for(programme, on)
    return row.code, msgspec.convert(row.content, Standard, strict=False)


def household_of(check: Check, *, rent_paid: Decimal | None = None) -> rent.Household:
    """What the formulas ask, as the concluded check has shown it. Raises `UnfitDataError` unless it was found fit."""
    conclusion: Conclusion | None = getattr(check, "conclusion", None)
    if conclusion is None or conclusion.outcome != Conclusion.Outcome.FIT:
        raise UnfitDataError(_("Only what a household found fit gets or pays can be worked out."))
    found = assessing.result_of(conclusion.assessment)
    declared = assessing.declared_of(check)
    return rent.Household(
        persons=len(found.statement.members),
        tier=found.comparison.tier,
        own_area=found.statement.figures.area_total.value or Decimal(0),
        rent_paid=rent_paid,
        groups=_groups(declared.persons),
    )


class Terms:
    """The terms of a day, each standard read once for however many households."""

    def __init__(self, on: date) -> None:
        self._on = on
        self._read: dict[str, tuple[str, Standard]] = {}

    def _standard(self, programme: str) -> tuple[str, Standard]:
        if programme not in self._read:
            self._read[programme] = standard_on(programme, self._on)
        return self._read[programme]

    def rent_of(self, area: Decimal, household: rent.Household) -> Reckoned:
        """The monthly rent of a public home."""
        code, standard = self._standard(Application.Kind.PUBLIC_RENTAL)
        if standard.rent is None:
            raise UnfitDataError(_("The standard says nothing of rents. An administrator enters its rent terms."))
        terms = standard.rent
        return _reckon(code, lambda: rent.rent(terms, tier=household.tier, area=area))

    def subsidy_of(self, household: rent.Household) -> Reckoned:
        """The monthly subsidy."""
        code, standard = self._standard(Application.Kind.RENTAL_SUBSIDY)
        if standard.subsidy is None:
            raise UnfitDataError(_("The standard says nothing of subsidies. An administrator enters its terms."))
        terms = standard.subsidy
        return _reckon(code, lambda: rent.subsidy(terms, household))


def rent_of(area: Decimal, household: rent.Household, *, on: date) -> Reckoned:
    """The monthly rent of a public home by the terms of the day."""
    return Terms(on).rent_of(area, household)


def rent_terms_on(day: date) -> tuple[str, Rent | None]:
    """What the standard of the day says of rents, with its code. Raises `UnfitDataError` without a standard."""
    code, standard = standard_on(Application.Kind.PUBLIC_RENTAL, day)
    return code, standard.rent


def subsidy_of(household: rent.Household, *, on: date) -> Reckoned:
    """The monthly subsidy by the terms of the day."""
    return Terms(on).subsidy_of(household)


def paid_from(on: date) -> date:
    """The first month that a subsidy granted on the day is paid for."""
    _code, standard = standard_on(Application.Kind.RENTAL_SUBSIDY, on)
    return rent.subsidy_begins(standard.subsidy, on) if standard.subsidy else rent.month_after(on)


def _reckon(code: str, work: Work) -> Reckoned:
    try:
        found = work()
    except rent.NotToBeWorkedOutError as error:
        raise UnfitDataError(_(WHY[error.code])) from error
    return Reckoned(found.amount, [[step.name, str(step.value)] for step in found.steps], code)


def _groups(persons: Sequence[DeclaredPerson]) -> tuple[str, ...]:
    """Groups for which cities have factors of their own."""
    return ("disabled",) if any(person.disability == "severe" for person in persons) else ()
