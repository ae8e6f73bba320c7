"""Homes: shares held now, homes passed on within the look-back, contracts before completion; each unit counts once.

A public lease and compensation in money are shown apart. A registered home prevails over what was declared of it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from msgspec import Struct

from verification.facts import DeclaredHome, RecordKind
from verification.figures import Figure, per_head
from verification.records.housing import Housing, HousingRight, HousingStatus
from verification.standards.schema import AreaTest
from verification.statement.fingerprints import VALUE_OF_AREA
from verification.statement.sheet import DECLARED, NOTHING, Found, Sheet, years_before

WHOLE = Decimal("0.9995")  # thirds that add up to this are one home
CENTIARE = Decimal("0.01")
SAME_AREA = Decimal(1)  # m²: an owner's two homes of the same size within this are taken for one
DEFAULT = AreaTest(per_head=NOTHING)
FINDINGS = {
    "ownership": ("undeclared_home",),
    "presale": ("undeclared_home",),
    "transfer": ("undeclared_transfer",),
    "compensation": ("undeclared_transfer",),
    "public_lease": ("duplicate_assistance",),
}


class Holding(Struct, frozen=True, kw_only=True):
    """One member's right to one home, from a register or from the declaration."""

    person: str
    source: str
    kind: str  # ownership | presale | transfer | compensation | public_lease
    address: str
    area: Decimal | None
    share: Decimal
    unit: str
    excluded: str = ""
    tenure: str = ""  # of a declared home that is neither owned nor a public lease
    record: Housing | None = None
    data_date: date | None = None


def count_homes(sheet: Sheet) -> tuple[Figure, Figure]:
    """m² per head and m² of the household."""
    test = sheet.standard.area or DEFAULT
    numbered: dict[str, list[Housing]] = {}
    for _, record in sheet.records(Housing):
        if record.unit_no:
            numbered.setdefault(plain(record.address), []).append(record)
    found = [
        _registered(sheet, test, origin, record, _unit_of(record, numbered))
        for origin, record in sheet.records(Housing)
    ]
    declared = [_declared(sheet, test, home, found) for home in sheet.declared.homes if home.owner in sheet.persons]
    units: dict[str, list[Holding]] = {}
    for holding in (*found, *declared):
        units.setdefault(holding.unit, []).append(holding)
    for holdings in units.values():
        _write_unit(sheet, holdings)
    total = sheet.total("homes", RecordKind.HOUSING)
    return _shared(sheet, total), total


def _shared(sheet: Sheet, total: Figure) -> Figure:
    """The area of each; where a death may yet be told of, fewer may share it."""
    members, area = len(sheet.living), total.value or NOTHING
    unsure = len(sheet.silent_on(RecordKind.REGISTRATION))
    return Figure(
        value=per_head(area, members),
        lines=total.lines,
        steps=total.steps,
        least=None if total.least is None else per_head(total.least, members),
        most=per_head(area, max(1, members - unsure)) if unsure else None,
    )


def _unit_of(record: Housing, numbered: Mapping[str, Sequence[Housing]]) -> str:
    """What names a home: its number in the register, also where this very record leaves it out; else its address.

    Of several numbered homes at one address it is the one of the same size.
    """
    address = plain(record.address)
    if record.unit_no or not address:
        return record.unit_no or record.record_key
    at_address = numbered.get(address, ())
    units = {home.unit_no or "" for home in at_address}
    if len(units) > 1:
        units = {home.unit_no or "" for home in at_address if _is_same_size(home.area, record.area)}
    return min(units, default=address)


def _is_same_size(one: Decimal | None, other: Decimal | None) -> bool:
    return one is not None and other is not None and abs(one - other) <= SAME_AREA


def _registered(sheet: Sheet, test: AreaTest, found: Found, record: Housing, unit: str) -> Holding:
    kind = f"{record.right}"
    if record.right is HousingRight.OWNERSHIP and record.status is HousingStatus.HISTORICAL:
        kind = "transfer"
    excluded = _why_not(sheet, test, record, kind)
    worth = (record.area or NOTHING) * VALUE_OF_AREA
    if sheet.is_set_aside(found.source, record.record_key, FINDINGS[kind], worth):
        excluded = "set_aside"
    return Holding(
        person=found.person,
        source=found.source,
        kind=kind,
        address=record.address,
        area=record.area,
        share=Decimal(1) if record.share is None or test.share == "whole" else record.share,
        unit=unit,
        excluded=excluded,
        record=record,
        data_date=found.data_date,
    )


def _why_not(sheet: Sheet, test: AreaTest, record: Housing, kind: str) -> str:
    """Why a registered right adds no area; empty where it does."""
    since = years_before(sheet.on, test.look_back_years)
    checks = {
        "public_lease": ("public_lease_apart", True),
        "compensation": (
            "money_not_area" if test.demolition_counts and record.area is None else "before_look_back",
            record.area is None
            or not test.demolition_counts
            or (record.compensated_on is not None and record.compensated_on < since),
        ),
        "transfer": ("before_look_back", record.transferred_on is not None and record.transferred_on < since),
        "presale": (
            "presale_not_counted" if not test.presale_counts else "cancelled",
            not test.presale_counts or record.status is HousingStatus.HISTORICAL,
        ),
    }
    reason, applies = checks.get(kind, ("", False))
    if applies:
        return reason
    return "other_use" if record.use is not None and record.use not in test.counted_uses else ""


def _declared(sheet: Sheet, test: AreaTest, home: DeclaredHome, found: Iterable[Holding]) -> Holding:
    kind = "transfer" if home.sold_on else "public_lease" if home.tenure == "public_rental" else "ownership"
    excluded = ""
    if kind == "public_lease":
        excluded = "public_lease_apart"
    elif home.tenure != "owned":
        excluded = "not_owned"
    elif home.sold_on and home.sold_on < years_before(sheet.on, test.look_back_years):
        excluded = "before_look_back"
    twin = twin_of(home, found)
    return Holding(
        person=home.owner,
        source=DECLARED,
        kind=kind,
        address=home.address,
        area=home.area,
        share=Decimal(1) if test.share == "whole" else home.share,
        unit=twin.unit if twin else home.unit_number or plain(home.address),
        excluded=excluded,
        tenure=home.tenure if excluded == "not_owned" else "",
    )


def twin_of(home: DeclaredHome, found: Iterable[Holding]) -> Holding | None:
    """The registered home that a declared one is: by unit number, by address, or by owner and size.

    Of several, one that counts; then the one whose address or size is the same.
    """
    address = plain(home.address)
    own = [holding for holding in found if holding.record]
    ways = (
        [holding for holding in own if home.unit_number and holding.unit == home.unit_number],
        [holding for holding in own if _is_same_place(address, plain(holding.address))],
        [
            holding
            for holding in own
            if home.tenure == "owned" and holding.person == home.owner and _is_same_size(holding.area, home.area)
        ],
    )

    def weight(holding: Holding) -> tuple[bool, bool, Decimal, str]:
        off = abs((holding.area or NOTHING) - home.area)
        return bool(holding.excluded), plain(holding.address) != address, off, holding.unit

    return next((min(way, key=weight) for way in ways if way), None)


def _is_same_place(one: str, other: str) -> bool:
    return bool(one and other) and (one in other or other in one)


def plain(address: str) -> str:
    """An address without white space."""
    return "".join(address.split())


def _write_unit(sheet: Sheet, holdings: list[Holding]) -> None:
    """Write what the members hold of one unit: together never more than the whole, and each member once.

    Where records differ on its size, the largest counts.
    """
    registered = any(holding.record and not holding.excluded for holding in holdings)
    counting = [each for each in holdings if not each.excluded and (each.record or not registered)]
    area = max((each.area for each in counting if each.area is not None), default=NOTHING)
    shares: dict[str, Decimal] = {}
    counted = NOTHING
    for holding in holdings:
        reason, adds = holding.excluded, NOTHING
        if not reason and holding.record is None and registered:
            reason = "register_prevails"
        if not reason:
            shares[holding.person] = max(shares.get(holding.person, NOTHING), holding.share)
            held = min(sum(shares.values(), NOTHING), Decimal(1))
            whole = (area * (Decimal(1) if held >= WHOLE else held)).quantize(CENTIARE)
            adds = max(NOTHING, whole - counted)
            counted += adds
            reason = _counted_as(holding) if adds else "unit_counted_once"
        _write(sheet, holding, reason, adds)


def _counted_as(holding: Holding) -> str:
    if holding.kind == "transfer":
        return "look_back"
    return "by_share" if holding.share != 1 else ""


def _write(sheet: Sheet, holding: Holding, reason: str, adds: Decimal) -> None:
    record = holding.record
    text = {"address": holding.address, "share": f"{holding.share:f}", "unit_key": holding.unit}
    if holding.tenure:
        text["tenure"] = holding.tenure
    for name in ("certificate_no", "contract_no", "transferred_on", "compensated_on", "use", "acquired_on"):
        if record is not None and (value := getattr(record, name)):
            text[name] = f"{value}"
    sheet.add(
        "homes",
        holding.kind,
        holding.person,
        holding.source,
        adds,
        reason=reason,
        amount=record.compensation_amount if record else None,
        area=holding.area,
        text=text,
        record_key=record.record_key if record else "",
        data_date=holding.data_date,
    )
