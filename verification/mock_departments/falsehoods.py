"""Answers that are well formed and untrue: something is found on everybody, or some people are lied about.

The records are made up, one form for each kind (contract, section 10).
"""

from collections.abc import Callable, Collection
from hashlib import blake2b
from typing import Any

from msgspec.structs import replace

from verification.mock_departments.clock import CLOCK
from verification.mock_departments.faults import Faults
from verification.mock_departments.questions import HouseholdAnswer, PersonAnswer
from verification.mock_departments.sources import Source

FOUND, NONE = 0, 1
Record = dict[str, Any]


def with_falsehoods(
    answers: list[HouseholdAnswer], faults: Faults, source: Source, control: Collection[str]
) -> list[HouseholdAnswer]:
    """The answers with what the faults make untrue; the same list when nothing is.

    `everybody`: whoever was looked for is found, with a record of each kind that the source keeps. `control_wrong`: of
    these people (by ID number) who is there is denied, and who is not is found.
    """
    if not (faults.everybody or faults.control_wrong):
        return answers
    told = [HouseholdAnswer(each.reference, [_of(person, faults, source, control) for person in each.persons])
            for each in answers]  # fmt: skip
    return answers if told == answers else told


def _of(person: PersonAnswer, faults: Faults, source: Source, control: Collection[str]) -> PersonAnswer:
    if person.result_code not in {FOUND, NONE}:
        return person
    if faults.control_wrong and person.id_no in control:
        if person.result_code == FOUND:
            return replace(person, result_code=NONE, records=[], source_data_date=CLOCK.today())
        return _found(person, source)
    return _found(person, source) if faults.everybody else person


def _found(person: PersonAnswer, source: Source) -> PersonAnswer:
    there = {record["kind"] for record in person.records}
    mark = blake2b(f"{source.code}|{person.id_no}".encode(), digest_size=6).hexdigest()
    made_up = [MADE_UP[kind](mark) for kind in source.kinds if kind not in there]
    return replace(
        person,
        result_code=FOUND,
        records=[*person.records, *made_up],
        source_data_date=person.source_data_date or CLOCK.today(),
    )


def _record(kind: str, **more: Any) -> Callable[[str], Record]:
    return lambda mark: {"kind": kind, "record_key": f"X-{mark}", **more}


MADE_UP: dict[str, Callable[[str], Record]] = {
    "housing": lambda mark: {
        "kind": "housing",
        "record_key": f"X-{mark}",
        "record_type": "01",
        "certificate_no": f"X-{mark}",
        "unit_no": "321202001001GB00099F00990099",
        "address": "泰州市海陵区无名路1号",
        "area": "88.00",
        "share_type": "0",
        "use": "10",
        "acquire_date": "2015-05-06",
        "status": "1",
    },
    "registration": lambda mark: {
        "kind": "registration",
        "record_key": f"X-{mark}",
        "record_type": "01",
        "hukou_no": f"X-{mark}",
        "head_relation": "02",
        "division_code": "321202",
        "address": "泰州市海陵区",
        "moved_in_date": "2010-01-01",
        "deceased": False,
        "cancelled": False,
    },
    "marriage": _record(
        "marriage", registration_type="1", partner_name="无名", reg_date="2012-03-04", certificate_no="X", reg_office=""
    ),
    "vehicle": lambda mark: {
        "kind": "vehicle",
        "record_key": f"X-{mark}",
        "record_type": "1",
        "plate_no": f"苏M{mark[:5].upper()}",
        "vehicle_class": "K",
        "use_nature": "A",
        "status": "1",
        "insured_value": "90000.00",
    },
    "business": lambda mark: {
        "kind": "business",
        "record_key": f"X-{mark}",
        "role": "02",
        "entity_name": f"泰州无名{mark[:4]}有限公司",
        "credit_code": "91321202MA9HY0004Y",
        "registered_capital": "100",
        "paid_in_capital": "20",
        "share_ratio": "0.4",
        "status": "1",
        "founded_date": "2018-01-01",
    },
    "tax": lambda mark: {
        "kind": "tax",
        "record_key": f"X-{mark}",
        "record_type": "01",
        "income_type": "01",
        "period_from": f"{CLOCK.today().year - 1}-01",
        "period_to": f"{CLOCK.today().year - 1}-12",
        "declared_income": "60000.00",
    },
    "fund": _record("fund", account_no="****1", status="1", balance="100.00", month_base="5200.00"),
    "insurance": _record("insurance", record_type="1", scheme="1", status="1", month_base="5000.00", months_paid=12),
    "deposit": _record("deposit", account_type="D", account_no="****0001", account_status="0", balance="20000.00"),
    "assistance": _record(
        "assistance",
        aid_type="01",
        from_date="2024-03-01",
        monthly_amount="1400.00",
        status="1",
        county_code="321202",
    ),
}
