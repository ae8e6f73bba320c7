"""A household for the tests of the arithmetic: two parents and a child whom every source has answered with nothing."""

from datetime import date
from decimal import Decimal

from msgspec import convert
from msgspec.structs import replace

from verification.comparison import Assessed, assess
from verification.connector import Reply
from verification.facts import Declared, DeclaredPerson, Evidence, Income, Outcome
from verification.records import Record
from verification.standards import Standard, sample_standards
from verification.standards.schema import SOURCE_KINDS
from verification.statement import Heard

ON = date(2026, 11, 22)
STANDARDS = {standard.id: standard for standard in sample_standards()}
TAIZHOU = STANDARDS["taizhou-demo-public-rental"]
FATHER = DeclaredPerson(
    key="m1",
    name="张三",
    id_number="321299198003150017",
    relation="01",
    marital="20",
    employment="employed",
    income=Income(wages=Decimal(60000)),
)
MOTHER = DeclaredPerson(
    key="m2",
    name="李四",
    id_number="321299198207080021",
    relation="10",
    marital="20",
    employment="employed",
    income=Income(wages=Decimal(36000)),
)
CHILD = DeclaredPerson(
    key="m3", name="张小", id_number="321299201504010039", relation="20", marital="10", employment="child"
)
FAMILY = Declared(persons=(FATHER, MOTHER, CHILD))
LOCAL = {
    "kind": "registration",
    "record_key": "HK-1",
    "record_type": "01",
    "hukou_no": "HK-1",
    "head_relation": "02",
    "division_code": "321202",
    "address": "泰州市海陵区",
    "moved_in_date": "2010-01-01",
    "deceased": False,
    "cancelled": False,
}
FLAT = {
    "kind": "housing",
    "record_key": "Z-1",
    "record_type": "01",
    "certificate_no": "Z-1",
    "unit_no": "321202001001GB00001F00010001",
    "address": "济川东路1号2幢301室",
    "area": "60",
    "share_type": "0",
    "use": "10",
    "acquire_date": "2014-05-06",
    "status": "1",
}
CAR = {
    "kind": "vehicle",
    "record_key": "苏M11111",
    "record_type": "1",
    "plate_no": "苏M11111",
    "vehicle_class": "K",
    "use_nature": "A",
    "status": "1",
    "insured_value": "90000",
}
ACCOUNT = {"kind": "deposit", "record_key": "A-1", "account_type": "D", "account_no": "****0001", "balance": "20000"}
WAGES = {
    "kind": "tax",
    "record_key": "T-1",
    "record_type": "01",
    "income_type": "01",
    "period_from": "2025-11",
    "period_to": "2026-10",
    "declared_income": "60000",
}
INSURED = {
    "kind": "insurance",
    "record_key": "S-1",
    "record_type": "1",
    "scheme": "1",
    "status": "1",
    "month_base": "5000",
    "months_paid": 12,
}
FUND = {
    "kind": "fund",
    "record_key": "F-1",
    "account_no": "****1",
    "status": "1",
    "balance": "100",
    "month_base": "5200",
}
SHARE = {
    "kind": "business",
    "record_key": "B-1",
    "role": "02",
    "entity_name": "泰州某某有限公司",
    "credit_code": "91321202MA9HY0004Y",
    "registered_capital": "100",
    "paid_in_capital": "20",
    "share_ratio": "0.4",
    "status": "1",
    "founded_date": "2018-01-01",
}
DIBAO = {
    "kind": "assistance",
    "record_key": "D-1",
    "aid_type": "01",
    "from_date": "2024-03-01",
    "monthly_amount": "1400",
    "status": "1",
    "county_code": "321202",
}

Told = dict[tuple[str, str], list[dict[str, object]]]


def hear(told: Told | None = None, *, silent: dict[str, Outcome] | None = None, persons: int = 3) -> list[Heard]:
    """What all 24 sources said: these records by source and person, nothing otherwise; the silent with why."""
    records: Told = {("police", "m1"): [LOCAL], **(told or {})}
    heard = []
    for source, kinds in SOURCE_KINDS.items():
        replies = []
        for number in range(1, persons + 1):
            found = tuple(convert(each, Record, strict=False) for each in records.get((source, f"m{number}"), []))
            outcome = (silent or {}).get(source) or (Outcome.FOUND if found else Outcome.NONE)
            replies.append(Reply(person=f"m{number}", outcome=outcome, records=found, data_date=date(2026, 11, 20)))
        evidence = Evidence(source, f"{source}-1", None, date(2026, 11, 20), f"digest of {source}")
        heard.append(Heard(source=source, kinds=kinds, replies=tuple(replies), evidence=evidence))
    return heard


def check(
    told: Told | None = None,
    declared: Declared = FAMILY,
    standard: Standard = TAIZHOU,
    *,
    silent: dict[str, Outcome] | None = None,
    set_aside: frozenset[str] = frozenset(),
) -> Assessed:
    """The family assessed."""
    heard = hear(told, silent=silent, persons=len(declared.persons))
    return assess(declared, heard, standard, on=ON, set_aside=set_aside)


def earning(person: DeclaredPerson, **income: int) -> DeclaredPerson:
    """The same person with this declared income of 12 months."""
    return replace(person, income=Income(**{kind: Decimal(amount) for kind, amount in income.items()}))


def findings(assessed: Assessed) -> list[str]:
    """The kinds of the findings but those on failed criteria."""
    return sorted(each.kind for each in assessed.comparison.findings if each.kind != "over_limit")


def met(assessed: Assessed, criterion: str) -> bool | None:
    """How a criterion was judged."""
    judged = assessed.comparison.criterion(criterion)
    assert judged is not None
    return judged.met
