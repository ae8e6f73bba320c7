"""What an honest household of invented people would declare: for seeding districts that the sources agree with."""

from datetime import date
from typing import Any

from msgspec import Struct

from verification.mock_departments.invented_family import moved_in, partner_of, relation_in
from verification.mock_departments.lives import Life, life
from verification.mock_departments.marks import yuan
from verification.mock_departments.questions import Asked, Household
from verification.mock_departments.relative_dates import months_before
from verification.mock_departments.sources import SOURCES

Section = list[dict[str, Any]]


class Member(Struct, frozen=True, forbid_unknown_fields=True):
    """A person of an invented household, the applicant first. `key` is the member key that the declaration will use."""

    key: str
    name: str
    id_number: str


def declare(members: list[Member], seed: int, today: date) -> dict[str, Any]:
    """The declaration as JSON: persons, homes, vehicles, assets, businesses, assistance, nothing hidden, nothing added.

    It agrees with what the sources answer when the same people are asked about together, in this order, as of today.
    """
    persons = tuple(Asked(member.key, member.name, "111", member.id_number) for member in members)
    household = Household("", "", "", (), today, today, persons)
    lives = [(person, life(person.id_no, seed, today)) for person in persons]
    return {
        "persons": [_person(household, person, lived, seed) for person, lived in lives],
        "homes": [home for person, lived in lives for home in _homes(person, lived)],
        "vehicles": [car for person, lived in lives for car in _vehicles(person, lived)],
        "assets": [asset for person, lived in lives for asset in _assets(person, lived)],
        "businesses": [shop for person, lived in lives for shop in _businesses(person, lived)],
        "assistance": [aid for person, lived in lives for aid in _assistance(person, lived, today)],
    }


def _person(household: Household, person: Asked, lived: Life, seed: int) -> dict[str, Any]:
    relation = relation_in(household, person, lived, seed)
    declared: dict[str, Any] = {
        "key": person.person,
        "name": person.person_name,
        "id_number": person.id_no,
        "relation": "01" if relation == "02" else relation,
        "marital": "20" if partner_of(household, person, seed) else "10",
        "hukou_since": moved_in(household, lived),
        "hukou_division": "321202",
        "employment": _employment(lived),
        "income": {
            "wages": yuan(lived.job.wage * lived.job.months if lived.job else 0),
            "business": yuan(lived.shop_capital // 5),  # a tenth of the sales, which are twice the capital
            "transfers": yuan(12 * (lived.pension + lived.aid)),
        },
    }
    if lived.job is not None:
        declared |= {"employer_name": lived.job.employer, "employer_code": lived.job.employer_code}
    return declared


def _employment(lived: Life) -> str:
    if lived.job is not None:
        return "employed"
    if lived.age < 16:
        return "child"
    if lived.age >= 60:
        return "retired"
    return "flexible" if lived.shop_capital else "unemployed"


def _homes(person: Asked, lived: Life) -> Section:
    home = lived.dwelling
    if home is None:
        return []
    return [
        {
            "owner": person.person,
            "address": home.address,
            "area": yuan(home.area),
            "unit_number": home.unit_number,
            "acquired_on": home.acquired_on,
        }
    ]


def _vehicles(person: Asked, lived: Life) -> Section:
    car = lived.car
    if car is None:
        return []
    price = yuan(car.insured_value)
    return [{"owner": person.person, "plate": car.plate, "price": price, "purchased_on": car.owned_since}]


def _assets(person: Asked, lived: Life) -> Section:
    return [
        {
            "owner": person.person,
            "asset_type": "deposit",
            "institution": SOURCES[bank].name,
            "amount": yuan(account.balance),
        }
        for bank, account in lived.accounts.items()
        if account.balance
    ]


def _businesses(person: Asked, lived: Life) -> Section:
    if not lived.shop_capital:
        return []
    name = lived.shop_name
    return [{"owner": person.person, "name": name, "role": "sole_trader", "capital": yuan(lived.shop_capital)}]


def _assistance(person: Asked, lived: Life, today: date) -> Section:
    if not lived.aid:
        return []
    return [
        {
            "owner": person.person,
            "assistance_type": "dibao",
            "monthly_amount": yuan(lived.aid),
            "since": months_before(today, 14),
        }
    ]
