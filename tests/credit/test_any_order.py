"""Whatever happens to a record, in whatever order it becomes known and however late the sweeps run: the rows, and what
others believe who read the stream, are what the clocks say; no ban is longer than its basis allows.
"""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, settings
from hypothesis import given as suppose
from hypothesis import strategies as st

from bureau import workdays
from credit import cases, clocks, deadlines, releasing, stream
from credit.clocks import Event, Happened, Kind, Reason
from credit.models import Lead, Sanction
from credit.policies import Severity
from tests.factories import credit as given

pytestmark = pytest.mark.django_db
LATER = [Event.HOME_RETURNED, Event.CORRECTED, Event.REPAIRED, Event.DECEIVED, Event.SUSPENDED, Event.RESUMED]
KNOWN_LATE = 1500  # days after the record on which everything is entered
EVENTS = st.lists(st.tuples(st.sampled_from(LATER), st.integers(0, KNOWN_LATE)), max_size=5, unique=True)
ORDINARY = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


class BackError(Exception):
    """Ends an example; the database is as before it."""


@pytest.fixture
def employer(later):
    """A record of an employer: published, which an order stops, and shared."""
    lead = given.lead(kind=Lead.Kind.REPORT, about=(given.COMPANY,), act_code="U01", text="虚开收入证明")
    case = given.recorded(later, lead=lead, act_code="U01", actor_kind="employer", severity=Severity.SERIOUS)
    later(days=KNOWN_LATE)
    return case


@pytest.fixture
def household(later):
    """A record of a household whose ban counts from the return of the home."""
    case = given.recorded(later, act_code="F11", severity=Severity.SERIOUS)
    later(days=KNOWN_LATE)
    return case


def enter(case, entered, sweeps):
    """The events in this order, with a sweep after those that `sweeps` names."""
    start = workdays.today() - timedelta(days=KNOWN_LATE)
    for place, (event, day) in enumerate(entered):
        with transaction.atomic():
            cases.happen(case, event, on=start + timedelta(days=day), basis="文书", by=given.staff("credit"))
        if place in sweeps:
            releasing.release_due()


def rows(case):
    """Every span that holds or held, by subject and measure."""
    found = Sanction.objects.filter(case=case, lifted_on=None)
    return sorted(found.values_list("subject", "kind", "holds_from", "holds_until"), key=str)


def by_the_clocks(case):
    """The same, from the clocks alone."""
    happened = [Happened(each.on, Event(each.event)) for each in case.happenings.all()]
    acting = clocks.run(deadlines.rules_of_actors(case), happened)
    return sorted(
        (
            (party.subject_id, clock.rule.kind.value, span.begins, span.until)
            for party in case.parties.all()
            for clock in acting
            if party.acted or clock.rule.is_ban
            for span in clock.spans()
        ),
        key=str,
    )


def believed(case):
    """Which measures a reader of the stream believes to hold today."""
    last = {}
    for each in stream.after(0, kinds=tuple(Kind)):
        last[each.subject_id, each.kind] = each
    return {key for key, each in last.items() if each.what in {"recorded", "changed"}}


def holding(case):
    """Which do."""
    return set(Sanction.objects.filter(case=case).holding(workdays.today()).values_list("subject", "kind"))


def as_the_clocks_say(case, entered, sweeps):
    """One example: entered in this order; compared; taken back."""
    try:
        with transaction.atomic():
            enter(case, entered, sweeps)
            assert rows(case) == by_the_clocks(case)
            releasing.release_due()
            assert believed(case) == holding(case)
            for rule in deadlines.rules_of_actors(case):
                for row in Sanction.objects.filter(case=case, kind=rule.kind, lifted_on=None):
                    longest = row.holds_until and row.holds_from + timedelta(days=366 * rule.term.in_months / 12 + 1)
                    assert not longest or row.ended_because == Reason.OVER or row.holds_until <= longest
            raise BackError
    except BackError:
        pass


@ORDINARY
@suppose(entered=EVENTS, sweeps=st.sets(st.integers(0, 4)))
@example(entered=[(Event.RESUMED, 150), (Event.SUSPENDED, 100), (Event.RESUMED, 120)], sweeps=set())
@example(entered=[(Event.RESUMED, 120), (Event.SUSPENDED, 100)], sweeps={0, 1})
def test_an_employers_record_is_what_the_clocks_say(employer, entered, sweeps):
    as_the_clocks_say(employer, entered, sweeps)


@ORDINARY
@suppose(entered=EVENTS, sweeps=st.sets(st.integers(0, 4)))
@example(entered=[(Event.HOME_RETURNED, 900), (Event.HOME_RETURNED, 30)], sweeps={0})
def test_a_households_record_is_what_the_clocks_say(household, entered, sweeps):
    as_the_clocks_say(household, entered, sweeps)


@ORDINARY
@suppose(entered=EVENTS)
def test_two_orders_of_the_same_events_end_alike(employer, entered):
    found = []
    for order in (entered, entered[::-1]):
        try:
            with transaction.atomic():
                enter(employer, order, set())
                found.append(rows(employer))
                raise BackError
        except BackError:
            pass
    assert found[0] == found[1]
