"""A check ordered in 2014, with the clocks held here and at the mock departments, comes through all sources."""

from datetime import date

import pytest
from django.utils import timezone

from bureau import workdays
from housing_credit import rehearsal
from housing_credit.replay import calendar, ground
from housing_credit.replay.calendar import Calendar
from tests.factories.checks import order_scenario
from verification import asking, evidence
from verification.models import Check, Exchange, Inquiry, Source

pytestmark = pytest.mark.django_db
JUNE = date(2014, 6, 12)


def test_a_check_of_2014_comes_through_all_sources(there):
    with Calendar() as held:
        held.go_to(JUNE)
        ground.lay()
        check = order_scenario(there, "fit-single-elder")
        asking.ask([check.pk])
        check.refresh_from_db()
        assert check.status == Check.Status.ASSESSED
        assert check.as_of == JUNE
        assert check.standard.code.endswith("-replay")
        assert (check.assessments.get().proposed, check.assessments.get().answered) == ("fit", 24)
        assert {timezone.localdate(row.asked_at) for row in Inquiry.objects.filter(check_ordered=check)} == {JUNE}
        days = {timezone.localdate(each.ended_at) for each in Exchange.objects.all()}
        assert days == {JUNE}
        assert {timezone.localdate(each.last_success_at) for each in Source.objects.all()} == {JUNE}
        assert not [problems for _read, problems in evidence.verify() if problems]


def test_everybody_goes_on_together_and_back(there):
    with Calendar() as held:
        for day in (JUNE, date(2017, 11, 30), JUNE):
            moment = held.go_to(day)
            assert workdays.today() == day
            assert rehearsal.control("clock")["now"].startswith(day.isoformat())
            calendar.hold(moment)  # as a helper does that is told of it later
            assert workdays.today() == day
    assert workdays.today() > date(2026, 1, 1)
    assert rehearsal.control("clock")["now"].startswith(workdays.today().isoformat())


def test_a_request_that_is_not_of_the_day_is_refused(there):
    """The window of the signature is held against the date that the departments were told."""
    with Calendar() as held:
        held.go_to(JUNE)
        ground.lay()
        check = order_scenario(there, "fit-single-elder")
        rehearsal.control("clock", {"now": "2014-06-13T09:00:00+08:00"}, "PUT")
        asking.ask([check.pk])
        assert set(check.inquiries.values_list("state", flat=True)) == {"failed"}


@pytest.mark.parametrize("body", [{"now": "2014-06-12T09:00:00"}, {"now": "soon"}, {}, {"now": None, "day": 1}])
def test_a_moment_that_is_none_changes_nothing(there, body):
    with pytest.raises(rehearsal.RehearsalError, match="422"):
        rehearsal.control("clock", body, "PUT")
    assert rehearsal.control("clock")["now"].startswith(workdays.today().isoformat())
