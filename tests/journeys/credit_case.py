"""A lead of the registry, from its opening to the record and the ban, through the doors."""

from datetime import timedelta

from bureau import workdays
from credit import deadlines
from credit.deeds import BY_NAME
from credit.models import Announcement, Case, Lead, Seat
from tests.journeys.years import Years, page

MEDIUM = "泰州日报"


def opened(it: Years, lead: Lead, *, act_code: str, months: str = "", graver: bool = False) -> Case:
    """An officer opens a case of a lead against its first subject, and puts on file what the catalogue demands."""
    officer = it.as_("credit").open(page("credit:lead", lead.number))
    actor = lead.subjects.order_by("pk").first()
    assert actor is not None
    more = {"graver": "on"} if graver else {}
    officer.send("/", act_code=act_code, actors=[str(actor.pk)], occurred_on=_today(), months=months, **more)
    case = Case.objects.get(lead=lead)
    for place, kind in enumerate(case.act.evidence, start=1):
        deed(it, case, "evidence", kind=kind, reference=f"卷宗第{place}号", note="经核实")
    return case


def deed(it: Years, case: Case, name: str, who: str = "credit", **values: object) -> None:
    """One deed on the page of the case, or on the page that it has of its own."""
    known = BY_NAME.get(name)
    address = page("credit:deed", case.number, name) if known and known.apart else page("credit:case", case.number)
    it.as_(who).open(address).send(f"/{name}/", **values)
    case.refresh_from_db()


def found(it: Years, case: Case, severity: str) -> None:
    """The finding is told, nobody defends it, and three of the panel find the act."""
    deed(it, case, "propose")
    deed(it, case, "serve", way="hand", on=_today(), reached="on", proof="送达回证")
    it.to(workdays.add_workdays(workdays.today(), 6))
    members = ("panel", "panel2", "panel3")
    officer = it.as_("credit").open(page("credit:case", case.number))
    people = dict(Seat._meta.get_field("by").related_model.objects.values_list("username", "pk"))
    officer.send("/seat/", members=[str(people[name]) for name in members])
    for name in members:
        deed(it, case, "vote", name, finds="yes", severity=severity, reason="事实清楚，证据充分。")
    case.refresh_from_db()
    assert case.status == Case.Status.FOUND


def announced(it: Years, case: Case) -> None:
    """The letter comes back, is announced in the paper after another officer has read it, and counts as served."""
    deed(it, case, "serve", way="post", on=_today(), reached=[], proof="退回：查无此人")
    deed(it, case, "announce", medium=MEDIUM)
    written = Announcement.objects.get(case=case)
    it.as_("check").open(page("credit:announcement", written.number)).send("/confirm/")
    deed(it, case, "serve", way="announced", on=_today(), reached="on", proof="第3版")
    it.on(30)


def recorded(it: Years, case: Case) -> None:
    """The time to correct runs out, and the case goes into the archive."""
    deed(it, case, "notify")
    until = deadlines.cure_until(case)
    assert until is not None
    it.to(until + timedelta(days=1))
    deed(it, case, "record")
    assert case.status == Case.Status.RECORDED


def _today() -> str:
    return workdays.today().isoformat()
