"""Records of the demonstration's registry: invented people and an employer, brought there by the work modules that the
pages use. Nobody of them is in a scenario of the mock departments.
"""

from datetime import timedelta

from django.db import transaction

from bureau import workdays
from bureau.models import Staff
from credit import cases, leads, panel, sanctions
from credit.cases import Attempt, ToDo
from credit.leads import Named
from credit.models import Case, Lead, Service, Subject
from credit.policies import Severity, SubjectKind
from credit.serving import Way
from housing_credit.seeds.ground import OUR_CITY

OVER = Named("样本丙", "321299197001010316")  # banned once, released since
BANNED = Named("样本丁", "321299197502020424")
HUSBAND, WIFE = Named("样本戊", "321299198003030534"), Named("样本己", "321299198104040643")
EMPLOYER = Named("样本物业有限公司（演示）", "91321200MA1MTY6R04", SubjectKind.EMPLOYER)
BASIS = "泰州市市区住房保障诚信管理办法（2017）"
DOCUMENTS = "演示卷"


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
            by=_staff("credit"),
        )
    _notified()
    _take(Lead.Kind.PATTERN, (EMPLOYER, HUSBAND), "为不在本单位工作的人员出具收入证明。", "U01")
    return 4


def _staff(username: str) -> Staff:
    return Staff.objects.get(username=username)


def _take(kind: Lead.Kind, about: tuple[Named, ...], text: str, act_code: str) -> Lead:
    return leads.take(kind, about=about, text=text, office_code=OUR_CITY, by=_staff("credit"), act_code=act_code)


def _notified() -> Case:
    """A case of a household, from the report to the served notice letter."""
    officer, today = _staff("credit"), workdays.today()
    lead = _take(Lead.Kind.REPORT, (HUSBAND, WIFE), "举报：申报无房，实有住房一套。", "F01")
    actor = lead.subjects.get(name=HUSBAND.name)
    case = leads.open_case(
        lead, act_code="F01", actors=[actor], occurred_on=today, facts="实有住房一套未申报。", by=officer
    )
    for place, kind in enumerate(case.act.evidence, start=1):
        cases.add_evidence(case, by=officer, kind=kind, reference=f"{DOCUMENTS}{place}", note="住房登记信息")
    cases.propose(case, by=officer)
    _serve(case, Service.Letter.PROPOSAL, officer)
    cases.hear(case, by=officer, text="房屋系父母赠与。", weighed="不影响认定。", received_on=today)
    members = [_staff(name) for name in ("panel", "panel2", "panel3")]
    panel.seat(case, members, by=officer)
    for member in members:
        panel.vote(case, by=member, finds=True, severity=Severity.MORE_SERIOUS, reason="事实清楚。")
    case.refresh_from_db()
    cases.list_cures(case, by=officer, things=[ToDo("file", "补报家庭住房情况")])
    cases.issue_notice(case, by=officer)
    _serve(case, Service.Letter.NOTICE, officer)
    cases.notify(case, by=officer)
    return case


def _serve(case: Case, letter: Service.Letter, officer: Staff) -> None:
    attempt = Attempt(way=Way.HAND, on=workdays.today(), proof=f"{DOCUMENTS}送达回证")
    cases.serve(case, letter, attempt, by=officer)
