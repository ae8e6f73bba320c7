"""The course of a replay: from the first month to the last, day by day."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from housing_credit import rehearsal
from housing_credit.replay import getting_in
from housing_credit.replay.calendar import Calendar
from housing_credit.replay.days import Month
from housing_credit.replay.population import Household, Plant, households
from housing_credit.replay.team import Team

AFTER = 2  # months after the last household has come, until its notice has run
Say = Callable[[str], None]


def months(plant: Plant) -> list[Month]:
    """All months of a replay."""
    last = plant.last
    for _ in range(AFTER):
        last = last.next
    return plant.first.until(last)


def run(plant: Plant, calendar: Calendar, team: Team, say: Say) -> None:
    """Every household through the flow; `say` hears of each month that begins."""
    coming: dict[date, list[Household]] = {}
    for household in households(plant):
        coming.setdefault(household.comes_on, []).append(household)
    told: list[Household] = []  # of whom the departments will be asked in the next round
    for month in months(plant):
        say(f"{month.year}-{month.month:02d}")
        for place, day in enumerate(month.desk_days):
            team.wait(calendar.go_to(day))
            if place == 0:
                _tell(told)
                told = []
            _day(place, coming.get(day, ()), team, name=f"{month.year}年{month.month}月核对")
            told += coming.get(day, ())
            team.wait()
            getting_in.sweep()


def _tell(told: Iterable[Household]) -> None:
    """The departments learn what is true of these people, as of today."""
    people = [person for household in told for person in household.pinned()]
    if people:
        rehearsal.control("people", {"people": people}, "POST")


def _day(place: int, come: Sequence[Household], team: Team, *, name: str) -> None:
    """The work of one desk day: what lies there in the morning; what waits longest for others is begun first."""
    if place == 0 and getting_in.waits_for_a_round():
        team.do(getting_in.hold_round, [name])
    desks, assessed = getting_in.on_the_desks(), getting_in.assessed() if place else []
    checked = getting_in.checked()
    team.do(getting_in.sweep_notices, [None])
    team.do(getting_in.conclude, assessed)
    team.do(getting_in.decide, checked)
    team.do(getting_in.review, desks)
    team.do(getting_in.come, come, at_a_time=4)
