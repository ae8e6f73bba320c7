"""Vehicles: private ones that the household has now, each plate once; sold but not transferred ones stand apart."""

from decimal import Decimal

from verification.facts import DeclaredVehicle
from verification.figures import Figure
from verification.records.vehicle import UseNature, Vehicle, VehicleRecordType
from verification.standards.schema import VehicleTest
from verification.statement.sheet import DECLARED, NOTHING, Found, Sheet

DEFAULT = VehicleTest(count=0)
ONE = Decimal(1)
FINDINGS = ("undeclared_vehicle", "sold_vehicle_unregistered")


def count_vehicles(sheet: Sheet) -> tuple[Figure, Figure, int]:
    """How many vehicles count, the price of the dearest in CNY, and how many have no known price."""
    declared = {plate(vehicle.plate): vehicle for vehicle in sheet.declared.vehicles if vehicle.owner in sheet.persons}
    seen: set[str] = set()
    priced: list[tuple[Decimal, int]] = []
    unpriced = 0
    for found, record in sheet.records(Vehicle):
        number = plate(record.plate_no or record.ship_name)
        reason = _why_not(sheet, found, record, declared.get(number)) or ("counted_once" if number in seen else "")
        if not reason:
            seen.add(number)
        price = price_of(record, declared.get(number))
        line = _write_found(sheet, found, record, reason, price)
        if not reason and price is not None:
            priced.append((price, line))
        unpriced += not reason and price is None
    registered = {plate(record.plate_no or record.ship_name) for _, record in sheet.records(Vehicle)}
    for number, vehicle in declared.items():
        line = _write_declared(sheet, vehicle, known=number in registered)
        if sheet.lines[line - 1].used and vehicle.price is not None:
            priced.append((vehicle.price, line))
        unpriced += sheet.lines[line - 1].used and vehicle.price is None
    dearest = max(priced, default=None)
    price_figure = Figure(value=dearest[0], lines=(dearest[1],)) if dearest else Figure(value=NOTHING)
    return sheet.total("vehicles"), price_figure, unpriced


def plate(text: str) -> str:
    """A plate as it is compared: without spaces, dots and hyphens, in capitals."""
    return "".join(letter for letter in text.upper() if letter.isalnum())


def price_of(record: Vehicle, declared: DeclaredVehicle | None) -> Decimal | None:
    """The higher of declared price and insured value, CNY; None where nobody has told."""
    told = [price for price in (record.insured_value, declared.price if declared else None) if price is not None]
    return max(told, default=None)


def _why_not(sheet: Sheet, found: Found, record: Vehicle, declared: DeclaredVehicle | None) -> str:
    """Why a registered vehicle does not count; empty where it does."""
    test = sheet.standard.vehicles or DEFAULT
    if not record.is_held:
        return "gone"
    if sheet.is_set_aside(found.source, record.record_key, FINDINGS, record.insured_value or NOTHING):
        return "set_aside"
    if record.record_type is VehicleRecordType.TRANSPORT_LICENCE:
        return "licence_only"  # the vehicle itself is the police's to tell
    if record.vehicle_class in test.exempt or record.vehicle_class not in test.counted:
        return "exempt_class"
    if record.use_nature not in {None, UseNature.PRIVATE}:
        return "not_private"
    # 民法典 arts. 224, 225: a vehicle passes with its delivery; the contract is for a person to look at.
    return "claimed_sold" if declared and declared.sold_on and declared.proof else ""


def _write_found(sheet: Sheet, found: Found, record: Vehicle, reason: str, price: Decimal | None) -> int:
    text = {"plate": record.plate_no or record.ship_name, "status": f"{record.status}"}
    if record.brand_model:
        text["model"] = record.brand_model
    if record.use_nature:
        text["use"] = f"{record.use_nature}"
    if record.insured_value is not None:
        text["insured_value"] = f"{record.insured_value}"
    return sheet.add(
        "vehicles",
        f"{record.vehicle_class}",
        found.person,
        found.source,
        NOTHING if reason else ONE,
        reason=reason,
        amount=price,
        text=text,
        record_key=record.record_key,
        data_date=found.data_date,
    ).number


def _write_declared(sheet: Sheet, vehicle: DeclaredVehicle, *, known: bool) -> int:
    test = sheet.standard.vehicles or DEFAULT
    reason = ""
    if known:
        reason = "register_prevails"
    elif vehicle.sold_on:
        reason = "declared_sold"
    elif vehicle.vehicle_type in test.exempt or vehicle.vehicle_type not in test.counted:
        reason = "exempt_class"
    return sheet.add(
        "vehicles",
        vehicle.vehicle_type,
        vehicle.owner,
        DECLARED,
        NOTHING if reason else ONE,
        reason=reason,
        amount=vehicle.price,
        text={"plate": vehicle.plate} | ({"proof": vehicle.proof} if vehicle.proof else {}),
    ).number
