"""The words the check centre speaks: what is asked, what is answered, what was declared, what follows. Plain data.

Everything here is a frozen `msgspec.Struct`: money is `Decimal` CNY, area `Decimal` m², dates are Asia/Shanghai
calendar
dates, and a member of a household is named by its `key` ("m1", "m2", …), never by an ID number.
"""

import builtins
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct


class RecordKind(StrEnum):
    """The ten kinds of record that a source can hold on a person (clause A6)."""

    HOUSING = "housing"
    REGISTRATION = "registration"
    MARRIAGE = "marriage"
    VEHICLE = "vehicle"
    BUSINESS = "business"
    TAX = "tax"
    FUND = "fund"
    INSURANCE = "insurance"
    DEPOSIT = "deposit"
    ASSISTANCE = "assistance"


class Outcome(StrEnum):
    """What came of asking one source about one person. Only FOUND and NONE are answers; a timeout is never a zero."""

    FOUND = "found"
    NONE = "none"
    TIMEOUT = "timeout"
    REFUSED = "refused"
    BROKEN = "broken"
    UNAVAILABLE = "unavailable"
    IDENTITY_MISMATCH = "identity_mismatch"
    NOT_IN_CHARGE = "not_in_charge"
    NOT_ASKED = "not_asked"
    KEPT_BACK = "kept_back"  # it answered, and whether it tells the truth is in doubt

    @property
    def is_answer(self) -> bool:
        """Whether the source said what it knows of this person."""
        return self is Outcome.FOUND or self is Outcome.NONE


class ReplyMode(StrEnum):
    """How a reply reached the check centre."""

    API = "api"
    BATCH = "batch"
    MANUAL = "manual"


class Person(Struct, frozen=True):
    """A household member as the sources are asked about it."""

    key: str
    name: str
    id_number: str  # 18 characters, upper case; never logged


class Question(Struct, frozen=True):
    """One household put to one source, covered by a live authorisation for this purpose."""

    reference: str  # unique per inquiry and attempt; travels with the answer
    persons: tuple[Person, ...]
    purpose: str  # one of the purpose codes of docs/source-contract.md
    authorisation: str  # number of the signed authorisation
    kinds: tuple[RecordKind, ...]
    as_of: date  # balances and holdings on this day
    since: date  # flows (income, transfers, outflows) from this day on


class Declared(Struct, frozen=True, kw_only=True):
    """What the household wrote and signed: the whole declaration, by sections."""

    persons: tuple["DeclaredPerson", ...]
    homes: tuple["DeclaredHome", ...] = ()
    vehicles: tuple["DeclaredVehicle", ...] = ()
    assets: tuple["DeclaredAsset", ...] = ()
    businesses: tuple["DeclaredBusiness", ...] = ()
    assistance: tuple["DeclaredAssistance", ...] = ()


class Income(Struct, frozen=True, kw_only=True):
    """Income of the past 12 months, CNY, in the five kinds of the form."""

    wages: Decimal = Decimal(0)
    business: Decimal = Decimal(0)
    property: Decimal = Decimal(0)
    transfers: Decimal = Decimal(0)
    other: Decimal = Decimal(0)

    @builtins.property  # the field above takes the bare name in this class body
    def total(self) -> Decimal:
        """All five kinds together, CNY for 12 months."""
        return self.wages + self.business + self.property + self.transfers + self.other


class DeclaredPerson(Struct, frozen=True, kw_only=True):
    """A member as declared. Codes: relation GB/T 4761, marital GB/T 2261.2, sex GB/T 2261.1."""

    key: str
    name: str
    id_number: str
    relation: str  # "01" applicant, "10" spouse, "20" son, "30" daughter, "51" father, "52" mother, …
    marital: str  # "10" single, "20" married, "30" widowed, "40" divorced, "90" not stated
    hukou_since: date | None = None  # local registration since
    hukou_division: str = ""  # 6-digit division of the hukou
    health: str = "healthy"  # healthy | ordinary | severe_illness
    disability: str = "none"  # none | light | severe
    incapable: bool = False  # an adult under guardianship: the guardian signs
    employment: str = "none"  # employed | flexible | unemployed | retired | student | child | unable | none
    employer_name: str = ""
    employer_code: str = ""  # unified social credit code
    phone: str = ""
    income: Income = Income()


class DeclaredHome(Struct, frozen=True, kw_only=True):
    """A home owned, co-owned, rented or sold within the look-back period."""

    owner: str  # member key
    address: str
    area: Decimal  # floor area of the whole home, m²
    share: Decimal = Decimal(1)  # the owner's share, 0 to 1
    tenure: str = "owned"  # owned | public_rental | private_rental | borrowed | temporary | other
    unit_number: str = ""  # 不动产单元号, 28 characters, when known
    acquired_on: date | None = None
    sold_on: date | None = None


class DeclaredVehicle(Struct, frozen=True, kw_only=True):
    """A vehicle or boat, also one sold whose transfer was never registered."""

    owner: str
    plate: str
    vehicle_type: str = "car"  # car | motorcycle | truck | disabled_vehicle | boat | other
    price: Decimal | None = None  # purchase price, CNY
    purchased_on: date | None = None
    sold_on: date | None = None  # sold, transfer not registered
    proof: str = ""  # number of the contract or paper that shows it


class DeclaredAsset(Struct, frozen=True, kw_only=True):
    """A deposit or other financial asset."""

    owner: str
    asset_type: str  # deposit | security | fund | wealth_product | insurance | claim | other
    institution: str
    amount: Decimal


class DeclaredBusiness(Struct, frozen=True, kw_only=True):
    """A business in which a member is owner, partner, shareholder or legal representative."""

    owner: str
    name: str
    credit_code: str = ""
    role: str = "shareholder"  # legal_representative | shareholder | sole_trader | partner
    capital: Decimal = Decimal(0)  # the member's paid-in capital, CNY
    disowned: bool = False  # "registered in my name without my knowledge" (冒名登记)
    proof: str = ""


class DeclaredAssistance(Struct, frozen=True, kw_only=True):
    """Social assistance that the household already gets."""

    owner: str
    assistance_type: (
        str  # dibao | tekun | low_income | disability | unemployment | public_rental | rental_subsidy | other
    )
    monthly_amount: Decimal = Decimal(0)
    since: date | None = None


class Evidence(Struct, frozen=True):
    """Where a figure comes from: enough to find the exchange again."""

    source: str  # source code
    request_number: str
    replied_at: datetime | None
    data_date: date | None
    digest: str  # SM3 of the stored reply, hex
