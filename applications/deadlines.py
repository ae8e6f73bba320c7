"""Time limits of each stage in working days, from the procedure in force;
the clock stands still while a case is returned.
"""

from datetime import date

from applications.models import Application, Procedure
from bureau import workdays
from bureau.composed import DAY, Composed
from bureau.errors import UnfitDataError

S = Application.Status
DAYS = {
    S.AT_STREET: "street_days",
    S.AT_DISTRICT: "district_days",
    S.AT_CITY: "city_days",
    S.CHECK_DUE: "city_days",
    S.CHECKING: "check_days",
    S.CHECKED: "decision_days",
    S.RETURNED: "correction_days",
}
# The same in the fast lane, where they are shorter (clause B13); the sources and the household get no less time.
FAST_DAYS = {
    S.AT_STREET: "fast_street_days",
    S.AT_DISTRICT: "fast_district_days",
    S.AT_CITY: "fast_city_days",
    S.CHECK_DUE: "fast_city_days",
    S.CHECKED: "fast_decision_days",
}

IN_FORCE = Composed(
    lambda day: Procedure.objects.filter(effective_from__lte=day).order_by("-effective_from")[:1], day=DAY
)


def procedure_on(day: date) -> Procedure:
    """The time limits in force on the day."""
    for row in IN_FORCE.rows(day=day):
        return Procedure(*row)
    raise UnfitDataError(f"No time limits are in force on {day}. An administrator enters them.")


def with_clock(case: Application) -> tuple[str]:
    """What a move writes with the status: the day on which the stage that the case enters is due."""
    case.due_on = due_date(case, case.status)
    return ("due_on",)


def due_date(case: Application, status: str) -> date | None:
    """When the stage of this status is due, were it entered today; None for a stage without a limit."""
    days = days_of(case, status)
    return workdays.add_workdays(workdays.today(), days) if days is not None else None


def days_of(case: Application, status: str, limits: Procedure | None = None) -> int | None:
    """How many working days the stage of this status may take; None for a stage without a limit. `limits`: those of
    the case, where they have been read.
    """
    names = DAYS | FAST_DAYS if case.fast else DAYS
    name = names.get(S(status))
    if name is None:
        return None
    return int(getattr(limits or procedure_on(case.accepted_on or workdays.today()), name))


def pause_clock(case: Application) -> None:
    """Keep how many working days the tier had left, so that the correction costs it none."""
    today = workdays.today()
    case.days_left = max(workdays.workdays_between(today, case.due_on), 0) if case.due_on else None
    case.save(update_fields=["days_left"])
