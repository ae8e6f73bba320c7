"""A calendar of five years, day by day, over leap days and holidays: each household is stopped on every day of its ban
and on none after it, nobody lifts anything by hand, and everybody is told.
"""

from datetime import date, timedelta

import pytest

from applications import guards
from bureau import workdays
from bureau.fields import blind_index
from credit import cases, feeding, grading, releasing, standing, stream
from credit.clocks import Kind
from credit.leads import Named
from credit.models import Case, RegistryEvent
from credit.policies import Letter, Severity, SubjectKind
from tests.factories import credit as given
from tests.factories import feeds as fed
from tests.factories.partners import Caller

pytestmark = pytest.mark.django_db
LEAP, NATIONAL_DAY = date(2028, 2, 29), date(2028, 10, 1)
SERIOUS = Named("胡建军", "321299198306259176")
GENERAL = Named("王䶮", "321299199003078516")
# A month that has no such day gives its first day after: no day of five years is lost, none is added.
ENDS = {SERIOUS: date(2033, 3, 1), GENERAL: date(2029, 10, 1)}


def recorded_on(later, named, day, severity):
    """Noticed in time, and entered in the archive on this very day."""
    later(to=day - timedelta(days=60))
    case = given.notified(lead=given.lead(about=[named], origin=f"finding:{day.toordinal()}"), severity=severity)
    later(to=day)
    cases.record(case, by=given.staff("credit"))
    return case


def on_the_day(*named):
    """Of each: whether he is barred, and whether other departments are told of a record."""
    indexes = {blind_index(each.identifier): each for each in named}
    today = workdays.today()
    barred = standing.standings(indexes, on=today)
    shared = standing.shared(SubjectKind.PERSON, indexes, on=today)
    return {each: (barred[index].blocked, shared[index].hit) for index, each in indexes.items()}


def test_five_years_day_by_day(later, people):
    found = {SERIOUS: recorded_on(later, SERIOUS, LEAP, Severity.SERIOUS)}
    fed.told(fed.city())
    lifted = []
    while workdays.today() <= ENDS[SERIOUS]:
        today = workdays.today()
        if today == NATIONAL_DAY - timedelta(days=60):
            found[GENERAL] = recorded_on(later, GENERAL, NATIONAL_DAY, Severity.GENERAL)
            fed.told(fed.city())
            continue
        holds = {named: today < ENDS[named] for named in found}
        assert on_the_day(*found) == {named: (each, each) for named, each in holds.items()}, today
        # The sweep has days off: it runs on Mondays, and what it missed keeps its day.
        if today.weekday() == 0 or today == ENDS[SERIOUS]:
            releasing.release_due()
        lifted += [(today, named) for named, end in ENDS.items() if today == end]
        later(days=1)
    assert [named for _day, named in lifted] == [GENERAL, SERIOUS]
    told = [each for each in stream.after(0, kinds=(Kind.BAN, Kind.SHARING)) if each.what == "lifted"]
    assert {(each.subject.name, each.on) for each in told} == {(who.name, end) for who, end in ENDS.items()}
    assert set(Case.objects.values_list("status", flat=True)) == {"released"}


def test_on_the_day_everything_that_blocked_is_lifted_without_a_hand(later, people):
    case = recorded_on(later, SERIOUS, LEAP, Severity.SERIOUS)
    index = blind_index(SERIOUS.identifier)
    add = fed.told(fed.city())
    assert add.lines.get().action == "add"
    later(to=ENDS[SERIOUS] - timedelta(days=1))
    assert guards.barred({index: SERIOUS.name})
    assert Caller().ask(SERIOUS.identifier).json()["hit"]
    assert grading.grade(index, on=workdays.today()).letter == Letter.D
    later(days=1)
    assert on_the_day(SERIOUS)[SERIOUS] == (False, False)
    assert guards.barred({index: SERIOUS.name}) == []
    assert not Caller().ask(SERIOUS.identifier).json()["hit"]
    assert grading.grade(index, on=workdays.today()).letter < Letter.D
    # Before any sweep the feed tells of the end as well.
    lifted = fed.told(fed.city())
    assert lifted.lines.get().record_key == add.lines.get().record_key
    assert lifted.lines.get().action in {"delete", "change"}
    releasing.release_due()
    assert feeding.make(fed.city(), by=None) == []
    case.refresh_from_db()
    assert case.status == Case.Status.RELEASED
    ends = RegistryEvent.objects.filter(what="lifted").values_list("on", flat=True)
    assert set(ends) == {ENDS[SERIOUS]}
