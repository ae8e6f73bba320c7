"""Sixty households through the real flow and real HTTP: exactly those who hide what breaks the standard are refused."""

import pytest
from msgspec.structs import replace

from applications.models import Application, Member
from bureau.fields import blind_index
from housing_credit.replay import course, figures, ground
from housing_credit.replay.calendar import Calendar
from housing_credit.replay.days import Month
from housing_credit.replay.fates import Planted
from housing_credit.replay.planting import UNFIT
from housing_credit.replay.population import Plant, households
from housing_credit.replay.team import team
from verification.models import Conclusion, Finding

NOTHING_ELSE = Planted().share(0)
PLANT = Plant(households=60, unfit=19, seed=20, first=Month(2014, 11), last=Month(2015, 3), tenants=NOTHING_ELSE)
S = Application.Status


@pytest.fixture
def replayed(there):
    """The households as they were planted, after the last day."""
    planted = households(PLANT)
    with team(0) as alone, Calendar() as calendar:
        calendar.go_to(ground.FIRST_DAY)
        ground.lay()
        course.run(PLANT, calendar, alone, lambda _month: None)
        yield planted


def indexes(planted):
    """The applicants, as the database knows them."""
    return {blind_index(household.people[0].id_number) for household in planted}


@pytest.mark.django_db
def test_whom_the_flow_refuses_is_who_hides_something(replayed):
    hiding = [household for household in replayed if household.hides]
    assert len(hiding) == 19
    refused = Member.objects.filter(relation="01", application__status=S.REFUSED)
    assert {bytes(index) for index in refused.values_list("id_index", flat=True)} == indexes(hiding)
    approved = Member.objects.filter(relation="01", application__status=S.APPROVED)
    assert {bytes(index) for index in approved.values_list("id_index", flat=True)} == indexes(replayed) - indexes(
        hiding
    )
    counted = figures.counted()
    assert (counted["checked"], counted["unfit"]) == (60, 19)
    # Something is found of honest households too, and of some of it the officers say that it is not so.
    assert Finding.objects.filter(state="confirmed", check_ordered__conclusion__outcome="fit").exists()
    assert Finding.objects.filter(state="dismissed").exists()
    # Each conclusion was drawn in the household's own time, by the standard of that time.
    days = {row.at.year for row in Conclusion.objects.all()}
    assert days == {2014, 2015}


def test_the_same_seed_makes_the_same_households_and_another_makes_others():
    first, again = households(PLANT), households(PLANT)
    assert [each.pinned(PLANT.last) for each in first] == [each.pinned(PLANT.last) for each in again]
    assert not indexes(first) & indexes(households(replace(PLANT, seed=8)))


def test_no_person_lives_in_two_households():
    planted = households(Plant())
    numbers = [person.id_number for household in planted for person in household.people]
    assert len(planted) == 2227
    assert len(numbers) == len(set(numbers))
    assert sum(bool(household.hides) for household in planted) == 585
    assert {household.hides for household in planted} == {"", *UNFIT}
