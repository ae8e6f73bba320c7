"""Reading a standard from JSON, with every fault told by its field; the samples shipped; the one in force on a day."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from gettext import gettext as _  # marks the msgids; Django's catalogue translates them where they are shown
from pathlib import Path

from bureau import dated_policy
from bureau.dated_policy import Problem
from verification.standards.schema import CRITERIA, SOURCES, AssetTest, Standard, Tier

SAMPLES = Path(__file__).parent.parent / "sample_standards"
NO_SOURCE = _("%(source)s is not a source. Use the codes of the source catalogue.")
IN_BOTH = _("%(source)s is also required. Name it in one of the two lists.")


def read_standard(content: bytes) -> Standard:
    """Read a standard from JSON. Raises `PolicyError` with every problem that can be told at once."""
    return dated_policy.read(content, Standard, _problems)


@cache
def sample_standards() -> tuple[Standard, ...]:
    """The standards shipped: two cities' published figures and a demonstration standard for Taizhou."""
    return tuple(read_standard(path.read_bytes()) for path in sorted(SAMPLES.glob("*.json")))


def choose(standards: Iterable[Standard], *, city: str, programme: str, on: date) -> Standard | None:
    """The standard in force on the day of acceptance; the latest where two overlap; None where there is none."""
    fitting = (standard for standard in standards if (standard.city, standard.programme) == (city, programme))
    return dated_policy.in_force(fitting, on=on)


def _problems(standard: Standard) -> Iterator[Problem]:
    yield from dated_policy.plain_faults(standard)
    yield from _days(standard)
    yield from _sources(standard)
    yield from _tiers(standard)
    yield from _limits(standard)
    yield from _basis(standard)
    yield from _subsidy(standard)
    yield from _rent(standard)


def _days(standard: Standard) -> Iterator[Problem]:
    for field in ("publicity_days", "objection_days", "validity_days", "review_months"):
        if getattr(standard, field) < 1:
            yield Problem(field, "positive", _("Enter 1 or more."))


def _sources(standard: Standard) -> Iterator[Problem]:
    if not standard.required_sources:
        yield Problem("required_sources", "empty", _("Name at least one source whose answer is needed."))
    for field in ("required_sources", "sources_that_may_be_missing", "sources_that_must_be_current"):
        for source in getattr(standard, field):
            if source not in SOURCES:
                yield Problem(field, "source", NO_SOURCE, {"source": source})
    for source in sorted({*standard.required_sources} & {*standard.sources_that_may_be_missing}):
        yield Problem("sources_that_may_be_missing", "both", IN_BOTH, {"source": source})


def _tiers(standard: Standard) -> Iterator[Problem]:
    if not standard.tiers:
        yield Problem("tiers", "empty", _("Enter at least one tier."))
    codes = [tier.code for tier in standard.tiers]
    for number, tier in enumerate(standard.tiers):
        place = f"tiers[{number}]"
        if codes.count(tier.code) > 1:
            yield Problem(f"{place}.code", "twice", _("Give each tier a code of its own."))
        yield from _tier(place, tier)


def _tier(place: str, tier: Tier) -> Iterator[Problem]:
    if tier.kind == "certificate" and not tier.certificates:
        yield Problem(
            f"{place}.certificates", "empty", _("Name the certificates that open this tier, for example dibao.")
        )
    if tier.kind == "income" and tier.income is None:
        yield Problem(f"{place}.income", "empty", _("Enter the income test of this tier."))
    if tier.income and tier.income.amount is None and None in (tier.income.ratio, tier.income.index_amount):
        yield Problem(
            f"{place}.income.amount", "empty", _("Enter an amount, or a ratio together with its reference figure.")
        )
    elif tier.income and tier.income.monthly_limit <= 0:
        yield Problem(f"{place}.income.amount", "positive", _("Enter more than 0."))
    if tier.assets:
        yield from _asset_table(f"{place}.assets.table", tier.assets)


def _limits(standard: Standard) -> Iterator[Problem]:
    if standard.assets:
        yield from _asset_table("assets.table", standard.assets)
    area, vehicles, business = standard.area, standard.vehicles, standard.business
    faults = (
        ("area.per_head", area and area.per_head <= 0, "positive", _("Enter more than 0 m².")),
        ("area.look_back_years", area and area.look_back_years < 0, "negative", _("Enter 0 or more years.")),
        ("vehicles.count", vehicles and vehicles.count < 0, "negative", _("Enter 0 or more vehicles.")),
        ("business.capital", business and business.capital < 0, "negative", _("Enter 0 or more.")),
    )
    yield from (Problem(field, code, advice) for field, wrong, code, advice in faults if wrong)
    yield from _persons(standard)
    for section in ("income", "assets", "area", "business"):
        tolerance = getattr(standard.tolerance, section)
        if tolerance.percent < 0 or tolerance.amount < 0:
            yield Problem(f"tolerance.{section}", "negative", _("Enter 0 or more."))


def _persons(standard: Standard) -> Iterator[Problem]:
    if standard.residence and not standard.residence.divisions:
        yield Problem("residence.divisions", "empty", _("Enter at least one division code prefix, for example 3212."))
    if standard.residence and min(standard.residence.years, standard.residence.members) < 1:
        yield Problem("residence.years", "positive", _("Enter 1 or more years and 1 or more members."))
    if standard.minimum_wage and standard.minimum_wage.monthly_wage <= 0:
        advice = _("Enter the monthly minimum wage, or leave the whole part out.")
        yield Problem("minimum_wage.monthly_wage", "positive", advice)


def _asset_table(place: str, test: AssetTest) -> Iterator[Problem]:
    sizes = [band.persons for band in test.table]
    if not sizes or sizes[0] != 1 or sizes != sorted(set(sizes)):
        yield Problem(
            place, "bands", _("Begin with 1 person and let each band begin with more persons than the one before.")
        )
    if any(band.limit <= 0 for band in test.table):
        yield Problem(place, "positive", _("Enter limits of more than 0."))


def _basis(standard: Standard) -> Iterator[Problem]:
    for criterion in standard.basis:
        if criterion not in CRITERIA:
            yield Problem(
                f"basis.{criterion}", "criterion", _("Use one of: %(choices)s."), {"choices": ", ".join(CRITERIA)}
            )


def _subsidy(standard: Standard) -> Iterator[Problem]:
    terms = standard.subsidy
    if terms is None:
        return
    if (terms.area_per_head is None) == (not terms.area_by_size):
        advice = _("Enter the area for each head, or a table by the size of the household.")
        yield Problem("subsidy.area_per_head", "area", advice)
    tables = {"area_by_size": terms.area_by_size, "headcount": terms.headcount}
    for field, table in tables.items():
        sizes = [size.removesuffix("+") if field == "headcount" else size for size in table]
        if not all(size.isdecimal() and int(size) > 0 for size in sizes):
            yield Problem(f"subsidy.{field}", "size", _("Name sizes of households as numbers, from 1 on."))
    figures = {"base_rate": [terms.base_rate], "rounding_step": [terms.rounding_step]}
    figures |= {field: list(table.values()) for field, table in tables.items()}
    figures |= {"tier_rate": list(terms.tier_rate.values()), "tier_factor": list(terms.tier_factor.values())}
    yield from _not_positive("subsidy", figures)
    known = {**terms.tier_rate, **terms.tier_factor}
    without = [tier.code for tier in standard.tiers if known and tier.code not in known]
    if without:
        advice = _("Enter a rate or a factor for these tiers too: %(codes)s.")
        yield Problem("subsidy.tier_rate", "tier", advice, {"codes": ", ".join(without)})


def _rent(standard: Standard) -> Iterator[Problem]:
    terms = standard.rent
    if terms is None:
        return
    figures = {"base": [terms.base], "tier_factor": list(terms.tier_factor.values())}
    figures |= {"market_rate": [] if terms.market_rate is None else [terms.market_rate]}
    yield from _not_positive("rent", figures)
    if not 1 <= terms.due_day <= 28:
        yield Problem("rent.due_day", "day", _("Enter a day that every month has, 1 to 28."))
    for field in ("transition", "overstay"):
        if any(step.months < 1 or step.factor <= 0 for step in getattr(terms, field)):
            yield Problem(
                f"rent.{field}", "positive", _("Enter steps of 1 month or more, with factors of more than 0.")
            )
    if terms.overstay and terms.market_rate is None:
        yield Problem("rent.market_rate", "market", _("Enter the market rent that over-staying is charged at."))


def _not_positive(part: str, figures: Mapping[str, list[Decimal]]) -> Iterator[Problem]:
    for field, values in figures.items():
        if any(value <= 0 for value in values):
            yield Problem(f"{part}.{field}", "positive", _("Enter more than 0."))
