"""People to sign in as in a demo: one of each role, and about a hundred caseworkers at about seventy windows (clause
A3).
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from django.contrib.auth.hashers import make_password

from bureau.models import Office, Posting, Staff
from bureau.roles import Role, Tier

DEMO_PASSWORD = "Taizhou-2026!"  # noqa: S105 -- printed on the demo's own console
BEGIN = date(2017, 3, 7)


class DemoPerson(NamedTuple):
    """A person of the demo: how to sign in, and what as."""

    username: str
    name: str
    role: str
    office_code: str
    superuser: bool = False


CAST = (
    DemoPerson("window", "陈晓芸", Role.CLERK, "321202001001"),
    DemoPerson("window2", "蒋志远", Role.CLERK, "321202002001"),
    DemoPerson("street", "王立新", Role.REVIEWER, "321202001"),
    DemoPerson("district", "李国华", Role.REVIEWER, "321202"),
    DemoPerson("check", "赵明", Role.CHECK_OFFICER, "321200"),
    DemoPerson("check2", "徐静", Role.CHECK_OFFICER, "321200"),
    DemoPerson("housing", "孙丽娟", Role.HOUSING_OFFICER, "321200"),
    DemoPerson("housing2", "朱海燕", Role.HOUSING_OFFICER, "321200"),
    DemoPerson("cashier", "沈洁", Role.CASHIER, "321200"),
    DemoPerson("credit", "周建平", Role.CREDIT_OFFICER, "321200"),
    DemoPerson("panel", "何文斌", Role.PANEL_MEMBER, "321200"),
    DemoPerson("panel2", "高岚", Role.PANEL_MEMBER, "321200"),
    DemoPerson("panel3", "罗建国", Role.PANEL_MEMBER, "321200"),
    DemoPerson("auditor", "吴敏", Role.AUDITOR, "321200"),
    DemoPerson("admin", "郑强", Role.ADMINISTRATOR, "321200", superuser=True),
    DemoPerson("admin2", "钱卫东", Role.ADMINISTRATOR, "321200"),
)

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗"
GIVEN = (
    "伟",
    "芳",
    "娜",
    "敏",
    "静",
    "丽",
    "强",
    "磊",
    "军",
    "洋",
    "勇",
    "艳",
    "杰",
    "娟",
    "涛",
    "明",
    "超",
    "霞",
    "平",
    "刚",
)


def seed_people() -> int:
    """Enter the cast and the caseworkers who are missing. Returns how many were new."""
    offices = {office.code: office for office in Office.objects.all()}
    known = set(Staff.objects.values_list("username", flat=True))
    password = make_password(DEMO_PASSWORD)
    people = [person for person in (*CAST, *_caseworkers(offices)) if person.username not in known]
    staff = Staff.objects.bulk_create(
        [
            Staff(username=p.username, name=p.name, password=password, is_staff=p.superuser, is_superuser=p.superuser)
            for p in people
        ]
    )
    Posting.objects.bulk_create(
        [
            Posting(staff=row, office=offices[person.office_code], role=person.role, from_on=BEGIN)
            for row, person in zip(staff, people, strict=True)
        ]
    )
    return len(people)


def _caseworkers(offices: dict[str, Office]) -> Iterator[DemoPerson]:
    """A clerk for every window and a reviewer for every street and district; some windows have a second clerk."""
    windows = sorted(code for code, office in offices.items() if office.tier == Tier.WINDOW)
    desks = sorted(code for code, office in offices.items() if office.tier in {Tier.STREET, Tier.DISTRICT})
    for place, code in enumerate(windows):
        yield DemoPerson(f"w{code}", _name(place), Role.CLERK, code)
    for place, code in enumerate(windows[::3]):
        yield DemoPerson(f"w{code}b", _name(place + 7), Role.CLERK, code)
    for place, code in enumerate(desks):
        yield DemoPerson(f"r{code}", _name(place + 13), Role.REVIEWER, code)


def _name(place: int) -> str:
    return SURNAMES[place * 7 % len(SURNAMES)] + GIVEN[place * 3 % len(GIVEN)] + GIVEN[(place // 20 + 5) % len(GIVEN)]


def logins() -> list[tuple[str, str, str, str]]:
    """(username, password, role, office) of the cast, for the demo's console and README."""
    offices = dict(Office.objects.values_list("code", "name_zh"))
    return [
        (p.username, DEMO_PASSWORD, str(Role(p.role).label), offices.get(p.office_code, p.office_code)) for p in CAST
    ]
