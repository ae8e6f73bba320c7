"""Assistance that the household has: certificates that open a tier, and housing protection held twice."""

from datetime import date
from decimal import Decimal

from verification.figures import Figure
from verification.records.assistance import Assistance, AssistanceStatus, AssistanceType
from verification.records.housing import Housing, HousingRight, HousingStatus
from verification.statement.sheet import NOTHING, Found, Sheet, full_years

PROTECTION = {AssistanceType.PUBLIC_RENTAL, AssistanceType.RENTAL_SUBSIDY}
ONE = Decimal(1)


def count_assistance(sheet: Sheet) -> tuple[Figure, Figure]:
    """Other housing protections held, and the full years that a certificate of the tier has run (None: none)."""
    families: set[tuple[str, str]] = set()
    years: list[tuple[int, int]] = []
    for found, record in sheet.records(Assistance):
        running = is_running(record, sheet.on)
        reason = _why_not(sheet, found, record, families, running=running)
        adds = NOTHING if reason else ONE
        number = _write(sheet, found, record, reason, adds)
        if running and record.assistance_type in sheet.standard.tier.certificates:
            years.append((full_years(record.granted_from, sheet.on), number))
    for found, home in sheet.records(Housing):
        if home.right is HousingRight.PUBLIC_LEASE:
            _write_lease(sheet, found, home)
    best = max(years, default=None)
    held = Figure(value=Decimal(best[0]), lines=(best[1],)) if best else Figure()
    return sheet.total("assistance"), held


def is_running(record: Assistance, on: date) -> bool:
    """Whether the grant runs on the day."""
    return record.status is AssistanceStatus.RUNNING and (record.granted_to is None or record.granted_to >= on)


def _under_review(sheet: Sheet, protection: str) -> bool:
    """The household's own protection of this very programme, declared: it is what a periodic review looks at."""
    declared = {each.assistance_type for each in sheet.declared.assistance}
    return protection == sheet.standard.programme and protection in declared


def _why_not(sheet: Sheet, found: Found, record: Assistance, families: set[tuple[str, str]], *, running: bool) -> str:
    """Why a grant is no other protection; empty where it is one."""
    kind = record.assistance_type
    family = (f"{kind}", record.family_no or record.record_key)
    if not running:
        return "ended"
    if kind not in PROTECTION:
        return "no_housing_protection"
    if _under_review(sheet, f"{kind}"):
        return "under_review"
    if sheet.is_set_aside(found.source, record.record_key, ("duplicate_assistance",), NOTHING):
        return "set_aside"
    if family in families:
        return "family_counted_once"
    families.add(family)
    return ""


def _write(sheet: Sheet, found: Found, record: Assistance, reason: str, adds: Decimal) -> int:
    text = {"from": f"{record.granted_from}", "status": f"{record.status}", "county": record.county_code}
    if record.granted_to:
        text["to"] = f"{record.granted_to}"
    return sheet.add(
        "assistance",
        f"{record.assistance_type}",
        found.person,
        found.source,
        adds,
        reason=reason,
        amount=record.monthly_amount,
        text=text,
        record_key=record.record_key,
        data_date=found.data_date,
    ).number


def _write_lease(sheet: Sheet, found: Found, home: Housing) -> None:
    """A public lease that the household did not declare is a protection; a declared one is known to the office."""
    running = home.status is HousingStatus.CURRENT and (home.lease_to is None or home.lease_to >= sheet.on)
    declared = any(each.tenure == "public_rental" for each in sheet.declared.homes)
    reason = "" if running else "ended"
    if running and (declared or _under_review(sheet, "public_rental")):
        reason = "declared_lease"
    elif running and sheet.is_set_aside(found.source, home.record_key, ("duplicate_assistance",), NOTHING):
        reason = "set_aside"
    elif running and any(line.kind == "public_lease" and line.section == "assistance" for line in sheet.lines):
        reason = "family_counted_once"  # husband and wife hold one lease
    sheet.add(
        "assistance",
        "public_lease",
        found.person,
        found.source,
        NOTHING if reason else ONE,
        reason=reason,
        amount=home.monthly_rent,
        area=home.area,
        text={"address": home.address, "contract_no": home.contract_no},
        record_key=home.record_key,
        data_date=found.data_date,
    )
