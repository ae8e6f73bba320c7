"""Family and home of invented people, as civil affairs, the police and the housing bureau hold them.

Who belongs together follows from who is asked about together: the first grown-up and the next grown-up of the other sex
at most 15 years apart are married; everybody in one question stands in one household register, the first as its head.
"""

from datetime import date
from typing import Any

from verification.mock_departments.lives import Life, life
from verification.mock_departments.marks import Records, hash_of, record_key, tail, yuan
from verification.mock_departments.questions import Asked, Household
from verification.mock_departments.relative_dates import months_before

_GROWN_UP = 22


def marriage(household: Household, person: Asked, lived: Life, source: str, seed: int) -> Records:
    """civil_affairs: the couple's marriage, and minimum living allowance."""
    records: Records = []
    partner = partner_of(household, person, seed)
    if partner is not None:
        couple = sorted((person.id_no, partner.id_no))
        married_on = months_before(household.asof_date, 30 + hash_of("|".join(couple), seed) % 200)
        number = f"J321202-{married_on.year}-{hash_of(couple[0], seed) % 100_000:06d}"
        records.append(
            {
                "kind": "marriage",
                "record_key": number,
                "registration_type": "1",
                "partner_name": partner.person_name,
                "partner_id_no": partner.id_no,
                "reg_date": married_on,
                "certificate_no": number,
                "reg_office": "泰州市海陵区民政局",
            }
        )
    if lived.aid:
        records.append(_aid(household, person, lived, seed))
    return records


def _aid(household: Household, person: Asked, lived: Life, seed: int) -> dict[str, Any]:
    return {
        "kind": "assistance",
        "record_key": record_key("DB", tail(person, seed)),
        "aid_type": "01",
        "from_date": months_before(household.asof_date, 14),
        "monthly_amount": yuan(lived.aid),
        "persons": 1,
        "status": "1",
        "county_code": "321202",
        "county_name": "泰州市海陵区",
    }


def partner_of(household: Household, person: Asked, seed: int) -> Asked | None:
    """The other half of the household's couple, when this person is one half of it."""
    grown_up = [
        (other, theirs)
        for other in household.persons
        if (theirs := life(other.id_no, seed, household.asof_date)).age >= _GROWN_UP
    ]
    if not grown_up:
        return None
    first, first_life = grown_up[0]
    for other, theirs in grown_up[1:]:
        if theirs.male != first_life.male and abs(theirs.age - first_life.age) <= 15:
            return {first.id_no: other, other.id_no: first}.get(person.id_no)
    return None


def register(household: Household, person: Asked, lived: Life, source: str, seed: int) -> Records:
    """police: the household register, and the vehicle."""
    head = household.persons[0]
    records: Records = [
        {
            "kind": "registration",
            "record_key": record_key("HK", tail(head, seed), person.person),
            "record_type": "01",
            "hukou_no": record_key("321202001", tail(head, seed)),
            "head_relation": relation_in(household, person, lived, seed),
            "hukou_kind": "1",
            "division_code": "321202",
            "address": "泰州市海陵区城东街道",
            "moved_in_date": moved_in(household, lived),
            "birth_date": lived.birth,
            "deceased": False,
            "cancelled": False,
        }
    ]
    if lived.car is not None:
        records.append(
            {
                "kind": "vehicle",
                "record_key": lived.car.plate,
                "record_type": "1",
                "plate_no": lived.car.plate,
                "plate_class": "02",
                "vehicle_class": "K",
                "brand_model": lived.car.model,
                "use_nature": "A",
                "first_registration": lived.car.owned_since,
                "ownership_date": lived.car.owned_since,
                "status": "1",
                "insured_value": yuan(lived.car.insured_value),
            }
        )
    return records


def moved_in(household: Household, lived: Life) -> date:
    """Since when registered here: those who never moved, since birth."""
    if lived.hukou_years >= lived.age:
        return lived.birth
    return months_before(household.asof_date, 12 * lived.hukou_years)


def relation_in(household: Household, person: Asked, lived: Life, seed: int) -> str:
    """How the person stands to the first one asked about, GB/T 4761; the first is the head."""
    head = household.persons[0]
    if person.id_no == head.id_no:
        return "02"
    if (partner := partner_of(household, person, seed)) is not None and partner.id_no == head.id_no:
        return "10"
    apart = life(head.id_no, seed, household.asof_date).age - lived.age
    if apart >= 16:
        return "20" if lived.male else "30"
    if apart <= -16:
        return "51" if lived.male else "52"
    return "70"


def housing(household: Household, person: Asked, lived: Life, source: str, seed: int) -> Records:
    """housing_bureau: the home in sole ownership."""
    home = lived.dwelling
    if home is None:
        return []
    certificate = f"苏({home.acquired_on.year})泰州市不动产权第9{tail(person, seed)}号"
    return [
        {
            "kind": "housing",
            "record_key": certificate,
            "record_type": "01",
            "certificate_no": certificate,
            "unit_no": home.unit_number,
            "address": home.address,
            "area": yuan(home.area),
            "share_type": "0",
            "owner_count": 1,
            "use": "10",
            "nature": "01",
            "acquire_date": home.acquired_on,
            "acquire_mode": "01",
            "status": "1",
            "mortgaged": home.mortgaged,
            "seized": False,
        }
    ]
