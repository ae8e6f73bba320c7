"""Purposes to which departments ask the registry; in a demo also four departments with what each may ask. They have no
keys here: a key is shown once, to whom it is issued.
"""

from datetime import date
from typing import NamedTuple

from bureau.models import Staff
from credit.models import Endpoint, Grant, Partner, Purpose

PURPOSES = {
    "dibao_review": ("低保审核", "Review for minimum living allowance"),
    "unemployment_relief": ("失业救助", "Unemployment relief"),
    "hardship_worker": ("特困职工认定", "Recognition as a worker in hardship"),
    "enterprise_credit_rating": ("企业信用等级评定", "Credit rating of enterprises"),
}
BASIS = "泰州市市区住房保障诚信管理办法（2017）第二十条"
SINCE = date(2026, 1, 1)
ASKING = (Endpoint.STANDING, Endpoint.STANDINGS)
FOLLOWING = (Endpoint.EVENTS, Endpoint.ACKNOWLEDGEMENTS)


class PartnerSeed(NamedTuple):
    """A department and the one purpose to which it asks."""

    code: str
    name_zh: str
    name_en: str
    purpose: str
    endpoints: tuple[Endpoint, ...]


PARTNERS = (
    PartnerSeed("civil_affairs", "泰州市民政局", "Civil Affairs Bureau", "dibao_review", (*ASKING, *FOLLOWING)),
    PartnerSeed(
        "human_resources", "泰州市人力资源和社会保障局", "Human Resources Bureau", "unemployment_relief", ASKING
    ),
    PartnerSeed("trade_unions", "泰州市总工会", "Federation of Trade Unions", "hardship_worker", (Endpoint.STANDING,)),
    PartnerSeed(
        "credit_office", "泰州市信用办", "City Credit Office", "enterprise_credit_rating", (*ASKING, *FOLLOWING)
    ),
)


def seed_purposes() -> int:
    """Enter the purposes that are missing. Returns how many were new."""
    new = 0
    for code, (name_zh, name_en) in PURPOSES.items():
        _row, created = Purpose.objects.get_or_create(code=code, defaults={"name_zh": name_zh, "name_en": name_en})
        new += created
    return new


def seed_partners() -> int:
    """Enter the departments of the demo that are missing, with their grants. Returns how many were new."""
    officer = Staff.objects.get(username="credit")
    new = 0
    for seed in PARTNERS:
        names = {"name_zh": seed.name_zh, "name_en": seed.name_en}
        partner, created = Partner.objects.get_or_create(code=seed.code, defaults=names)
        if created:
            purpose = Purpose.objects.get(code=seed.purpose)
            Grant.objects.bulk_create(
                Grant(partner=partner, purpose=purpose, endpoint=endpoint, basis=BASIS, from_on=SINCE, by=officer)
                for endpoint in seed.endpoints
            )
        new += created
    return new
