"""From the checked sections of a draft to the declaration, and the figures that the window shows. Plain Python."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

import msgspec

from verification.facts import Declared

CENT = Decimal("0.01")
MONTHS = 12
LISTS = ("homes", "vehicles", "assets", "businesses", "assistance")


class Totals(NamedTuple):
    """What the household declares, in sums. None where nothing was declared yet: missing is never zero."""

    persons: int
    monthly_income: Decimal | None  # CNY, of the whole household
    monthly_income_per_head: Decimal | None  # CNY
    area_per_head: Decimal | None  # m², by the owners' shares, homes sold not counted
    assets: Decimal | None  # CNY


def declared_from(sections: Mapping[str, Sequence[Any]]) -> Declared:
    """The declaration made of the sections' facts. `income` goes to the persons in their order; a missing section is empty.

    Raises `msgspec.ValidationError` for facts that do not fit `verification.facts`.
    """
    persons = [*sections.get("applicant", ()), *sections.get("members", ())]
    incomes = sections.get("income") or [{}] * len(persons)
    content = {name: sections.get(name, ()) for name in LISTS}
    content["persons"] = [{**person, "income": income} for person, income in zip(persons, incomes, strict=True)]
    return msgspec.convert(content, Declared)


def totals(declared: Declared, answered: frozenset[str]) -> Totals:
    """The sums over the sections in `answered`; those over other sections are None."""
    heads = len(declared.persons)
    income = sum((person.income.total for person in declared.persons), Decimal(0)) / MONTHS
    area = sum((home.area * home.share for home in declared.homes if home.sold_on is None), Decimal(0))
    assets = sum((asset.amount for asset in declared.assets), Decimal(0))
    has_income, has_homes = heads > 0 and "income" in answered, heads > 0 and "homes" in answered
    return Totals(
        persons=heads,
        monthly_income=_rounded(income) if has_income else None,
        monthly_income_per_head=_rounded(income / heads) if has_income else None,
        area_per_head=_rounded(area / heads) if has_homes else None,
        assets=_rounded(assets) if "assets" in answered else None,
    )


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)
