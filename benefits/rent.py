"""What a household is paid and what it pays, by the terms of the dated standard, with the working. Plain Python.

Money is CNY a month, area m². Figures stay exact until the step at which the standard rounds.
"""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from msgspec import Struct

from verification.standards import Rent, Subsidy

CENT = Decimal("0.01")
AND_MORE = "+"  # "6+": of 6 persons and more


class NotToBeWorkedOutError(Exception):
    """The terms do not say what such a household gets or pays. `code`: tier | rent | area | market."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class Household(Struct, frozen=True, kw_only=True):
    """What the formula asks of a household. `rent_paid` is the monthly rent of its contract on the market."""

    persons: int
    tier: str
    own_area: Decimal = Decimal(0)
    rent_paid: Decimal | None = None
    groups: tuple[str, ...] = ()  # of `other_factors`: holders of honours, the disabled


class Step(Struct, frozen=True):
    """One line of the working: what was found, and the figure."""

    name: str  # standard_area | own_area | area | rate | factor | sum | floor | rent_cap | ceiling | result
    value: Decimal


class Sum(Struct, frozen=True):
    """The monthly amount and how it came about."""

    amount: Decimal
    steps: tuple[Step, ...]


def subsidy(terms: Subsidy, household: Household) -> Sum:
    """The monthly rental subsidy.

    Raises `NotToBeWorkedOutError` for a tier without a rate, and for an unknown rent where the rent is the ceiling.
    """
    standard = _standard_area(terms, household.persons)
    area = _area(terms, household, standard)
    factor, rate = _rate(terms, household)
    steps = [
        Step("standard_area", standard),
        Step("own_area", household.own_area),
        Step("area", _shown(area)),
        Step("factor", factor),
        Step("rate", _shown(rate)),
    ]
    exact = rate * area
    amount = _round(exact, terms.rounding_step if terms.rounding_where == "amount" else CENT, terms.rounding_mode)
    steps.append(Step("sum", amount))
    if terms.floor_amount is not None and 0 < amount < terms.floor_amount:
        amount = terms.floor_amount
        steps.append(Step("floor", amount))
    if terms.capped_by_rent:
        if household.rent_paid is None:
            raise NotToBeWorkedOutError("rent")
        if household.rent_paid < amount:
            amount = household.rent_paid
            steps.append(Step("rent_cap", amount))
    amount = amount.quantize(CENT, ROUND_HALF_UP)
    return Sum(amount, (*steps, Step("result", amount)))


def subsidy_begins(terms: Subsidy, granted_on: date) -> date:
    """The first day of the first month that is paid for."""
    return granted_on.replace(day=1) if terms.start == "same_month" else month_after(granted_on)


def rent(terms: Rent, *, tier: str, area: Decimal) -> Sum:
    """The monthly rent of a public home of this floor area.

    Raises `NotToBeWorkedOutError` for a tier that the terms do not know, and for no area.
    """
    if area <= 0:
        raise NotToBeWorkedOutError("area")
    if terms.tier_factor and tier not in terms.tier_factor:
        raise NotToBeWorkedOutError("tier")
    factor = terms.tier_factor.get(tier, Decimal(1))
    rate = terms.base * factor
    steps = [Step("area", area), Step("factor", factor), Step("rate", rate)]
    if terms.ceiling is not None and rate > terms.ceiling:
        rate = terms.ceiling
        steps.append(Step("ceiling", rate))
    amount = (rate * area).quantize(CENT, ROUND_HALF_UP)
    return Sum(amount, (*steps, Step("result", amount)))


def rent_while_leaving(terms: Rent, contract_rent: Decimal, *, area: Decimal, months: int) -> Decimal:
    """The rent of the month after so many whole months since the home was to be given back.

    First the steps of the moving period, at multiples of the rent of the contract; then those of over-staying, at
    multiples of the market rent, of which the last goes on (公共租赁住房管理办法, art. 31). Raises
    `NotToBeWorkedOutError` where the market rent is needed and unknown.
    """
    for step in terms.transition:
        if months < step.months:
            return (contract_rent * step.factor).quantize(CENT, ROUND_HALF_UP)
        months -= step.months
    if terms.market_rate is None:
        raise NotToBeWorkedOutError("market")
    factor = Decimal(1)
    for step in terms.overstay:
        factor = step.factor
        if months < step.months:
            break
        months -= step.months
    return (terms.market_rate * area * factor).quantize(CENT, ROUND_HALF_UP)


def part_of_month(amount: Decimal, *, first: date, last: date) -> Decimal:
    """The share of a month's amount for the days from the first to the last, both included, of one month."""
    if (first.year, first.month) != (last.year, last.month) or last < first:
        raise ValueError("the days lie in one month, in their order")
    days = (last - first).days + 1
    return (amount * days / monthrange(first.year, first.month)[1]).quantize(CENT, ROUND_HALF_UP)


def month_after(day: date) -> date:
    """The first day of the month after that of the day."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def _standard_area(terms: Subsidy, persons: int) -> Decimal:
    """Of the whole household: by its size where the city has a table, else so much for each head."""
    if terms.area_by_size:
        sizes = {int(size): area for size, area in terms.area_by_size.items()}
        return sizes[max((size for size in sizes if size <= persons), default=min(sizes))]
    if terms.area_per_head is None:
        raise NotToBeWorkedOutError("area")
    return terms.area_per_head * persons


def _area(terms: Subsidy, household: Household, standard: Decimal) -> Fraction:
    """What the household lacks, for as many heads as the city counts; never under 0, nor over the cap."""
    heads = Fraction(_heads(terms.headcount, household.persons)) / household.persons
    lacking = max(Fraction(0), Fraction(standard - household.own_area) * heads)
    return lacking if terms.area_cap is None else min(lacking, Fraction(terms.area_cap))


def _heads(table: Mapping[str, Decimal], persons: int) -> Decimal:
    """For how many a household of this size counts."""
    if str(persons) in table:
        return table[str(persons)]
    open_ended = {int(size.removesuffix(AND_MORE)): heads for size, heads in table.items() if size.endswith(AND_MORE)}
    reached = [size for size in open_ended if size <= persons]
    return open_ended[max(reached)] if reached else Decimal(persons)


def _rate(terms: Subsidy, household: Household) -> tuple[Decimal, Fraction]:
    """CNY per m²: the city's own figure for the tier, or the base with the highest factor that the household has."""
    if household.tier in terms.tier_rate:
        return Decimal(1), Fraction(terms.tier_rate[household.tier])
    if household.tier not in terms.tier_factor and (terms.tier_factor or terms.tier_rate):
        raise NotToBeWorkedOutError("tier")
    factors = [terms.tier_factor.get(household.tier, Decimal(1))]
    factors += [terms.other_factors[group] for group in household.groups if group in terms.other_factors]
    exact = Fraction(terms.base_rate) * Fraction(max(factors))
    if terms.rounding_where == "rate":
        exact = Fraction(_round(exact, terms.rounding_step, terms.rounding_mode))
    return max(factors), exact


def _round(exact: Fraction, step: Decimal, mode: str) -> Decimal:
    """To a multiple of the step."""
    steps = exact / Fraction(step)
    whole, rest = divmod(steps.numerator, steps.denominator)
    up = {"down": False, "up": rest > 0, "half_up": 2 * rest >= steps.denominator}[mode]
    return (whole + up) * step


def _shown(exact: Fraction) -> Decimal:
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(CENT, ROUND_HALF_UP)
