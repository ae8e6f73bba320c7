"""From the keys to the end, on the calendar of 2016 and 2017: who does not pay, who has a flat of his own by now."""

from decimal import Decimal

import pytest

from applications.models import Member
from benefits.models import Entry, Exit, Home, Review, Tenancy
from bureau.fields import blind_index
from credit.models import Case, Party
from housing_credit.replay import course, figures, ground
from housing_credit.replay.calendar import Calendar
from housing_credit.replay.days import Month
from housing_credit.replay.fates import Planted
from housing_credit.replay.population import Plant, households
from housing_credit.replay.team import team

TENANTS = Planted(changed=4, staying=2, arrears=4, losing_home=1, late=2, recovered=Decimal("3210.98"))
PLANT = Plant(
    households=24, unfit=5, seed=11, first=Month(2016, 3), last=Month(2016, 4), subsidies=0.1, tenants=TENANTS
)


def applicants(cases):
    """Who applied, as the database knows them."""
    rows = Member.objects.filter(relation="01", application__in=cases).values_list("id_index", flat=True)
    return {bytes(index) for index in rows}


def actors(cases):
    """Who acted in these cases, as the database knows them."""
    rows = Party.objects.filter(case__in=cases, part=Party.Part.ACTOR)
    return {bytes(index) for index in rows.values_list("subject__identifier_index", flat=True)}


def those(planted, fits):
    """The applicants of the households whose fate fits."""
    return {blind_index(each.people[0].id_number) for each in planted if fits(each.fate)}


@pytest.mark.django_db
def test_what_becomes_of_tenants_is_what_was_planted(there):
    planted = households(PLANT)
    with team(0) as alone, Calendar() as calendar:
        calendar.go_to(ground.FIRST_DAY)
        ground.lay()
        course.run(PLANT, calendar, alone, lambda _month: None)
        assert figures.counted() == {
            "checked": 24,
            "unfit": 5,
            "homes_recovered": 5,
            "rent_recovered": Decimal("3210.98"),
            "recorded_changed": 2,
            "recorded_arrears": 4,
        }
    # The review put out exactly those whose truth was changed, and no other.
    sent_out = Review.objects.filter(status=Review.Status.TO_EXIT).values("application")
    assert applicants(sent_out) == those(planted, lambda fate: fate.changes)
    assert set(Review.objects.exclude(application__in=sent_out).values_list("status", flat=True)) == {"renewed"}
    recorded = Case.objects.filter(status=Case.Status.RECORDED)
    acted = {code: actors(recorded.filter(act__code=code)) for code in ("F06", "F12")}
    assert acted["F06"] == those(planted, lambda fate: fate.pays_back)
    assert acted["F12"] == those(planted, lambda fate: fate.stays_on)
    assert not Case.objects.exclude(status=Case.Status.RECORDED).exists()
    # Every home that was recovered is free for repair, and the books balance.
    assert Exit.objects.filter(ended_on__isnull=False).count() == 5
    assert Home.objects.filter(status=Home.Status.REPAIR).count() == 5
    assert Tenancy.objects.filter(status=Tenancy.Status.RETURNED).count() == 5
    assert sum(Entry.objects.in_books().values()) == 0
