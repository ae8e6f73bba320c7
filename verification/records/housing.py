"""Housing (住房): owned, bought before completion, rented from the public, compensated. Contract section 10.1."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from msgspec import Meta, field

from verification.record_form import Coded, Count, Number, RecordForm, Text

UnitNumber = Annotated[str, Meta(pattern=r"^[0-9A-Za-z]{28}$")]


class HousingRight(Coded):
    """What binds the person to the home."""

    OWNERSHIP = "ownership", "01"
    PRESALE = "presale", "02"
    PUBLIC_LEASE = "public_lease", "03"
    COMPENSATION = "compensation", "04"


class ShareType(Coded):
    """共有情况: how the home is owned."""

    SOLE = "sole", "0"
    JOINT = "joint", "1"
    BY_SHARES = "by_shares", "2"


class HousingUse(Coded):
    """规划用途: what the unit was planned for."""

    DWELLING = "dwelling", "10"
    COMMERCIAL = "commercial", "20"
    OFFICE = "office", "30"
    GARAGE = "garage", "40"
    OTHER = "other", "90"


class HousingNature(Coded):
    """房屋性质: how the home came to the market."""

    COMMERCIAL_HOUSING = "commercial_housing", "01"
    AFFORDABLE_SALE = "affordable_sale", "02"
    REFORM = "reform", "03"
    RESETTLEMENT = "resettlement", "04"
    SELF_BUILT = "self_built", "05"
    PUBLIC = "public", "06"
    OTHER = "other", "99"


class AcquireMode(Coded):
    """取得方式: how the person came to it."""

    PURCHASE = "purchase", "01"
    INHERITANCE = "inheritance", "02"
    GIFT = "gift", "03"
    BUILDING = "building", "04"
    RESETTLEMENT = "resettlement", "05"
    OTHER = "other", "99"


class HousingStatus(Coded):
    """权属状态: whether the right still stands."""

    HISTORICAL = "historical", "0"
    CURRENT = "current", "1"


_NEEDED = {
    HousingRight.OWNERSHIP: ("certificate_no", "area", "share_type", "use", "acquired_on"),
    HousingRight.PRESALE: ("contract_no", "area", "share_type", "use"),
    HousingRight.PUBLIC_LEASE: ("contract_no", "area"),
    HousingRight.COMPENSATION: ("compensation_amount", "compensated_on"),
}


class Housing(RecordForm, frozen=True, kw_only=True, tag="housing"):
    """One right to one home, or one event in its history. Area of the whole unit in m², money in CNY."""

    right: HousingRight = field(name="record_type")
    address: Text
    status: HousingStatus
    certificate_no: Number = ""
    unit_no: UnitNumber | None = None  # 不动产单元号
    contract_no: Number = ""
    area: Decimal | None = None
    share_type: ShareType | None = None
    share_ratio: Decimal | None = None
    owner_count: Count | None = None
    use: HousingUse | None = None
    nature: HousingNature | None = None
    acquired_on: date | None = field(default=None, name="acquire_date")
    acquire_mode: AcquireMode | None = None
    transferred_on: date | None = None
    transfer_price: Decimal | None = None
    mortgaged: bool | None = None
    seized: bool | None = None
    compensation_amount: Decimal | None = None
    compensated_on: date | None = field(default=None, name="compensation_date")
    lease_to: date | None = None
    monthly_rent: Decimal | None = None
    landlord: Text = ""

    def needed(self) -> tuple[str, ...]:
        """By the right; a share where it is by shares; the day of transfer where ownership has passed."""
        names = _NEEDED[self.right]
        if self.share_type is ShareType.BY_SHARES:
            names = (*names, "share_ratio")
        if self.right is HousingRight.OWNERSHIP and self.status is HousingStatus.HISTORICAL:
            names = (*names, "transferred_on")
        return names

    @property
    def share(self) -> Decimal | None:
        """This person's share, 0 to 1: as registered; of a sole home all, of a joint one an equal part; else None."""
        if self.share_ratio is not None:
            return self.share_ratio
        if self.share_type is ShareType.SOLE:
            return Decimal(1)
        return Decimal(1) / self.owner_count if self.owner_count else None

    @property
    def own_area(self) -> Decimal | None:
        """The area that falls to this person, m², to 2 decimals; None when area or share is not known."""
        if self.area is None or self.share is None:
            return None
        return (self.area * self.share).quantize(Decimal("0.01"))
