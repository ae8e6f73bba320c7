"""What follows from a record: bans by the clocks of its policy, and their end; the database wants persons to decide."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, InternalError, transaction

from applications import guards
from bureau import workdays
from bureau.errors import NotAllowedError, UnfitDataError
from bureau.fields import blind_index
from bureau.models import TimelineEntry
from credit import cases, leads, sanctions, standing
from credit.clocks import Event
from credit.leads import Named
from credit.models import Sanction
from credit.policies import Severity
from tests.factories import credit as given

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(people):
    """Who keeps the registry."""
    return people["credit"]


def blocked(named, on=None):
    """How somebody stands on a day, today if none is said."""
    return standing.standing(blind_index(named.identifier), on=on or workdays.today())


@pytest.mark.parametrize(("severity", "years"), [("general", 1), ("more_serious", 3), ("serious", 5)])
def test_a_record_bans_every_member_for_the_years_of_its_severity(later, people, severity, years):
    case = given.recorded(later, severity=Severity(severity))
    start = workdays.today()
    end = Sanction.objects.filter(case=case, kind="ban").first().holds_until
    assert (end.year - start.year, end.month, end.day) == (years, start.month, start.day)
    for named in (given.HUSBAND, given.WIFE):
        found = blocked(named)
        assert (found.blocked, found.until) == (True, end)
        assert not blocked(named, end).blocked
        assert blocked(named, end - timedelta(days=1)).blocked


def test_a_ban_counts_from_the_return_of_the_home_and_has_no_end_before(later, officer):
    case = given.recorded(later, act_code="F11", severity=Severity.SERIOUS)
    assert (blocked(given.HUSBAND).blocked, blocked(given.HUSBAND).until) == (True, None)
    later(days=100)
    returned = workdays.today()
    cases.tell(case, Event.HOME_RETURNED, on=returned, basis="交接单7号", by=officer)
    found = blocked(given.HUSBAND).until
    assert (found.year - returned.year, found.month, found.day) == (5, returned.month, returned.day)
    assert Sanction.objects.filter(case=case, kind="ban").count() == 2


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"event": Event.RECORDED}, "recorded case"),
        ({"event": Event.WITHDRAWN}, "recorded case"),
        ({"on_later": 1}, "ahead"),
        ({"on_later": -400}, "before the act"),
        ({"basis": " "}, "paper"),
    ],
)
def test_an_event_that_does_not_fit_is_refused(later, officer, change, words):
    case = given.recorded(later)
    on = given.day(change.pop("on_later", 0))
    values = {"event": Event.HOME_RETURNED, "on": on, "basis": "交接单", **change}
    event = values.pop("event")
    with pytest.raises(UnfitDataError, match=words):
        cases.tell(case, event, by=officer, **values)


def test_an_event_is_written_down_once_and_kept(later, officer):
    case = given.recorded(later)
    values = {"on": workdays.today(), "basis": "交接单", "by": officer}
    cases.tell(case, Event.CORRECTED, **values)
    with pytest.raises(UnfitDataError, match="already"):
        cases.tell(case, Event.CORRECTED, **values)
    with pytest.raises(InternalError), transaction.atomic():
        case.happenings.update(basis="别的")


def test_a_withdrawn_finding_lifts_the_ban_on_that_day(later, officer):
    case = given.recorded(later)
    later(days=10)
    with pytest.raises(UnfitDataError, match="reason"):
        cases.withdraw(case, by=officer, reason="")
    cases.withdraw(case, by=officer, reason="行政复议决定撤销")
    assert case.status == "withdrawn"
    assert not blocked(given.HUSBAND).blocked
    assert blocked(given.HUSBAND, given.day(-1)).blocked


def test_a_record_that_is_withdrawn_on_its_own_day_never_held(later, officer):
    case = given.recorded(later)
    cases.withdraw(case, by=officer, reason="当日发现送达有误")
    assert not blocked(given.HUSBAND).blocked
    assert not blocked(given.HUSBAND, given.day(30)).blocked
    sanctions.bring_in_line(case)
    assert not blocked(given.HUSBAND).blocked


def test_the_gate_of_applications_tells_until_when_or_that_the_home_comes_first(later, officer):
    case = given.recorded(later, act_code="F11", severity=Severity.SERIOUS)
    named = {blind_index(given.HUSBAND.identifier): "胡建军"}
    assert "when the home is returned" in guards.barred(named)[0]
    cases.tell(case, Event.HOME_RETURNED, on=workdays.today(), basis="交接单7号", by=officer)
    assert str(Sanction.objects.filter(case=case, kind="ban").first().holds_until) in guards.barred(named)[0]


def test_the_clocks_of_a_case_are_written_alike_however_often(later, officer):
    case = given.recorded(later)
    rows = Sanction.objects.order_by("pk").values_list("pk", "holds_from", "holds_until", "ended_because")
    before = list(rows)
    for _ in range(3):
        sanctions.bring_in_line(case)
    assert list(rows.all()) == before


def test_the_database_bans_nobody_without_a_finding_a_served_notice_and_a_part(later, officer):
    case, other = given.found_by_panel(), given.recorded(later, lead=given.lead(origin="finding:2"))
    stranger = leads.register(Named("高翔", "321299199708281696"))
    values = {"severity": "general", "act": "x", "basis": "x", "holds_from": workdays.today()}
    for subject, against in ((case.parties.first().subject, case), (stranger, other)):
        with pytest.raises(IntegrityError, match="a finding of the panel"), transaction.atomic():
            Sanction.objects.create(subject=subject, case=against, **values)


@pytest.mark.parametrize("name", ["window", "check", "housing", "panel", "auditor", "admin"])
def test_only_a_credit_officer_moves_a_case(later, people, name):
    case = given.after_time_to_correct(later, given.notified())
    with pytest.raises(NotAllowedError):
        cases.record(case, by=people[name])


def test_every_step_is_in_the_timeline(later, officer):
    case = given.recorded(later)
    told = TimelineEntry.objects.filter(subject_kind="credit.case", subject_id=case.pk).order_by("pk")
    assert list(told.values_list("event", flat=True)) == ["propose", "refer", "find", "notify", "record"]


def test_a_record_rests_on_a_confirmed_finding_and_on_the_votes_of_persons(later):
    case = given.recorded(later)
    assert case.lead.confirmed_by is not None
    assert case.seats.filter(finds=True).count() == 3
