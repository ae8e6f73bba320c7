"""Businesses: the members' capital in each entity, once; a registration revoked as an impostor's is out."""

from decimal import Decimal

from verification.facts import DeclaredBusiness, RecordKind
from verification.figures import Figure
from verification.records.business import Business, BusinessRole, BusinessStatus, ImpostorStatus
from verification.statement.fingerprints import own_key
from verification.statement.sheet import DECLARED, NOTHING, Found, Sheet

FINDINGS = ("undeclared_business", "disowned_business")


def count_businesses(sheet: Sheet) -> tuple[Figure, Decimal]:
    """Capital of the household, CNY, and the capital in dispute, which is not in it: of each member and entity once."""
    counted: dict[tuple[str, str], Decimal] = {}
    disputed: dict[tuple[str, str], Decimal] = {}
    for found, record in sheet.records(Business):
        key = (found.person, entity(record.credit_code, record.entity_name))
        declared = declared_of(sheet, found.person, record)
        capital = max([capital_of(record) or NOTHING, *(business.capital for business in declared)])
        reason = _why_not(sheet, found, record, declared)
        if reason == "disowned":
            disputed[key] = max(capital, disputed.get(key, NOTHING))
        adds = NOTHING if reason else max(NOTHING, capital - counted.get(key, NOTHING))
        if not reason:
            counted[key] = counted.get(key, NOTHING) + adds
        _write(sheet, found, record, reason or ("" if adds or not capital else "entity_counted_once"), adds)
    for business in sheet.declared.businesses:
        _write_declared(sheet, business, counted)
    in_dispute = sum((max(NOTHING, most - counted.get(key, NOTHING)) for key, most in disputed.items()), NOTHING)
    return sheet.total("business", RecordKind.BUSINESS), in_dispute


def entity(credit_code: str | None, name: str) -> str:
    """What names an entity: its unified social credit code, or else its name."""
    return credit_code or "".join(name.split())


def declared_of(sheet: Sheet, person: str, record: Business) -> list[DeclaredBusiness]:
    """What a member declared of a registered business."""
    return [each for each in sheet.declared.businesses if each.owner == person and _is_same(each, record)]


def _is_same(business: DeclaredBusiness, record: Business) -> bool:
    same_code = business.credit_code and business.credit_code == record.credit_code
    return bool(same_code) or entity(None, business.name) == entity(None, record.entity_name)


def capital_of(record: Business) -> Decimal | None:
    """The member's capital, CNY: paid in, or else the share of the registered capital; None where nobody has told."""
    if record.paid_in_capital is not None:
        return record.paid_in_capital
    if record.role is BusinessRole.LEGAL_REPRESENTATIVE:
        return NOTHING  # an office, no investment
    if record.registered_capital is None:
        return None
    return record.registered_capital * (Decimal(1) if record.share_ratio is None else record.share_ratio)


def _why_not(sheet: Sheet, found: Found, record: Business, declared: list[DeclaredBusiness]) -> str:
    rule = sheet.standard.business
    if record.impostor_status is ImpostorStatus.REVOKED:
        return "impostor_revoked"
    if record.status is BusinessStatus.DEREGISTERED:
        return "deregistered"
    key = own_key(found.person, record.record_key)
    if sheet.is_set_aside(found.source, key, FINDINGS, capital_of(record) or NOTHING):
        return "set_aside"
    if rule and record.role in rule.exempt_roles:
        return "exempt_role"
    disowned = any(business.disowned and business.proof for business in declared)
    return "disowned" if disowned or record.impostor_status is ImpostorStatus.REPORTED else ""


def _write(sheet: Sheet, found: Found, record: Business, reason: str, adds: Decimal) -> None:
    text = {"name": record.entity_name, "status": f"{record.status}", "impostor": f"{record.impostor_status}"}
    text["entity"] = entity(record.credit_code, record.entity_name)
    if record.share_ratio is not None:
        text["share"] = f"{record.share_ratio}"
    sheet.add(
        "business",
        f"{record.role}",
        found.person,
        found.source,
        adds,
        reason=reason,
        amount=capital_of(record),
        text=text,
        record_key=record.record_key,
        data_date=found.data_date,
    )


def _write_declared(sheet: Sheet, business: DeclaredBusiness, counted: dict[tuple[str, str], Decimal]) -> None:
    """One of the declared businesses; what is already counted of the same entity is not added again."""
    registered = [
        record
        for found, record in sheet.records(Business)
        if found.person == business.owner and _is_same(business, record)
    ]
    same = registered[0] if registered else None
    name = entity(same.credit_code, same.entity_name) if same else entity(business.credit_code, business.name)
    reason = "register_prevails" if registered else "disowned" if business.disowned else ""
    before = counted.get((business.owner, name), NOTHING)
    adds = NOTHING if reason else max(NOTHING, business.capital - before)
    if not reason:
        counted[business.owner, name] = before + adds
    sheet.add(
        "business",
        business.role,
        business.owner,
        DECLARED,
        adds,
        reason=reason or ("" if adds or not business.capital else "entity_counted_once"),
        amount=business.capital,
        text={"name": business.name, "entity": name},
    )
