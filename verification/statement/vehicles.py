"""Vehicles: private ones that the household has now, each plate once; sold but not transferred ones stand apart."""

from collections.abc import Container, Iterable, Sequence
from decimal import Decimal

from verification.facts import DeclaredVehicle, RecordKind
from verification.figures import Figure
from verification.records.vehicle import UseNature, Vehicle, VehicleRecordType
from verification.standards.schema import VehicleTest
from verification.statement.sheet import DECLARED, NOTHING, Found, Sheet

DEFAULT = VehicleTest(count=0)
ONE = Decimal(1)
FINDINGS = ("undeclared_vehicle", "sold_vehicle_unregistered")


def count_vehicles(sheet: Sheet) -> tuple[Figure, Figure, int]:
    """How many vehicles count, the price of the dearest in CNY, and how many have no known price."""
    declared = said(sheet.declared.vehicles, sheet.persons)
    records = sheet.records(Vehicle)
    reasons = [_why_not(sheet, found, record, _said_of(declared, record)) for found, record in records]
    counts: dict[str, int] = {}  # of each plate the place of the record that tells of the highest price
    for place, ((_, record), reason) in enumerate(zip(records, reasons, strict=True)):
        known = counts.get(plate_of(record))
        if not reason and (known is None or _price(record) > _price(records[known][1])):
            counts[plate_of(record)] = place
    prices: list[tuple[Decimal | None, tuple[int, ...]]] = []
    lines: dict[str, int] = {}
    for place, ((found, record), why) in enumerate(zip(records, reasons, strict=True)):
        number = plate_of(record)
        reason = why or ("" if counts[number] == place else "counted_once")
        line = _write_found(sheet, found, record, reason)
        if not reason:
            lines[number] = line
    registered = {plate_of(record) for _, record in records}
    for number, vehicles in declared.items():
        line = _write_declared(sheet, vehicles, known=number in registered)
        price = max((each.price for each in vehicles if each.price is not None), default=None)
        if sheet.lines[line - 1].used:
            prices.append((price, (line,)))
        elif number in lines:
            prices.append((price_of(records[counts[number]][1], vehicles), (lines[number], line)))
    prices += [(sheet.lines[line - 1].amount, (line,)) for number, line in lines.items() if number not in declared]
    unpriced = sum(price is None for price, _ in prices)
    return sheet.total("vehicles", RecordKind.VEHICLE), _dearest(sheet, prices), unpriced


def _dearest(sheet: Sheet, prices: list[tuple[Decimal | None, tuple[int, ...]]]) -> Figure:
    """The highest price. While the register is silent, that of a vehicle which it has told of is the certain one."""
    told = [(price, lines) for price, lines in prices if price is not None]
    if not told:
        return Figure(value=NOTHING)
    price, lines = max(told)
    least = None
    if sheet.silent_on(RecordKind.VEHICLE):
        least = max((price for price, lines in told if sheet.lines[lines[0] - 1].source != DECLARED), default=NOTHING)
    return Figure(value=price, lines=lines, least=least)


Said = dict[str, list[DeclaredVehicle]]  # by plate


def said(declared: Iterable[DeclaredVehicle], owners: Container[str]) -> Said:
    """What these members declared of each vehicle; one whose plate was left out is a vehicle of its own."""
    vehicles: Said = {}
    for number, vehicle in enumerate(declared, 1):
        if vehicle.owner in owners:
            vehicles.setdefault(plate(vehicle.plate) or f"#{number}", []).append(vehicle)
    return vehicles


def _said_of(declared: Said, record: Vehicle) -> list[DeclaredVehicle]:
    return declared.get(plate_of(record), [])


def _price(record: Vehicle) -> Decimal:
    return Decimal(-1) if record.insured_value is None else record.insured_value


def plate_of(record: Vehicle) -> str:
    """The plate of a registered vehicle, of a ship its name."""
    return plate(record.plate_no or record.ship_name)


def plate(text: str) -> str:
    """A plate as it is compared: without spaces, dots and hyphens, in capitals."""
    return "".join(letter for letter in text.upper() if letter.isalnum())


def price_of(record: Vehicle, declared: Iterable[DeclaredVehicle]) -> Decimal | None:
    """The higher of declared price and insured value, CNY; None where nobody has told."""
    told = [record.insured_value, *(each.price for each in declared)]
    return max((price for price in told if price is not None), default=None)


def _why_not(sheet: Sheet, found: Found, record: Vehicle, declared: Sequence[DeclaredVehicle]) -> str:
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
    return "claimed_sold" if declared and all(each.sold_on and each.proof for each in declared) else ""


def _write_found(sheet: Sheet, found: Found, record: Vehicle, reason: str) -> int:
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
        amount=record.insured_value,
        text=text,
        record_key=record.record_key,
        data_date=found.data_date,
    ).number


def _write_declared(sheet: Sheet, vehicles: Sequence[DeclaredVehicle], *, known: bool) -> int:
    """A line for each time that a vehicle was declared; the number of the one that counts, if any does: the dearest."""
    reasons = [_why_not_declared(sheet, vehicle, known=known) for vehicle in vehicles]
    chosen = max(range(len(vehicles)), key=lambda place: (not reasons[place], vehicles[place].price or NOTHING))
    lines = []
    for place, (vehicle, why) in enumerate(zip(vehicles, reasons, strict=True)):
        reason = why or ("" if place == chosen else "counted_once")
        line = sheet.add(
            "vehicles",
            vehicle.vehicle_type,
            vehicle.owner,
            DECLARED,
            NOTHING if reason else ONE,
            reason=reason,
            amount=vehicle.price,
            text={"plate": vehicle.plate} | ({"proof": vehicle.proof} if vehicle.proof else {}),
        )
        lines.append(line.number)
    return lines[chosen]


def _why_not_declared(sheet: Sheet, vehicle: DeclaredVehicle, *, known: bool) -> str:
    test = sheet.standard.vehicles or DEFAULT
    if known:
        return "register_prevails"
    if vehicle.sold_on:
        return "declared_sold"
    exempt = vehicle.vehicle_type in test.exempt or vehicle.vehicle_type not in test.counted
    return "exempt_class" if exempt else ""
