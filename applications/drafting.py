"""From the checked sections of a draft to the declaration, and the figures that the window shows. Plain Python."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

import msgspec

from bureau import ciphers
from verification.facts import Declared

CENT = Decimal("0.01")
MONTHS = 12
APPLICANT = "01"  # GB/T 4761
LISTS = ("homes", "vehicles", "assets", "businesses", "assistance")


KINDS_OF_INCOME = ("wages", "business", "property", "transfers", "other")


class Totals(NamedTuple):
    """What the household declares, in sums. None where nothing was declared yet: missing is never zero."""

    persons: int
    monthly_income: Decimal | None  # CNY, of the whole household
    monthly_income_per_head: Decimal | None  # CNY
    area_per_head: Decimal | None  # m² of owned homes by the owners' shares, homes sold not counted
    assets: Decimal | None  # CNY


def declared_from(sections: Mapping[str, Sequence[Any]]) -> Declared:
    """The declaration made of the sections' facts; a missing section is empty. Incomes go to persons in their order.

    Raises `msgspec.ValidationError` for facts that do not fit `verification.facts`.
    """
    persons = [*sections.get("applicant", ()), *sections.get("members", ())]
    incomes = sections.get("income") or [{}] * len(persons)
    content = {name: sections.get(name, ()) for name in LISTS}
    content["persons"] = [{**person, "income": income} for person, income in zip(persons, incomes, strict=True)]
    return msgspec.convert(content, Declared)


def digest(declared: Declared) -> str:
    """What stands for exactly this declaration: kept with it, printed on the commitment and signed there."""
    return ciphers.sm3(msgspec.json.encode(declared)).hex()


def sections_from(declared: Declared) -> dict[str, Any]:
    """The sections of a draft, as if the declaration had been typed at the window. For a case handed in otherwise."""
    persons = [_typed(msgspec.to_builtins(person)) for person in declared.persons]
    incomes = [
        {"key": person.key, **{kind: str(getattr(person.income, kind)) for kind in KINDS_OF_INCOME}}
        for person in declared.persons
    ]
    sections: dict[str, Any] = {
        "applicant": _section([person for person in persons if person["relation"] == APPLICANT]),
        "members": _section([person for person in persons if person["relation"] != APPLICANT]),
        "income": {"none": "", "rows": incomes},
    }
    for name in LISTS:
        sections[name] = _section([_typed(msgspec.to_builtins(item)) for item in getattr(declared, name)])
    for home in sections["homes"]["rows"]:
        home["share"] = f"{Decimal(home['share']) * 100:.2f}"
    return sections


def _section(rows: list[dict[str, str]]) -> dict[str, Any]:
    return {"none": "" if rows else "on", "rows": rows}


def _typed(facts: dict[str, Any]) -> dict[str, str]:
    """A struct's fields as boxes: text, a tick as "on", nothing where there is nothing."""
    return {name: "on" if value is True else str(value or "") for name, value in facts.items() if name != "income"}


def totals(declared: Declared, answered: frozenset[str]) -> Totals:
    """The sums over the sections in `answered`; those over other sections are None."""
    heads = len(declared.persons)
    income = sum((person.income.total for person in declared.persons), Decimal(0)) / MONTHS
    owned = (home for home in declared.homes if home.tenure == "owned" and home.sold_on is None)
    area = sum((home.area * home.share for home in owned), Decimal(0))
    assets = sum((asset.amount for asset in declared.assets), Decimal(0))
    has_income, has_homes = heads > 0 and "income" in answered, heads > 0 and "homes" in answered
    return Totals(
        persons=heads,
        monthly_income=_rounded(income) if has_income else None,
        monthly_income_per_head=_rounded(income / heads) if has_income else None,
        area_per_head=_rounded(area / heads) if has_homes else None,
        assets=_rounded(assets) if "assets" in answered else None,
    )


class IncomeSoFar(NamedTuple):
    """The income page's sums while it is being filled in."""

    monthly: Decimal | None  # CNY, of the whole household
    per_head: Decimal | None  # CNY
    missing: int  # persons without any amount yet


def income_so_far(amounts: Sequence[Decimal | None]) -> IncomeSoFar:
    """Sums over the persons' yearly incomes; None for one not entered yet. The head counts also while it is missing."""
    known = [amount for amount in amounts if amount is not None]
    if not known:
        return IncomeSoFar(None, None, len(amounts))
    monthly = sum(known, Decimal(0)) / MONTHS
    return IncomeSoFar(_rounded(monthly), _rounded(monthly / len(amounts)), len(amounts) - len(known))


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)
