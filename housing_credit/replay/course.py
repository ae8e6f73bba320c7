"""The course of a replay: from the first month to the last, day by day."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from applications import checks
from benefits.models import Tenancy
from housing_credit import rehearsal
from housing_credit.replay import getting_in, living, recording, reviewing
from housing_credit.replay.calendar import Calendar
from housing_credit.replay.days import DESK_DAYS, Month
from housing_credit.replay.population import Household, Plant, households
from housing_credit.replay.team import Team
from housing_credit.replay.world import World

AFTER = 2  # months after the last household has come, until its notice has run
UNTIL = Month(2017, 11)
FIRST, THIRD, LAST = 0, 2, DESK_DAYS - 1  # places among the desk days of a month
ASKED_BY = 2  # helpers: while one waits for a source, the other reads what came
Say = Callable[[str], None]


def months(plant: Plant) -> list[Month]:
    """All months of a replay."""
    last = plant.last
    for _ in range(AFTER):
        last = last.next
    return plant.first.until(max(last, UNTIL) if plant.tenants.households else last)


def run(plant: Plant, calendar: Calendar, team: Team, say: Say) -> None:
    """Every household through the flow; `say` hears of each month that begins."""
    everybody = households(plant)
    Course(everybody, World(everybody), calendar, team).run(months(plant), say)


class Course:
    """Days in their order. Whoever works on the same day works at the same time."""

    def __init__(self, everybody: Sequence[Household], world: World, calendar: Calendar, team: Team) -> None:
        self.everybody, self.world, self.calendar, self.team = everybody, world, calendar, team
        self.coming: dict[date, list[Household]] = {}
        for household in everybody:
            self.coming.setdefault(household.comes_on, []).append(household)
        self.came: list[Household] = []  # of whom the departments will be asked in the next round

    def run(self, wanted: Sequence[Month], say: Say) -> None:
        """Month by month."""
        self.team.wait(self.calendar.go_to(wanted[0].desk_days[0]))
        living.build(self.everybody)
        for month in wanted:
            say(f"{month.year}-{month.month:02d}")
            for place, day in enumerate(month.desk_days):
                self.team.wait(self.calendar.go_to(day))
                self._day(month, place, self.coming.get(day, ()))
                self.team.wait()
                self._evening(month, place)

    def _day(self, month: Month, place: int, come: Sequence[Household]) -> None:
        """What lies there in the morning is done; what waits longest for others is begun first."""
        do = self.team.do
        assessed = getting_in.assessed()
        if place != FIRST:
            do(getting_in.conclude, assessed)
        do(getting_in.sweep_notices, [None])
        do(living.allot, [None])
        do(recording.go_on, recording.under_way())
        do(getting_in.decide, getting_in.checked())
        do(getting_in.review, getting_in.on_the_desks())
        if place == FIRST:
            self._begin_rounds(month)
        do(getting_in.come, come, at_a_time=1)
        self.came += come
        if place == LAST and (file := self.world.statement(month)):
            do(living.bring_in, [file])

    def _begin_rounds(self, month: Month) -> None:
        """The departments are asked about who has come, and in the month of a review about everybody in a home."""
        self._tell(self.came, month)
        self.came = []
        if reviewing.is_to_be_checked():
            live = Tenancy.objects.in_benefit()
            self._tell(self.world.homes(live).values(), month)
            self.team.do(reviewing.check, [None])
        if getting_in.waits_for_a_round():
            ordered = getting_in.open_round(f"{month.year}年{month.month}月核对")
            self.team.do(getting_in.ask, ordered, at_a_time=-(-len(ordered) // ASKED_BY))

    def _tell(self, told: Iterable[Household], month: Month) -> None:
        """The departments learn what is true of these people, as of today."""
        people = [person for household in told for person in household.pinned(month)]
        if people:
            rehearsal.control("people", {"people": people}, "POST")

    def _evening(self, month: Month, place: int) -> None:
        """The sweeps, and beside them, one after the other, what rests on the day's work of all.

        Cases that are taken up, objections and rounds are not what reviews, arrears and homes rest on.
        """
        self.team.do(checks.take_up, checks.to_take_up(), at_a_time=5)
        self.team.do(getting_in.sweep, [None])
        if month == reviewing.HELD_IN and place == reviewing.OPENED_ON and Tenancy.objects.in_benefit().exists():
            reviewing.open_review()
        if month > reviewing.HELD_IN:
            reviewing.decide()
            reviewing.close()
            recording.open_cases()
            living.order_out_for_arrears()
            living.take_back(self.world.leaving(before=_next_day(month, place)))
        self.team.wait()


def _next_day(month: Month, place: int) -> date:
    """The desk day after this one."""
    return month.next.desk_days[FIRST] if place == LAST else month.desk_days[place + 1]
