"""The standard of a city, a programme and a time as plain data: tiers, limits, look-backs, tolerances, legal basis.

Policy is never code: thresholds differ by city, year, programme, tier and household size. A standard is chosen by the
date of acceptance, and every decision keeps the standard that it was taken under. Money is CNY, area m².
"""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

import msgspec
from msgspec import Struct

from verification.facts import RecordKind
from verification.figures import Operator, per_head

CENT = Decimal("0.01")
CRITERIA = (
    "certificate",
    "income",
    "area",
    "assets",
    "vehicles",
    "vehicle_price",
    "business",
    "residence",
    "single_age",
    "one_benefit",
)
BANKS = tuple(
    ["icbc", "abc", "boc", "ccb", "bocom", "psbc", "jsb", "njcb", "cmb", "citic", "cmbc", "cib", "spdb", "tzrcb"]
)
SOURCE_KINDS: dict[str, tuple[RecordKind, ...]] = {
    "civil_affairs": (RecordKind.MARRIAGE, RecordKind.ASSISTANCE, RecordKind.REGISTRATION),
    "police": (RecordKind.REGISTRATION, RecordKind.VEHICLE),
    "social_security": (RecordKind.INSURANCE,),
    "housing_bureau": (RecordKind.HOUSING,),
    "provident_fund": (RecordKind.FUND,),
    "market_regulation": (RecordKind.BUSINESS,),
    "state_tax": (RecordKind.TAX,),
    "local_tax": (RecordKind.TAX,),
    "transport": (RecordKind.VEHICLE,),
    "province": (RecordKind.ASSISTANCE, RecordKind.REGISTRATION),
    **dict.fromkeys(BANKS, (RecordKind.DEPOSIT,)),
}
SOURCES = tuple(SOURCE_KINDS)


class Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a standard: an unknown field is an error, so that a misspelt limit is never silently absent."""


class IncomeTest(Part, frozen=True, kw_only=True):
    """Income per head. A yearly amount is divided by 12; with an index the limit is `ratio` of that figure."""

    amount: Decimal | None = None
    base: Literal["monthly", "yearly"] = "monthly"
    ratio: Decimal | None = None
    index_name: str = ""  # e.g. disposable income of city residents, 2025
    index_amount: Decimal | None = None
    operator: Operator = Operator.UNDER
    months: Literal[6, 12] = 12

    @property
    def monthly_limit(self) -> Decimal:
        """The line, CNY per head a month: an indexed one to the cent, a twelfth cut as the income is that it limits."""
        amount = self.amount
        if amount is None:
            amount = ((self.ratio or Decimal(0)) * (self.index_amount or Decimal(0))).quantize(CENT, ROUND_HALF_UP)
        twelfth = per_head(amount, 12) if self.base == "yearly" else None
        return amount if twelfth is None else twelfth


class AssetBand(Part, frozen=True, kw_only=True):
    """The limit for households of this many persons and more, up to the next band."""

    persons: int
    limit: Decimal


class AssetTest(Part, frozen=True, kw_only=True):
    """Financial assets, per head or per household, by household size."""

    table: tuple[AssetBand, ...]
    scope: Literal["per_head", "household"] = "per_head"
    operator: Operator = Operator.UNDER
    counted: tuple[str, ...] = ("deposit", "wealth_product", "security", "fund", "insurance", "claim", "other")
    exempt: tuple[str, ...] = ()
    moved_share: Decimal = Decimal(
        "0.2"
    )  # the daily average counts when it is above the balance by more than this share …
    moved_amount: Decimal = Decimal(50000)  # … and large outflows of the six months reach this

    def limit_for(self, persons: int) -> Decimal:
        """The limit of a household of this size."""
        return max((band for band in self.table if band.persons <= persons), key=lambda band: band.persons).limit


class Tier(Part, frozen=True, kw_only=True):
    """A class of households: by an income test or by a certificate (dibao, tekun) that it has held for some years."""

    code: str
    name: str
    kind: Literal["income", "certificate"] = "income"
    income: IncomeTest | None = None
    certificates: tuple[str, ...] = ()
    certificate_years: int = 0
    assets: AssetTest | None = None  # instead of the standard's own
    vehicle_price: Decimal | None = None  # instead of the standard's own


class Residence(Part, frozen=True, kw_only=True):
    """Local household registration: at least `members` adults, for `years`, in one of the divisions (code prefixes)."""

    divisions: tuple[str, ...]
    years: int
    members: int = 1
    permit_instead: bool = False
    insurance_months: int = 0
    graduated_within_years: int = 0


class SingleRule(Part, frozen=True, kw_only=True):
    """From which age a person may apply alone, and who is excused (marital codes GB/T 2261.2, or "disabled")."""

    age: int
    excused: tuple[str, ...] = ()


class AreaTest(Part, frozen=True, kw_only=True):
    """Floor area per head, and in the whole where the city says so."""

    per_head: Decimal
    operator: Operator = Operator.UNDER
    total: Decimal | None = None
    total_operator: Operator = Operator.AT_MOST
    joined: Literal["and", "or"] = "and"
    counted_uses: tuple[str, ...] = ("dwelling",)
    look_back_years: int = 5
    presale_counts: bool = True
    demolition_counts: bool = True
    share: Literal["share", "whole"] = "share"


class VehicleTest(Part, frozen=True, kw_only=True):
    """Private vehicles: how many, and how dear."""

    count: int
    price: Decimal | None = None
    price_operator: Operator = Operator.AT_MOST
    price_source: Literal["declared", "price_table", "insured_value"] = "declared"
    counted: tuple[str, ...] = ("car",)
    exempt: tuple[str, ...] = ("disabled_vehicle",)


class BusinessTest(Part, frozen=True, kw_only=True):
    """Paid-in capital of the whole household in businesses."""

    capital: Decimal
    operator: Operator = Operator.AT_MOST
    exempt_roles: tuple[str, ...] = ()


class Imputation(Part, frozen=True, kw_only=True):
    """The city minimum wage, counted for able members of working age who show no income or less (domain §3.2)."""

    monthly_wage: Decimal
    age_from: int = 16
    male_to: int = 60
    female_to: int = 55
    excused: tuple[str, ...] = ("student", "retired", "child", "unable")


class Tolerance(Part, frozen=True, kw_only=True):
    """A difference within the larger of the two is not reported. It never moves a limit."""

    percent: Decimal = Decimal(0)
    amount: Decimal = Decimal(0)

    def covers(self, declared: Decimal, found: Decimal, *, times: int = 1) -> bool:
        """Whether the difference is within the tolerance; of sums that are so many times what it is written for."""
        return abs(found - declared) <= max(self.amount * times, abs(declared) * self.percent / 100)


class Tolerances(Part, frozen=True, kw_only=True):
    """Per section; income is CNY per head a month."""

    income: Tolerance = Tolerance()
    assets: Tolerance = Tolerance()
    area: Tolerance = Tolerance()
    business: Tolerance = Tolerance()


class Subsidy(Part, frozen=True, kw_only=True):
    """Terms of the monthly rental subsidy."""

    base_rate: Decimal  # CNY per m²
    area_per_head: Decimal | None = None
    area_by_size: dict[str, Decimal] = {}
    tier_factor: dict[str, Decimal] = {}
    tier_rate: dict[str, Decimal] = {}  # CNY per m², already rounded by the city
    headcount: dict[str, Decimal] = {}  # by size, "6+" from 6 persons on; other sizes count as they are
    other_factors: dict[str, Decimal] = {}  # of groups; the highest factor that a household has counts
    area_cap: Decimal | None = None
    capped_by_rent: bool = False
    floor_amount: Decimal | None = None
    rounding_step: Decimal = Decimal("0.01")
    rounding_mode: Literal["half_up", "down", "up"] = "half_up"
    rounding_where: Literal["rate", "amount"] = "amount"
    start: Literal["next_month", "same_month"] = "next_month"
    prorated: bool = False


class Transition(Part, frozen=True, kw_only=True):
    """So many months at this multiple of the rent while the household is still there."""

    months: int
    factor: Decimal


class Rent(Part, frozen=True, kw_only=True):
    """Terms of the rent of a public home."""

    base: Decimal  # CNY per m² a month
    tier_factor: dict[str, Decimal] = {}
    ceiling: Decimal | None = None  # CNY per m² a month
    due_day: int = 10  # of the month by which its rent is to be paid
    deposit: Decimal | None = None
    market_rate: Decimal | None = None  # CNY per m² a month
    transition: tuple[Transition, ...] = ()  # the moving period, at multiples of the rent of the contract
    overstay: tuple[Transition, ...] = ()  # after it, at multiples of the market rent; the last goes on


class Standard(Part, frozen=True, kw_only=True):
    """The standard of one city and programme from one day on. `basis` names the article per criterion."""

    id: str
    name: str
    city: str  # division code, 6 digits
    programme: Literal["public_rental", "rental_subsidy"]
    effective_from: date
    document: str
    required_sources: tuple[str, ...]
    tiers: tuple[Tier, ...]  # the neediest first; the last is the widest, which a household must meet
    basis: dict[str, str]
    effective_to: date | None = None
    demo: bool = False
    notice: str = ""  # to print wherever the standard is named
    sources_that_may_be_missing: tuple[str, ...] = ()
    sources_that_must_be_current: tuple[str, ...] = ()  # no last known answer serves, whatever the source's policy
    residence: Residence | None = None
    single: SingleRule | None = None
    area: AreaTest | None = None
    assets: AssetTest | None = None
    vehicles: VehicleTest | None = None
    business: BusinessTest | None = None
    one_benefit: bool = True  # one household, one protection
    minimum_wage: Imputation | None = None
    sales_margin: Decimal = Decimal("0.1")  # share of a trader's sales that counts as income where none was declared
    tolerance: Tolerances = Tolerances()
    divorce_years: int = 2  # a divorce this recent, of two who live on together, is put to a person
    subsidy: Subsidy | None = None
    rent: Rent | None = None
    publicity_days: int = 10
    objection_days: int = 10
    validity_days: int = 90
    review_months: int = 12

    @property
    def tier(self) -> Tier:
        """The widest tier: its line is the line of the programme."""
        return self.tiers[-1]

    @property
    def asset_test(self) -> AssetTest | None:
        """The asset test of the tier, or else of the standard."""
        return self.tier.assets or self.assets

    @property
    def vehicle_price(self) -> Decimal | None:
        """The highest price of a vehicle, by the tier or else by the standard."""
        return self.tier.vehicle_price or (self.vehicles.price if self.vehicles else None)

    def at(self, tier: Tier) -> "Standard":
        """The same standard with this tier as the line."""
        return msgspec.structs.replace(self, tiers=(tier,))

    def article(self, criterion: str) -> str:
        """The legal basis of a criterion."""
        return self.basis.get(criterion, self.document)
