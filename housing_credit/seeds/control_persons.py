"""The control persons of the demonstration: invented people of whom the mock departments know exactly this.

One is known to every source, one to none.
"""

from typing import Any

from verification.facts import Outcome
from verification.models import ControlPerson, KnownAnswer, Source

KNOWN_TO_ALL = ("样本甲", "秦知远", "321299197803129511")
KNOWN_TO_NONE = ("样本乙", "尹安然", "321299198509279521")
AUTHORISATION = "演示〔2026〕样本"
BANKS = ("icbc", "abc", "boc", "ccb", "bocom", "psbc", "jsb", "njcb", "cmb", "citic", "cmbc", "cib", "spdb", "tzrcb")
FACTS: dict[str, dict[str, Any]] = {
    "civil_affairs": {"marriage": {"certificate_no": "J321202-2004-990001"}},
    "police": {"registration": {"hukou_no": "3212020099001"}, "vehicle": {"plate_no": "苏M99001"}},
    "social_security": {"insurance": {"person_no": "SB-990001"}},
    "housing_bureau": {"housing": {"certificate_no": "泰州市不动产权第09900001号", "area": "92.50"}},
    "provident_fund": {"fund": {"account_no": "****9001"}},
    "market_regulation": {"business": {"credit_code": "91321202MA9HY0004Y"}},
    "state_tax": {"tax": {"unit_code": "91321202MA9HY0004Y"}},
    "local_tax": {"tax": {"income_type": "01", "declared_income": "62400.00"}},
    "transport": {"vehicle": {"plate_no": "苏M99001"}},
    "province": {"registration": {"hukou_no": "3212020099001"}},
} | {bank: {"deposit": {"account_no": f"************{9001 + place}"}} for place, bank in enumerate(BANKS)}


def seed_control_persons() -> int:
    """Enter those that are missing, with what every source must say of them; returns how many were new."""
    return sum(_enter(*person, knows) for person, knows in ((KNOWN_TO_ALL, True), (KNOWN_TO_NONE, False)))


def _enter(label: str, name: str, id_number: str, knows: bool) -> bool:
    person, created = ControlPerson.objects.get_or_create(
        label=label, defaults={"name": name, "id_number": id_number, "authorisation": AUTHORISATION}
    )
    if created:
        outcome = Outcome.FOUND if knows else Outcome.NONE
        for source in Source.objects.filter(code__in=FACTS):
            facts = {kind: [fields] for kind, fields in FACTS[source.code].items()} if knows else {}
            KnownAnswer.objects.create(person=person, source=source, outcome=outcome.value, facts=facts)
    return created
