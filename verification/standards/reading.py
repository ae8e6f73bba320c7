"""Reading a standard from JSON, with every fault told by its field; the samples shipped; the one in force on a day."""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

from verification.standards.schema import CRITERIA, SOURCES, AssetTest, Standard, Tier

SAMPLES = Path(__file__).parent.parent / "sample_standards"


class Problem(Struct, frozen=True):
    """What is wrong in a standard: the field, a code that the pages put into words, and what to do, in English."""

    field: str
    code: str
    advice: str


class StandardError(Exception):
    """A standard that cannot be used. `problems` lists each field and what to do."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{problem.field}: {problem.advice}" for problem in self.problems))


def read_standard(content: bytes) -> Standard:
    """Read a standard from JSON. Raises `StandardError` with every problem that can be told at once."""
    try:
        standard = msgspec.json.decode(content, type=Standard)
    except msgspec.ValidationError as error:
        advice, _, place = str(error).partition(" - at `$")
        raise StandardError([Problem(place.strip("`.") or "$", "shape", f"{advice}. Correct this field.")]) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise StandardError(
            [Problem("$", "json", f"This is not JSON in UTF-8 ({error}). Correct the file.")]
        ) from error
    if problems := [*_problems(standard)]:
        raise StandardError(problems)
    return standard


@cache
def sample_standards() -> tuple[Standard, ...]:
    """The standards shipped: two cities' published figures and a demonstration standard for Taizhou."""
    return tuple(read_standard(path.read_bytes()) for path in sorted(SAMPLES.glob("*.json")))


def choose(standards: Iterable[Standard], *, city: str, programme: str, on: date) -> Standard | None:
    """The standard in force on the day of acceptance; the latest where two overlap; None where there is none."""
    in_force = [
        standard
        for standard in standards
        if standard.city == city
        and standard.programme == programme
        and standard.effective_from <= on
        and (standard.effective_to is None or on <= standard.effective_to)
    ]
    return max(in_force, key=lambda standard: standard.effective_from, default=None)


def _problems(standard: Standard) -> Iterator[Problem]:
    yield from _dates_and_names(standard)
    yield from _sources(standard)
    yield from _tiers(standard)
    yield from _limits(standard)
    yield from _basis(standard)


def _dates_and_names(standard: Standard) -> Iterator[Problem]:
    for field in ("id", "name", "document"):
        if not getattr(standard, field).strip():
            yield Problem(field, "empty", "Enter this field.")
    if not (standard.city.isdigit() and len(standard.city) == 6):
        yield Problem("city", "division", "Enter the 6-digit division code of the city, for example 321200.")
    if standard.effective_to and standard.effective_to < standard.effective_from:
        yield Problem("effective_to", "order", "Enter a last day that is not before the first day.")
    for field in ("publicity_days", "objection_days", "validity_days", "review_months"):
        if getattr(standard, field) < 1:
            yield Problem(field, "positive", "Enter 1 or more.")


def _sources(standard: Standard) -> Iterator[Problem]:
    if not standard.required_sources:
        yield Problem("required_sources", "empty", "Name at least one source whose answer is needed.")
    for field in ("required_sources", "sources_that_may_be_missing", "sources_that_must_be_current"):
        for source in getattr(standard, field):
            if source not in SOURCES:
                yield Problem(field, "source", f"{source} is not a source. Use the codes of the source catalogue.")
    for source in sorted({*standard.required_sources} & {*standard.sources_that_may_be_missing}):
        yield Problem(
            "sources_that_may_be_missing", "both", f"{source} is also required. Name it in one of the two lists."
        )


def _tiers(standard: Standard) -> Iterator[Problem]:
    if not standard.tiers:
        yield Problem("tiers", "empty", "Enter at least one tier.")
    codes = [tier.code for tier in standard.tiers]
    for number, tier in enumerate(standard.tiers):
        place = f"tiers[{number}]"
        if codes.count(tier.code) > 1:
            yield Problem(f"{place}.code", "twice", "Give each tier a code of its own.")
        yield from _tier(place, tier)


def _tier(place: str, tier: Tier) -> Iterator[Problem]:
    if tier.kind == "certificate" and not tier.certificates:
        yield Problem(f"{place}.certificates", "empty", "Name the certificates that open this tier, for example dibao.")
    if tier.kind == "income" and tier.income is None:
        yield Problem(f"{place}.income", "empty", "Enter the income test of this tier.")
    if tier.income and tier.income.amount is None and None in (tier.income.ratio, tier.income.index_amount):
        yield Problem(
            f"{place}.income.amount", "empty", "Enter an amount, or a ratio together with its reference figure."
        )
    elif tier.income and tier.income.monthly_limit <= 0:
        yield Problem(f"{place}.income.amount", "positive", "Enter more than 0.")
    if tier.assets:
        yield from _asset_table(f"{place}.assets.table", tier.assets)


def _limits(standard: Standard) -> Iterator[Problem]:
    if standard.assets:
        yield from _asset_table("assets.table", standard.assets)
    area, vehicles, business = standard.area, standard.vehicles, standard.business
    faults = (
        ("area.per_head", area and area.per_head <= 0, "positive", "Enter more than 0 m²."),
        ("area.look_back_years", area and area.look_back_years < 0, "negative", "Enter 0 or more years."),
        ("vehicles.count", vehicles and vehicles.count < 0, "negative", "Enter 0 or more vehicles."),
        ("business.capital", business and business.capital < 0, "negative", "Enter 0 or more."),
    )
    yield from (Problem(field, code, advice) for field, wrong, code, advice in faults if wrong)
    yield from _persons(standard)
    for section in ("income", "assets", "area", "business"):
        tolerance = getattr(standard.tolerance, section)
        if tolerance.percent < 0 or tolerance.amount < 0:
            yield Problem(f"tolerance.{section}", "negative", "Enter 0 or more.")


def _persons(standard: Standard) -> Iterator[Problem]:
    if standard.residence and not standard.residence.divisions:
        yield Problem("residence.divisions", "empty", "Enter at least one division code prefix, for example 3212.")
    if standard.residence and min(standard.residence.years, standard.residence.members) < 1:
        yield Problem("residence.years", "positive", "Enter 1 or more years and 1 or more members.")
    if standard.minimum_wage and standard.minimum_wage.monthly_wage <= 0:
        advice = "Enter the monthly minimum wage, or leave the whole part out."
        yield Problem("minimum_wage.monthly_wage", "positive", advice)


def _asset_table(place: str, test: AssetTest) -> Iterator[Problem]:
    sizes = [band.persons for band in test.table]
    if not sizes or sizes[0] != 1 or sizes != sorted(set(sizes)):
        yield Problem(
            place, "bands", "Begin with 1 person and let each band begin with more persons than the one before."
        )
    if any(band.limit <= 0 for band in test.table):
        yield Problem(place, "positive", "Enter limits of more than 0.")


def _basis(standard: Standard) -> Iterator[Problem]:
    for criterion in standard.basis:
        if criterion not in CRITERIA:
            yield Problem(f"basis.{criterion}", "criterion", f"Use one of: {', '.join(CRITERIA)}.")
