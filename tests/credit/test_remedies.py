"""Objections to a record and its repair: marks, days, effects, and what is refused."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from bureau import workdays
from bureau.errors import MoveRefusedError, NotAllowedError, UnfitDataError
from bureau.fields import blind_index
from credit import cases, remedies, standing, stream
from credit.clocks import Event, Kind
from credit.models import Case, Dispute, Lead, RegistryEvent, Repair
from credit.policies import Severity, SubjectKind
from tests.factories import credit as given

pytestmark = pytest.mark.django_db
What = RegistryEvent.What


@pytest.fixture
def officer(people):
    """Who keeps the registry."""
    return people["credit"]


def actor(case):
    """Who acted."""
    return case.parties.get(part="actor").subject


def company(later):
    """A record of an employer, of the middle grade: published for a year, three months at least."""
    lead = given.lead(kind=Lead.Kind.REPORT, about=(given.COMPANY,), act_code="U01", text="虚开收入证明")
    return given.recorded(later, lead=lead, act_code="U01", actor_kind="employer", severity=Severity.MORE_SERIOUS)


def shared(named, kind=SubjectKind.PERSON):
    """What other departments are told today."""
    index = blind_index(named.identifier)
    return standing.shared(kind, [index], on=workdays.today())[index]


def disputed(case, by, **more):
    """An objection of who acted."""
    values = {"text": "房屋已于去年出售", "received_on": workdays.today(), **more}
    return remedies.dispute(case, actor(case), by=by, **values)


def sought(case, by, **more):
    """An application for repair."""
    values = {"promise": "信用承诺书3号", "papers": "已补报", "applied_on": workdays.today(), **more}
    return remedies.seek_repair(case, values.pop("subject", actor(case)), by=by, **values)


def all_done(case, by):
    """Everything on the list is done."""
    for item in case.cure_items.filter(met_on=None):
        cases.correct(item, by=by, on=workdays.today(), proof="收据")


def granted(case, by):
    """The repair went its way."""
    repair = sought(case, by)
    remedies.accept(repair, by=by, accepted=True)
    remedies.decide(repair, by=by, granted=True, reason="条件均已满足")
    return repair


def test_an_objection_marks_the_record_until_its_answer(later, officer):
    case = given.recorded(later)
    found = disputed(case, officer)
    assert found.due_on == workdays.add_workdays(workdays.today(), 7)
    assert shared(given.HUSBAND).disputed
    assert stream.after(0)[-1].disputed
    remedies.answer(found, by=officer, upheld=False, text="登记机关复核无误")
    assert shared(given.HUSBAND).hit
    assert not shared(given.HUSBAND).disputed
    assert [each.what for each in stream.after(0)] == [What.RECORDED, What.CHANGED, What.CHANGED]


def test_an_objection_that_is_right_takes_the_record_back(later, officer):
    case = given.recorded(later)
    found = disputed(case, officer)
    remedies.answer(found, by=officer, upheld=True, text="系同名他人")
    case.refresh_from_db()
    assert case.status == Case.Status.WITHDRAWN
    assert not shared(given.HUSBAND).hit
    assert stream.after(0)[-1].what == What.WITHDRAWN


def test_an_objection_is_answered_also_when_the_case_was_withdrawn_meanwhile(later, officer):
    case = given.recorded(later)
    found = disputed(case, officer)
    cases.withdraw(case, by=officer, reason="自行纠错")
    remedies.answer(found, by=officer, upheld=True, text="已撤销")
    assert found.status == Dispute.Status.UPHELD


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"text": " "}, "grounds"),
        ({"received_on": "later"}, "ahead"),
        ({"received_on": "before"}, "before the record"),
    ],
)
def test_an_objection_that_does_not_fit_is_refused(later, officer, more, words):
    case = given.recorded(later)
    days = {"later": given.day(1), "before": given.day(-1)}
    more = {name: days.get(value, value) for name, value in more.items()}
    with pytest.raises(UnfitDataError, match=words):
        disputed(case, officer, **more)
    assert not Dispute.objects.exists()
    assert not shared(given.HUSBAND).disputed


def test_an_objection_is_open_once_and_only_on_a_record(later, officer):
    with pytest.raises(UnfitDataError, match="recorded case"):
        disputed(given.notified(lead=given.lead(origin="finding:9")), officer)
    case = given.recorded(later)
    disputed(case, officer)
    with pytest.raises(UnfitDataError, match="open already"):
        disputed(case, officer)
    row = Dispute.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Dispute.objects.create(
            number="XY9",
            case=case,
            subject=row.subject,
            text="x",
            received_on=row.received_on,
            due_on=row.due_on,
            by=officer,
        )


def test_an_answer_wants_reasons_and_is_given_once(later, officer):
    found = disputed(given.recorded(later), officer)
    with pytest.raises(UnfitDataError, match="reason"):
        remedies.answer(found, by=officer, upheld=False, text=" ")
    remedies.answer(found, by=officer, upheld=False, text="维持")
    with pytest.raises(MoveRefusedError):
        remedies.answer(found, by=officer, upheld=True, text="撤销")


@pytest.mark.parametrize("name", ["window", "check", "panel", "auditor"])
def test_only_a_credit_officer_answers(later, people, name):
    found = disputed(given.recorded(later), people["credit"])
    with pytest.raises(NotAllowedError):
        remedies.answer(found, by=people[name], upheld=True, text="撤销")


def test_a_repair_ends_sharing_and_leaves_the_ban(later, officer):
    case = given.recorded(later)
    all_done(case, officer)
    repair = granted(case, officer)
    assert repair.accept_by == workdays.add_workdays(repair.applied_on, 3)
    assert repair.result_by == workdays.add_workdays(repair.accepted_on, 7)
    assert not shared(given.HUSBAND).hit
    assert standing.standing(blind_index(given.HUSBAND.identifier), on=workdays.today()).blocked
    event = stream.after(0)[-1]
    assert (event.what, event.because, event.on) == (What.LIFTED, "repaired", workdays.today())
    case.refresh_from_db()
    assert case.status == Case.Status.RECORDED


def test_a_publication_is_repaired_after_its_shortest_time(later, officer):
    case = company(later)
    all_done(case, officer)
    repair = sought(case, officer)
    remedies.accept(repair, by=officer, accepted=True)
    with pytest.raises(MoveRefusedError, match="can be granted from"):
        remedies.decide(repair, by=officer, granted=True, reason="同意")
    published = case.sanctions.get(kind=Kind.PUBLICATION)
    later(days=95)
    remedies.decide(repair, by=officer, granted=True, reason="同意")
    published.refresh_from_db()
    assert (published.holds_until, published.ended_because) == (workdays.today(), "repaired")
    case.refresh_from_db()
    assert case.status == Case.Status.RELEASED


def test_false_papers_bring_the_record_back_for_three_years(later, officer):
    case = given.recorded(later)
    all_done(case, officer)
    granted(case, officer)
    later(days=30)
    cases.tell(case, Event.DECEIVED, on=workdays.today(), basis="查实材料虚假", by=officer)
    found = shared(given.HUSBAND)
    assert found.hit
    assert found.until >= workdays.today() + timedelta(days=3 * 365)
    repair = sought(case, officer)
    remedies.accept(repair, by=officer, accepted=True)
    with pytest.raises(MoveRefusedError, match="can be granted from"):
        remedies.decide(repair, by=officer, granted=True, reason="同意")


def test_duties_that_are_left_or_a_home_that_is_not_back_hinder_a_repair(later, officer):
    case = given.recorded(later, act_code="F11", severity=Severity.SERIOUS)
    repair = sought(case, officer)
    remedies.accept(repair, by=officer, accepted=True)
    with pytest.raises(MoveRefusedError, match="duties are not met"):
        remedies.decide(repair, by=officer, granted=True, reason="同意")
    all_done(case, officer)
    with pytest.raises(MoveRefusedError, match="not been returned"):
        remedies.decide(repair, by=officer, granted=True, reason="同意")
    remedies.decide(repair, by=officer, granted=False, reason="住房未退回")
    assert repair.status == Repair.Status.REFUSED
    assert shared(given.HUSBAND).hit


def test_what_is_missing_is_told_once_and_a_result_takes_longer_once(later, officer):
    case = given.recorded(later)
    first = sought(case, officer)
    with pytest.raises(UnfitDataError, match="reason"):
        remedies.accept(first, by=officer, accepted=False)
    remedies.accept(first, by=officer, accepted=False, missing="缺承诺书原件")
    assert first.reason == "缺承诺书原件"
    second = sought(case, officer)
    with pytest.raises(UnfitDataError, match="after the application was accepted"):
        remedies.extend(second, by=officer, reason="情况复杂")
    remedies.accept(second, by=officer, accepted=True)
    due = second.result_by
    remedies.extend(second, by=officer, reason="情况复杂")
    assert second.result_by == workdays.add_workdays(due, 10)
    with pytest.raises(UnfitDataError, match="once"):
        remedies.extend(second, by=officer, reason="仍复杂")


@pytest.mark.parametrize(
    ("more", "words"), [({"promise": " "}, "promise"), ({"papers": ""}, "proof"), ({"subject": "wife"}, "Who acted")]
)
def test_an_application_for_repair_that_does_not_fit_is_refused(later, officer, more, words):
    case = given.recorded(later)
    if more.get("subject"):
        more = {"subject": case.parties.get(part="member").subject}
    with pytest.raises(UnfitDataError, match=words):
        sought(case, officer, **more)
    assert not Repair.objects.exists()


def test_one_repair_at_a_time(later, officer):
    case = given.recorded(later)
    sought(case, officer)
    with pytest.raises(UnfitDataError, match="open already"):
        sought(case, officer)
