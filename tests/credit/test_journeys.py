"""Every way that a case can go, through the doors, with what others see of it at the end: the application gate, partner
departments, the grade, the feed, the letters.
"""

from datetime import timedelta

import pytest
from django.urls import reverse

from applications import guards
from bureau import workdays
from bureau.fields import blind_index
from bureau.models import Document
from credit import feeding, grading, letters_out, releasing
from credit.clocks import Event
from credit.models import Lead, RegistryEvent
from credit.policies import Letter, Severity
from tests.credit.doors import done, page
from tests.factories import credit as given
from tests.factories import feeds as fed
from tests.factories.partners import Caller

pytestmark = pytest.mark.django_db
Kind = Document.Kind
HUSBAND = blind_index(given.HUSBAND.identifier)


@pytest.fixture
def partner(people):
    """A department that asks about persons and employers."""
    return Caller()


def today():
    return workdays.today().isoformat()


def stopped():
    """Whether the window refuses the household."""
    return bool(guards.barred({HUSBAND: "胡建军"}))


def letter_of():
    """The grade of the husband."""
    return grading.grade(HUSBAND, on=workdays.today()).letter


def nothing_follows(partner):
    """Nobody is kept from anything."""
    assert not stopped()
    assert not partner.ask(given.HUSBAND.identifier).json()["hit"]
    assert letter_of() == Letter.A
    assert feeding.waiting(fed.city()) == 0


def goes_on(later, go, case):
    """Nothing is corrected in time, and the case goes into the archive."""
    given.after_time_to_correct(later, case)
    assert done(go(case, "record"), case) == "recorded"


def follows(partner):
    """The household is stopped everywhere."""
    assert stopped()
    assert partner.ask(given.HUSBAND.identifier).json()["hit"]
    assert letter_of() > Letter.A
    assert feeding.waiting(fed.city()) == 1


def test_who_corrects_in_time_is_spared(later, go, as_user, partner):
    case = given.notified(things=given.TODO)
    item = case.cure_items.get()
    assert go(case, "cure").status_code == 409
    assert done(go(case, "correct", item=item.pk, on=today(), proof="收据1号"), case) == "notified"
    assert done(go(case, "cure"), case) == "cured"
    assert letters_out.latest(case, Kind.CREDIT_CURE)
    assert not RegistryEvent.objects.exists()
    assert not stopped()
    assert not partner.ask(given.HUSBAND.identifier).json()["hit"]
    assert "Corrected; closed without a record" in page(as_user("credit"), case).content.decode()


def test_a_notice_that_reaches_nobody_is_announced_and_counts_after_thirty_days(later, go, as_user, partner):
    case = given.issued(given.found_by_panel(), given.TODO)
    failed = {"way": "post", "on": today(), "proof": "退回：查无此人"}
    announced = {"way": "announced", "on": today(), "reached": "on", "proof": "3版", "medium": "泰州日报"}
    assert go(case, "announce", medium="泰州日报").status_code == 409
    assert done(go(case, "serve", **failed), case) == "found"
    assert done(go(case, "announce", medium="泰州日报"), case) == "found"
    assert go(case, "serve", **announced).status_code == 422
    written = case.announcements.get()
    assert given.HUSBAND.name not in written.text
    confirm = reverse("credit:confirm_announcement", args=[written.number])
    assert as_user("credit").post(confirm).status_code in (403, 409)
    assert as_user("check").post(confirm).status_code == 302
    assert done(go(case, "serve", **announced), case) == "found"
    running = reverse("credit:running_announcements")
    assert case.number in as_user("check").get(running).content.decode()
    assert go(case, "notify").status_code == 409
    served = workdays.today() + timedelta(days=30)
    later(to=served - timedelta(days=1))
    assert go(case, "notify").status_code == 409
    later(to=served)
    assert done(go(case, "notify"), case) == "notified"
    assert case.number not in as_user("check").get(running).content.decode()
    assert not stopped()
    goes_on(later, go, case)
    assert stopped()


def test_a_panel_that_does_not_find_the_act_ends_the_case(go, partner):
    case = given.seated()
    for name in ("panel", "panel2"):
        assert done(go(case, "vote", name, finds="no", severity="", reason="证据不足"), case) == "at_panel"
    assert done(go(case, "vote", "panel3", finds="yes", severity="general", reason="应认定"), case) == "not_found"
    assert case.seats.get(finds=True).reason == "应认定"
    nothing_follows(partner)


def test_a_case_that_is_dropped_harms_nobody(go, partner):
    case = given.proposed()
    assert done(go(case, "gather_more", reason="当事人举证"), case) == "opened"
    assert done(go(case, "propose"), case) == "proposed"
    assert done(go(case, "drop", reason="系同名他人"), case) == "dropped"
    assert go(case, "propose").status_code == 409
    nothing_follows(partner)


def test_a_record_ends_by_itself_on_its_day(later, go, partner):
    case = given.notified(severity=Severity.GENERAL)
    goes_on(later, go, case)
    follows(partner)
    fed.told(fed.city())
    end = case.sanctions.first().holds_until
    later(to=end - timedelta(days=1))
    assert stopped()
    later(to=end)
    assert not stopped()
    assert not Caller().ask(given.HUSBAND.identifier).json()["hit"]
    releasing.release_due()
    case.refresh_from_db()
    assert case.status == "released"
    assert letters_out.latest(case, Kind.CREDIT_RELEASE)
    assert feeding.waiting(fed.city()) == 1


def test_a_finding_withdrawn_after_the_record_is_taken_back_everywhere(later, go, partner):
    case = given.notified()
    goes_on(later, go, case)
    fed.told(fed.city())
    assert done(go(case, "withdraw", reason="自查认定有误"), case) == "withdrawn"
    assert not stopped()
    assert not partner.ask(given.HUSBAND.identifier).json()["hit"]
    assert letter_of() == Letter.A
    assert [line.action for line in fed.told(fed.city()).lines.all()] == ["delete"]


def test_a_repaired_record_is_shared_no_more_and_bans_on(later, go, as_user, partner):
    case = given.notified()
    goes_on(later, go, case)
    item, actor = case.cure_items.get(), case.parties.get(part="actor").subject_id
    assert done(go(case, "correct", item=item.pk, on=today(), proof="收据1号"), case) == "recorded"
    asked = {"subject": actor, "promise": "承诺书1号", "papers": "已补报", "applied_on": today()}
    assert done(go(case, "repair", **asked), case) == "recorded"
    assert done(go(case, "accept_repair", accepted="yes"), case) == "recorded"
    assert done(go(case, "extend_repair", reason="需实地核查"), case) == "recorded"
    assert done(go(case, "decide_repair", granted="yes", reason="条件满足"), case) == "recorded"
    assert stopped()
    assert not partner.ask(given.HUSBAND.identifier).json()["hit"]
    assert "Granted" in page(as_user("credit"), case).content.decode()


def test_a_repair_that_does_not_fit_stands_above_its_form(later, go):
    case = given.notified()
    goes_on(later, go, case)
    member = case.parties.get(part="member").subject_id
    answer = go(case, "repair", subject=member, promise="1号", papers="无", applied_on=today())
    assert (answer.status_code, "Who acted applies" in answer.content.decode()) == (422, True)
    assert not case.repairs.exists()
    assert go(case, "decide_repair", granted="yes", reason="x").status_code == 409


def test_the_lawyers_letter_the_suit_and_the_enforcement_bring_the_home_back(later, go, as_user):
    case = given.notified(act_code="F11", severity=Severity.SERIOUS)
    goes_on(later, go, case)
    assert case.sanctions.filter(kind="ban", holds_until=None).exists()
    named = {"firm": "江苏海陵律师事务所", "lawyer": "周正", "telephone": "0523-80000000", "days": "10"}
    assert done(go(case, "lawyer", **named), case) == "recorded"
    court = {"body": "泰州市海陵区人民法院", "claim": "腾退住房", "amount": "25360.00"}
    early = go(case, "bring", kind="suit", number="（2026）苏1202民初88号", filed_on=today(), **court)
    assert (early.status_code, "run out" in early.content.decode()) == (422, True)
    later(days=11)
    assert done(go(case, "bring", kind="suit", number="（2026）苏1202民初88号", filed_on=today(), **court), case)
    suit = case.proceedings.get()
    assert done(go(case, "conclude", proceeding=suit.pk, outcome="won", on=today(), paper="判决书"), case)
    assert done(go(case, "bring", kind="enforcement", number="（2026）苏1202执9号", filed_on=today(), **court), case)
    execution = case.proceedings.get(kind="enforcement")
    result = {
        "outcome": "enforced",
        "on": today(),
        "paper": "结案通知书",
        "recovered": "25360.00",
        "home_recovered": "on",
    }
    assert done(go(case, "conclude", proceeding=execution.pk, **result), case) == "recorded"
    ban = case.sanctions.filter(kind="ban").first()
    assert ban.holds_until.year == workdays.today().year + 5
    shown = page(as_user("credit"), case).content.decode()
    for words in ("江苏海陵律师事务所", "（2026）苏1202执9号", "25,360.00", "home recovered"):
        assert words in shown


def test_a_reconsideration_that_revokes_ends_everything(later, go, partner):
    case = given.notified()
    goes_on(later, go, case)
    fed.told(fed.city())
    brought = {"body": "泰州市人民政府", "number": "泰政复〔2026〕7号", "claim": "撤销认定", "filed_on": today()}
    assert done(go(case, "bring", kind="reconsideration", **brought), case) == "recorded"
    found = case.proceedings.get()
    result = {"outcome": "revoked", "on": today(), "paper": "泰政复决〔2026〕7号"}
    assert done(go(case, "conclude", proceeding=found.pk, **result), case) == "revoked"
    assert not stopped()
    assert not partner.ask(given.HUSBAND.identifier).json()["hit"]
    assert letter_of() == Letter.A
    assert [line.action for line in fed.told(fed.city()).lines.all()] == ["delete"]


def test_a_disputed_record_is_marked_everywhere_and_falls_when_the_objection_is_right(later, go, partner):
    case = given.notified()
    goes_on(later, go, case)
    actor = case.parties.get(part="actor").subject_id
    told = {"subject": actor, "text": "房屋已售", "received_on": today()}
    assert done(go(case, "dispute", **told), case) == "recorded"
    assert partner.ask(given.HUSBAND.identifier).json()["disputed"]
    answer = {"dispute": case.disputes.get().pk, "upheld": "yes", "text": "登记已变更"}
    assert done(go(case, "answer_dispute", **answer), case) == "withdrawn"
    assert not partner.ask(given.HUSBAND.identifier).json()["hit"]
    assert not stopped()


def test_an_employer_is_shared_and_published_and_its_suspension_by_order_shows(later, go, as_user):
    lead = given.lead(kind=Lead.Kind.REPORT, about=(given.COMPANY,), act_code="U01", text="虚开收入证明")
    case = given.notified(lead=lead, act_code="U01", actor_kind="employer", severity=Severity.MORE_SERIOUS)
    goes_on(later, go, case)
    brought = {"body": "泰州市人民政府", "number": "泰政复〔2026〕8号", "claim": "撤销认定", "filed_on": today()}
    assert done(go(case, "bring", kind="reconsideration", **brought), case) == "recorded"
    order = {"proceeding": case.proceedings.get().pk, "on": today(), "order": "停止执行通知书1号"}
    assert done(go(case, "stay", **order), case) == "recorded"
    assert case.happenings.filter(event=Event.SUSPENDED).exists()
    assert "Publication stopped since" in page(as_user("credit"), case).content.decode()


@pytest.mark.parametrize("name", ["window", "panel", "auditor", "admin"])
@pytest.mark.parametrize("deed", ["dispute", "repair", "lawyer", "bring"])
def test_remedies_are_entered_by_credit_officers_alone(later, go, people, name, deed):
    case = given.recorded(later)
    assert go(case, deed, name, text="x").status_code in (403, 404)
    assert not case.disputes.exists()
    assert not case.repairs.exists()
