"""What the departments know of the people of a replay: records in the form of the source contract. Plain Python.

Dates are offsets from the day on which the departments are told, as in the scenarios.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from housing_credit.replay.people import SPOUSE, Someone

Record = dict[str, Any]
Known = dict[str, list[Record]]  # by source
WAN = 10_000  # the market regulator counts capital in these


def of_family(people: Sequence[Someone], division: str) -> dict[str, Known]:
    """What is known of each person who hides nothing, by member key."""
    couple = [person for person in people if person.marital == "20"]
    known: dict[str, Known] = {}
    for person in people:
        partner = next((other for other in couple if other is not person and person in couple), None)
        mine: Known = {"police": [_registration(person, people[0], division)]}
        if person.wage:
            add(mine, wages(person, person.wage))
        if person.pension:
            add(mine, {"social_security": [_pension(person)]})
        if person.bank:
            add(mine, {person.bank: [account(person.account, person.balance)]})
        if partner is not None:
            add(mine, {"civil_affairs": [_marriage(person, partner)]})
        known[person.key] = mine
    return known


def add(known: Known, more: Known) -> None:
    """What is known besides."""
    for source, records in more.items():
        known.setdefault(source, []).extend(records)


def pinned(people: Iterable[Someone], known: dict[str, Known]) -> list[dict[str, Any]]:
    """As the mock departments are told; the sources that are not named know nothing."""
    return [
        {
            "id_number": person.id_number,
            "name": person.name,
            "rest": "nothing",
            "known": {source: {"records": records} for source, records in known[person.key].items()},
        }
        for person in people
    ]


def wages(person: Someone, wage: int) -> Known:
    """Twelve months of it, as insurer, fund and tax office hold them."""
    name, code = person.employer
    return {
        "social_security": [
            {
                "kind": "insurance",
                "record_key": f"SB-{person.tail}",
                "record_type": "1",
                "person_no": f"SB-{person.tail}",
                "scheme": "1",
                "status": "1",
                "employer_name": name,
                "employer_code": code,
                "month_base": f"{wage}.00",
                "months_paid": 12,
                "last_month": "month-1",
                "division_code": "321202",
            }
        ],
        "provident_fund": [
            {
                "kind": "fund",
                "record_key": f"GJJ-{person.tail}",
                "account_no": f"****{person.tail[-4:]}",
                "employer_name": name,
                "employer_code": code,
                "status": "1",
                "month_base": f"{wage}.00",
                "monthly_amount": f"{wage * 16 // 100}.00",
                "balance": f"{wage}.00",
                "last_month": "month-1",
            }
        ],
        "local_tax": [
            {
                "kind": "tax",
                "record_key": f"GS-{person.tail}",
                "record_type": "01",
                "income_type": "01",
                "period_from": "month-12",
                "period_to": "month-1",
                "declared_income": f"{wage * 12}.00",
                "tax_paid": "0.00",
                "unit_name": name,
                "unit_code": code,
            }
        ],
    }


def account(number: str, balance: int) -> Record:
    """An account in the person's name."""
    return {
        "kind": "deposit",
        "record_key": f"ZH-{number}",
        "account_type": "D",
        "account_no": f"************{number[-4:]}",
        "account_status": "0",
        "open_date": "-6y",
        "balance": f"{balance}.00",
        "average_6m": f"{balance * 97 // 100}.00",
        "average_12m": f"{balance * 95 // 100}.00",
        "inflow_6m": f"{balance // 4}.00",
        "outflow_6m": f"{balance // 5}.00",
        "large_outflow_6m": "0.00",
        "joint": False,
    }


def flat(person: Someone, area: int, *, since: str = "-9y") -> Known:
    """A home in sole ownership."""
    number = f"泰州市不动产权第{person.tail}号"
    return {
        "housing_bureau": [
            {
                "kind": "housing",
                "record_key": number,
                "record_type": "01",
                "certificate_no": number,
                "unit_no": f"321202001001GB{person.tail[-5:]}F{person.tail[:4]}0001",
                "address": f"泰州市海陵区迎春东路{int(person.tail[-3:])}号2幢402室",
                "area": f"{area}.00",
                "share_type": "0",
                "owner_count": 1,
                "use": "10",
                "nature": "01",
                "acquire_date": since,
                "acquire_mode": "01",
                "status": "1",
                "mortgaged": False,
                "seized": False,
            }
        ]
    }


def car(plate: str, worth: int, *, since: str = "-14m") -> Known:
    """A car registered with the police."""
    return {
        "police": [
            {
                "kind": "vehicle",
                "record_key": plate,
                "record_type": "1",
                "plate_no": plate,
                "plate_class": "02",
                "vehicle_class": "K",
                "brand_model": "大众朗逸",
                "use_nature": "A",
                "first_registration": since,
                "ownership_date": since,
                "status": "1",
                "insured_value": f"{worth}.00",
            }
        ]
    }


def share(person: Someone, capital: int) -> Known:
    """A share in a company, so much of it paid in."""
    return {
        "market_regulation": [
            {
                "kind": "business",
                "record_key": f"GD-{person.tail}",
                "role": "02",
                "entity_name": f"泰州{person.name}建材贸易有限公司",
                "registered_capital": f"{capital * 2 // WAN}",
                "paid_in_capital": f"{capital // WAN}",
                "share_ratio": "0.6",
                "status": "1",
                "founded_date": "-3y",
                "role_since": "-3y",
            }
        ]
    }


def _registration(person: Someone, head: Someone, division: str) -> Record:
    return {
        "kind": "registration",
        "record_key": f"HK-{head.tail}-{person.key}",
        "record_type": "01",
        "hukou_no": f"HK{head.tail}",
        "head_relation": "02" if person is head else person.relation,
        "hukou_kind": "1",
        "division_code": division,
        "address": "泰州市",
        "moved_in_date": "-12y" if person.bank else f"{_born(person)}",
        "birth_date": _born(person),
        "deceased": False,
        "cancelled": False,
    }


def _born(person: Someone) -> str:
    number = person.id_number
    return f"{number[6:10]}-{number[10:12]}-{number[12:14]}"


def _pension(person: Someone) -> Record:
    return {
        "kind": "insurance",
        "record_key": f"YL-{person.tail}",
        "record_type": "2",
        "scheme": "1",
        "status": "1",
        "monthly_amount": f"{person.pension}.00",
        "start_date": "-24m",
    }


def _marriage(person: Someone, partner: Someone) -> Record:
    first = person if partner.relation == SPOUSE else partner
    number = f"J321202-{first.tail}"
    return {
        "kind": "marriage",
        "record_key": number,
        "registration_type": "1",
        "partner_name": partner.name,
        "partner_id_no": partner.id_number,
        "reg_date": "-11y",
        "certificate_no": number,
        "reg_office": "泰州市海陵区民政局",
    }
