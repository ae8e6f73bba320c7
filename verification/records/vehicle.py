"""Vehicles and boats (车船): motor vehicles, road transport licences, ships. Contract section 10.4."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from msgspec import Meta, field

from verification.record_form import Coded, Count, Number, RecordForm, Text

PlateClass = Annotated[str, Meta(pattern=r"^[0-9]{2}$")]  # GA 24.7


class VehicleRecordType(Coded):
    """Which register speaks."""

    MOTOR_VEHICLE = "motor_vehicle", "1"
    TRANSPORT_LICENCE = "transport_licence", "2"
    SHIP = "ship", "3"


class VehicleClass(Coded):
    """车辆类别, in the words of the declaration."""

    CAR = "car", "K"
    TRUCK = "truck", "H"
    MOTORCYCLE = "motorcycle", "M"
    DISABLED_VEHICLE = "disabled_vehicle", "C"
    BOAT = "boat", "S"
    OTHER = "other", "Z"


class UseNature(Coded):
    """使用性质."""

    PRIVATE = "private", "A"
    TAXI = "taxi", "D"
    GOODS = "goods", "F"
    RENTAL = "rental", "G"
    RIDE_HAILING = "ride_hailing", "N"
    OTHER_HIRE = "other_hire", "Z"


class VehicleStatus(Coded):
    """状态; with those of `GONE` the vehicle is no longer the person's."""

    NORMAL = "normal", "1"
    TRANSFERRED = "transferred", "2"
    DEREGISTERED = "deregistered", "3"
    SEIZED = "seized", "4"
    PLEDGED = "pledged", "5"
    SCRAPPED = "scrapped", "6"


class TransportScope(Coded):
    """经营范围 of a road transport licence."""

    PASSENGERS = "passengers", "1"
    GOODS = "goods", "2"
    TAXI = "taxi", "3"
    RIDE_HAILING = "ride_hailing", "4"


GONE = frozenset({VehicleStatus.TRANSFERRED, VehicleStatus.DEREGISTERED, VehicleStatus.SCRAPPED})

_NEEDED = {
    VehicleRecordType.MOTOR_VEHICLE: ("plate_no",),
    VehicleRecordType.TRANSPORT_LICENCE: ("plate_no", "licence_no", "scope"),
    VehicleRecordType.SHIP: ("ship_name",),
}


class Vehicle(RecordForm, frozen=True, kw_only=True, tag="vehicle"):
    """One vehicle, licence or ship. The register holds no price: `insured_value` (CNY) stands in where it is known."""

    record_type: VehicleRecordType
    vehicle_class: VehicleClass
    status: VehicleStatus
    plate_no: Annotated[str, Meta(max_length=20)] = ""
    plate_class: PlateClass | None = None
    brand_model: Text = ""
    displacement_ml: Count | None = None
    power_kw: Decimal | None = None
    use_nature: UseNature | None = None
    first_registered_on: date | None = field(default=None, name="first_registration")
    owned_since: date | None = field(default=None, name="ownership_date")
    status_on: date | None = field(default=None, name="status_date")
    insured_value: Decimal | None = None
    licence_no: Number = ""
    scope: TransportScope | None = field(default=None, name="business_scope")
    licence_from: date | None = None
    licence_to: date | None = None
    ship_name: Text = ""
    tonnage: Decimal | None = None

    def needed(self) -> tuple[str, ...]:
        """By the register; the day it went, where it is gone."""
        names = _NEEDED[self.record_type]
        return (*names, "status_on") if self.status in GONE else names

    @property
    def is_held(self) -> bool:
        """Whether the vehicle is still registered to the person."""
        return self.status not in GONE
