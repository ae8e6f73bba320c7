"""Leads and credit cases at every stage of their life."""

from datetime import date, timedelta

from django.utils import timezone

from bureau import workdays
from bureau.models import Staff
from credit import announcing, cases, gathering, leads, letters_out, panel
from credit.cases import Attempt, ToDo
from credit.leads import Confirmed, Named
from credit.letter_wording import Kind
from credit.models import Lead, Service
from credit.policies import Severity, SubjectKind
from credit.serving import Way
from tests.factories.cases import check_at
from verification.models import Finding

CITY = "321200"
HUSBAND = Named("胡建军", "321299198306259176")
WIFE = Named("刘敏", "321299198501189185")
COMPANY = Named("泰州市恒昌物业有限公司", "91321200MA1MTY6R04", SubjectKind.EMPLOYER)
TODO = (ToDo("file", "补报家庭住房情况"),)


def staff(username: str) -> Staff:
    """One of the cast."""
    return Staff.objects.get(username=username)


def lead(*, kind=Lead.Kind.FINDING, about=(HUSBAND, WIFE), act_code="F01", **more) -> Lead:
    """A confirmed finding on a household, or what is given."""
    if kind == Lead.Kind.FINDING:
        more = {"origin": "finding:1", "confirmed": Confirmed(staff("check"), timezone.now()), **more}
        if more["origin"] and more["confirmed"]:
            confirmed_finding(int(more["origin"].removeprefix("finding:")), by=more["confirmed"].by)
    text = more.pop("text", "申报无房，核对发现名下住房一套。")
    values = {"office_code": CITY, "by": None, "act_code": act_code, **more}
    return leads.take(kind, about=list(about), text=text, **values)


def confirmed_finding(number: int, *, by: Staff) -> Finding:
    """The finding of this number, on a hidden home, which this person has confirmed."""
    values = {"fingerprint": f"{number:064}", "kind": "undeclared_home", "reason": "已核实"}
    settled = {"state": "confirmed", "settled_by": by, "settled_at": timezone.now()}
    found = Finding.objects.filter(pk=number).first()
    return found or Finding.objects.create(pk=number, check_ordered=check_at("assessed"), **values, **settled)


def case(*, occurred_on: date | None = None, **more):
    """An opened case of the husband, with his wife as a member of the household."""
    found = more.pop("lead", None) or lead()
    actors = list(found.subjects.filter(kind=more.pop("actor_kind", "person")).order_by("pk")[:1])
    values = {"by": staff("credit"), "act_code": "F01", "facts": "", **more}
    return leads.open_case(found, occurred_on=occurred_on or workdays.today(), actors=actors, **values)


def with_evidence(found):
    """All that its act demands is on file."""
    for number, kind in enumerate(found.act.evidence, start=1):
        gathering.add_evidence(found, by=staff("credit"), kind=kind, reference=f"卷{number}", note="住房登记")
    return found


def proposed(**more):
    """The finding has been proposed."""
    found = with_evidence(case(**more))
    cases.propose(found, by=staff("credit"))
    return found


def serve(found, letter, *, way=Way.HAND, on=None, **more):
    """A letter is served, by hand today if nothing else is said. A notice letter is issued first."""
    if letter == Service.Letter.NOTICE and found.status == "found":
        issued(found)
    if way is Way.ANNOUNCED and found.services.filter(letter=letter, served_on=None).exists():
        announced(found, medium=more.get("medium") or "泰州日报")
    attempt = Attempt(way=way, on=on or workdays.today(), proof="送达回证1号", **more)
    return cases.serve(found, letter, attempt, by=staff("credit"))


def announced(found, *, medium="泰州日报"):
    """The announcement of the letter is written, and checked by a second person."""
    if not found.announcements.filter(taken_down_on=None).exists():
        announcing.confirm(announcing.write(found, by=staff("credit"), medium=medium), by=staff("check"))
    return found.announcements.filter(taken_down_on=None).get()


def issued(found, things=TODO):
    """The notice letter is there, with the list of things to correct."""
    if letters_out.latest(found, Kind.NOTICE) is None:
        if not found.cure_items.exists():
            cases.list_cures(found, by=staff("credit"), things=things)
        cases.issue_notice(found, by=staff("credit"))
    return found


def heard(**more):
    """The proposal has been served, and the subject has made a statement."""
    found = proposed(**more)
    serve(found, Service.Letter.PROPOSAL)
    told = {"text": "房屋系父母赠与", "weighed": "不影响认定", "received_on": workdays.today()}
    cases.hear(found, by=staff("credit"), **told)
    return found


def seated(**more):
    """The case is before a panel of three."""
    found = heard(**more)
    panel.seat(found, [staff(name) for name in ("panel", "panel2", "panel3")], by=staff("credit"))
    return found


def voted(*votes, **more):
    """The panel has voted: a severity each, or None for not finding the act."""
    found = seated(**more)
    for name, severity in zip(("panel", "panel2", "panel3"), votes, strict=True):
        panel.vote(found, by=staff(name), finds=severity is not None, severity=severity, reason="事实清楚")
    found.refresh_from_db()
    return found


def found_by_panel(severity=Severity.MORE_SERIOUS, **more):
    """The panel has found the act."""
    return voted(severity, severity, severity, **more)


def notified(*, things=TODO, severity=Severity.MORE_SERIOUS, **more):
    """The notice letter has been served; the time to correct runs."""
    found = issued(found_by_panel(severity, **more), things)
    serve(found, Service.Letter.NOTICE)
    cases.notify(found, by=staff("credit"))
    return found


def after_time_to_correct(later, found):
    """The clock of the tests goes on past the last day to correct."""
    later(days=40)
    return found


def recorded(later, **more):
    """Nothing was corrected in time, and the act is in the archive."""
    found = after_time_to_correct(later, notified(**more))
    cases.record(found, by=staff("credit"))
    return found


def day(later_by: int) -> date:
    """So many days from today."""
    return workdays.today() + timedelta(days=later_by)
