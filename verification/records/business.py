"""Businesses (工商登记): each role of a person in each entity. Contract section 10.5."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from msgspec import Meta, field

from verification.record_form import Coded, RecordForm, Text

CreditCode = Annotated[str, Meta(pattern=r"^[0-9A-HJ-NPQRTUWXY]{18}$")]  # GB 32100-2015
TEN_THOUSAND = Decimal(10_000)


class BusinessRole(Coded):
    """角色."""

    LEGAL_REPRESENTATIVE = "legal_representative", "01"
    SHAREHOLDER = "shareholder", "02"
    SOLE_TRADER = "sole_trader", "03"
    PARTNER = "partner", "04"


class BusinessStatus(Coded):
    """登记状态. A revoked licence leaves the entity in being until it is deregistered."""

    IN_BUSINESS = "in_business", "1"
    REVOKED = "revoked", "2"
    DEREGISTERED = "deregistered", "3"


class ImpostorStatus(Coded):
    """冒名登记: whether the registration was made in the person's name without consent."""

    NONE = "none", "0"
    REPORTED = "reported", "1"
    REVOKED = "revoked", "2"


class Business(RecordForm, frozen=True, kw_only=True, tag="business"):
    """One role in one entity. Capital comes in 10,000 CNY (万元); the properties give CNY."""

    role: BusinessRole
    entity_name: Text
    status: BusinessStatus
    founded_on: date = field(name="founded_date")
    credit_code: CreditCode | None = None
    registered_capital_10k: Decimal | None = field(default=None, name="registered_capital")
    paid_in_capital_10k: Decimal | None = field(default=None, name="paid_in_capital")
    share_ratio: Decimal | None = None
    industry: Annotated[str, Meta(max_length=16)] = ""  # GB/T 4754
    role_since: date | None = None
    abnormal_listed: bool | None = None
    impostor_status: ImpostorStatus = ImpostorStatus.NONE
    impostor_revoked_on: date | None = field(default=None, name="impostor_revoked_date")

    def needed(self) -> tuple[str, ...]:
        """A shareholder's share; the day of revocation of an impostor's registration."""
        names: tuple[str, ...] = ("share_ratio",) if self.role is BusinessRole.SHAREHOLDER else ()
        return (*names, "impostor_revoked_on") if self.impostor_status is ImpostorStatus.REVOKED else names

    @property
    def registered_capital(self) -> Decimal | None:
        """Registered capital of the entity, CNY."""
        return None if self.registered_capital_10k is None else self.registered_capital_10k * TEN_THOUSAND

    @property
    def paid_in_capital(self) -> Decimal | None:
        """Capital that this person has paid in, CNY."""
        return None if self.paid_in_capital_10k is None else self.paid_in_capital_10k * TEN_THOUSAND
