"""Records of the demonstration's registry: invented people and an employer, brought there by the work modules that the
pages use. Nobody of them is in a scenario of the mock departments.
"""

from datetime import timedelta

from django.db import transaction

from bureau import workdays
from credit import sanctions
from credit.leads import Named
from credit.models import Lead, Subject
from credit.policies import Severity, SubjectKind
from housing_credit.seeds import casework

OVER = Named("样本丙", "321299197001010316")  # banned once, released since
BANNED = Named("样本丁", "321299197502020424")
HUSBAND, WIFE = Named("样本戊", "321299198003030534"), Named("样本己", "321299198104040643")
EMPLOYER = Named("样本物业有限公司（演示）", "91321200MA1MTY6R04", SubjectKind.EMPLOYER)
BASIS = "泰州市市区住房保障诚信管理办法（2017）"


@transaction.atomic
def seed_registry() -> int:
    """Enter two bans, a case whose time to correct runs, and a lead on an employer; returns how many were new."""
    if Subject.objects.filter(name=OVER.name).exists():
        return 0
    today = workdays.today()
    for who, severity, days in ((OVER, Severity.GENERAL, 400), (BANNED, Severity.MORE_SERIOUS, 200)):
        sanctions.impose(
            name=who.name,
            id_number=who.identifier,
            severity=severity,
            act="隐报、瞒报、假报家庭住房",
            basis=BASIS,
            banned_from=today - timedelta(days=days),
            by=casework.staff("credit"),
        )
    casework.notified((HUSBAND, WIFE))
    casework.take(Lead.Kind.PATTERN, (EMPLOYER, HUSBAND), "为不在本单位工作的人员出具收入证明。", "U01")
    return 4
