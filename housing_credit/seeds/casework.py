"""How an officer of the demonstration brings a credit case on its way: the steps of the pages, one after the other."""

from bureau import workdays
from bureau.models import Staff
from credit import cases, gathering, leads, panel
from credit.cases import Attempt, ToDo
from credit.leads import Named
from credit.models import Case, Lead, Service
from credit.policies import Severity
from credit.serving import Way
from housing_credit.seeds.ground import OUR_CITY

DOCUMENTS = "演示卷"


def staff(username: str) -> Staff:
    """One of the cast."""
    return Staff.objects.get(username=username)


def take(kind: Lead.Kind, about: tuple[Named, ...], text: str, act_code: str) -> Lead:
    """A lead that the credit officer takes in."""
    return leads.take(kind, about=about, text=text, office_code=OUR_CITY, by=staff("credit"), act_code=act_code)


def proposed(about: tuple[Named, ...], *, actors: int = 1) -> Case:
    """A report on a household of which the first so many acted, up to the proposed finding."""
    officer = staff("credit")
    lead = take(Lead.Kind.REPORT, about, "举报：申报无房，实有住房一套。", "F01")
    acted = list(lead.subjects.filter(name__in=[who.name for who in about[:actors]]))
    facts = "实有住房一套未申报。"
    case = leads.open_case(lead, act_code="F01", actors=acted, occurred_on=workdays.today(), facts=facts, by=officer)
    for place, kind in enumerate(case.act.evidence, start=1):
        gathering.add_evidence(case, by=officer, kind=kind, reference=f"{DOCUMENTS}{place}", note="住房登记信息")
    cases.propose(case, by=officer)
    return case


def found(about: tuple[Named, ...], *, actors: int = 1) -> Case:
    """A case in which the panel has found the act, and the notice letter is out."""
    officer = staff("credit")
    case = proposed(about, actors=actors)
    serve(case, Service.Letter.PROPOSAL)
    cases.hear(case, by=officer, text="房屋系父母赠与。", weighed="不影响认定。", received_on=workdays.today())
    members = [staff(name) for name in ("panel", "panel2", "panel3")]
    panel.seat(case, members, by=officer)
    for member in members:
        panel.vote(case, by=member, finds=True, severity=Severity.MORE_SERIOUS, reason="事实清楚。")
    case.refresh_from_db()
    cases.list_cures(case, by=officer, things=[ToDo("file", "补报家庭住房情况")])
    cases.issue_notice(case, by=officer)
    return case


def notified(about: tuple[Named, ...], *, actors: int = 1) -> Case:
    """A case whose notice letter was served: the time to correct runs."""
    case = found(about, actors=actors)
    serve(case, Service.Letter.NOTICE)
    cases.notify(case, by=staff("credit"))
    return case


def serve(case: Case, letter: Service.Letter) -> None:
    """The letter was handed over today."""
    _attempt(case, letter, Attempt(way=Way.HAND, on=workdays.today(), proof=f"{DOCUMENTS}送达回证"))


def come_back(case: Case, letter: Service.Letter) -> None:
    """The letter went by registered post and did not arrive."""
    proof = f"{DOCUMENTS}退回邮件"
    _attempt(case, letter, Attempt(way=Way.POST, on=workdays.today(), proof=proof, reached=False))


def appear(case: Case, letter: Service.Letter, medium: str) -> None:
    """The letter was announced in this medium today."""
    proof = f"{DOCUMENTS}登报页"
    _attempt(case, letter, Attempt(way=Way.ANNOUNCED, on=workdays.today(), proof=proof, medium=medium))


def _attempt(case: Case, letter: Service.Letter, attempt: Attempt) -> None:
    cases.serve(case, letter, attempt, by=staff("credit"))
