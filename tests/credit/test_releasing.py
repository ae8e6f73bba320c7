"""The end of measures: told on its day and once, however late the sweep; what is withdrawn is taken back everywhere."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, InternalError, transaction

from applications import guards
from bureau import workdays
from bureau.fields import blind_index
from bureau.models import TimelineEntry
from credit import cases, releasing, sanctions, standing, stream
from credit.clocks import Kind
from credit.models import Case, Lead, RegistryEvent, Sanction
from credit.policies import Severity, SubjectKind
from tests.factories import credit as given

pytestmark = pytest.mark.django_db
What = RegistryEvent.What
ALL = tuple(Kind)


@pytest.fixture
def officer(people):
    """Who keeps the registry."""
    return people["credit"]


def told(case, *kinds):
    """What the stream says of a case: what, of which measure, on which day."""
    rows = [each for each in stream.after(0, kinds=kinds or ALL) if each.sanction.case_id == case.pk]
    return [(each.what, each.kind, each.on) for each in rows]


def shared(named, on=None, kind=SubjectKind.PERSON):
    """What other departments are told."""
    index = blind_index(named.identifier)
    return standing.shared(kind, [index], on=on or workdays.today())[index]


def employer_case(later, severity=Severity.MORE_SERIOUS):
    """A false certificate of an employer, recorded."""
    lead = given.lead(kind=Lead.Kind.REPORT, about=(given.COMPANY,), act_code="U01", text="虚开收入证明")
    return given.recorded(later, lead=lead, act_code="U01", actor_kind="employer", severity=severity)


def test_who_acted_is_shared_and_the_household_is_not(later, people):
    case = given.recorded(later)
    assert shared(given.HUSBAND).hit
    assert not shared(given.WIFE).hit
    kinds = case.sanctions.values_list("subject__name", "kind")
    assert set(kinds) == {("胡建军", "ban"), ("胡建军", "sharing"), ("刘敏", "ban")}


def test_an_employer_is_published_and_shared_and_not_banned(later, people):
    case = employer_case(later)
    assert set(case.sanctions.values_list("kind", flat=True)) == {"publication", "sharing"}
    assert shared(given.COMPANY, kind=SubjectKind.EMPLOYER).hit
    assert not shared(given.COMPANY).hit


def test_the_stream_tells_what_was_recorded_with_its_days(later, people):
    case = given.recorded(later)
    today = workdays.today()
    assert sorted(told(case)) == [
        (What.RECORDED, "ban", today),
        (What.RECORDED, "ban", today),
        (What.RECORDED, "sharing", today),
    ]
    event = stream.after(0)[0]
    assert event.holds_until == date(today.year + 3, today.month, today.day)
    assert event.sanction.record_key == f"{case.number}-{event.subject_id}"
    assert stream.after(event.pk) == []


@pytest.mark.parametrize("late", [0, 1, 8, 400])
def test_on_the_last_day_everything_is_lifted_and_told_by_its_legal_day(later, people, late):
    case = given.recorded(later, severity=Severity.GENERAL)
    end = case.sanctions.first().holds_until
    later(to=end - timedelta(days=1))
    assert releasing.release_due() == 0
    assert guards.barred({blind_index(given.WIFE.identifier): "刘敏"})
    later(to=end + timedelta(days=late))
    # Nobody waits for the sweep.
    assert guards.barred({blind_index(given.WIFE.identifier): "刘敏"}) == []
    assert not shared(given.HUSBAND).hit
    assert releasing.release_due() == 3
    assert [each for each in told(case) if each[0] == What.LIFTED] == [
        (What.LIFTED, kind, end) for kind in ("ban", "sharing", "ban")
    ] or sorted(told(case))[0][2] == end
    case.refresh_from_db()
    assert case.status == Case.Status.RELEASED
    assert releasing.release_due() == 0
    entry = TimelineEntry.objects.filter(subject_kind="credit.case", subject_id=case.pk).latest("pk")
    assert (entry.event, entry.by) == ("release", None)


def test_a_case_stays_recorded_while_one_measure_runs(later, people):
    case = employer_case(later)
    end = case.sanctions.get(kind="publication").holds_until
    later(to=end)
    assert releasing.release_due() == 1
    case.refresh_from_db()
    assert case.status == Case.Status.RECORDED
    later(to=case.sanctions.get(kind="sharing").holds_until)
    releasing.release_due()
    case.refresh_from_db()
    assert case.status == Case.Status.RELEASED


def test_a_withdrawal_reaches_every_measure_once_also_one_that_had_ended(later, officer):
    case = employer_case(later)
    later(to=case.sanctions.get(kind="publication").holds_until)
    releasing.release_due()
    cases.withdraw(case, by=officer, reason="复议机关撤销")
    for _ in range(2):
        sanctions.bring_in_line(case)
        releasing.release_due()
    withdrawn = [each[1] for each in told(case) if each[0] == What.WITHDRAWN]
    assert sorted(withdrawn) == ["publication", "sharing"]
    assert not shared(given.COMPANY, kind=SubjectKind.EMPLOYER).hit
    case.refresh_from_db()
    assert case.status == Case.Status.WITHDRAWN


def test_a_ban_by_hand_is_lifted_and_told_but_never_shared(later, officer):
    about = {"name": "高翔", "id_number": "321299199708281696", "severity": Severity.GENERAL, "act": "x", "basis": "x"}
    ban = sanctions.impose(banned_from=workdays.today(), by=officer, **about)
    assert (ban.record_key, stream.after(0)) == ("", [])
    later(to=ban.holds_until)
    assert releasing.release_due() == 1
    assert [each.what for each in stream.after(0, kinds=ALL)] == [What.RECORDED, What.LIFTED]


def test_the_database_refuses_a_measure_without_case_or_person_and_a_changed_event(later, officer):
    case = given.recorded(later)
    subject = case.parties.first().subject
    values = {"severity": "general", "act": "x", "basis": "x", "holds_from": workdays.today()}
    for more in ({}, {"kind": "sharing", "entered_by": officer}, {"kind": "fine", "case": case}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Sanction.objects.create(subject=subject, **values, **more)
    with pytest.raises(InternalError), transaction.atomic():
        RegistryEvent.objects.update(what=What.LIFTED)
