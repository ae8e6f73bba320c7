"""How a case looks in a list: who holds it, how many working days are left, which tone its status has."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Min
from django.urls import reverse
from django.utils.translation import gettext as _

from applications.models import Application, Supplement
from bureau import divisions, workdays
from bureau.models import Office, Staff
from bureau.roles import Role

S = Application.Status
TONES = {
    S.DRAFT: "neutral",
    S.RETURNED: "warning",
    S.CHECK_DUE: "info",
    S.CHECKING: "info",
    S.CHECKED: "info",
    S.ON_NOTICE: "info",
    S.APPROVED: "success",
    S.REFUSED: "danger",
    S.REJECTED: "danger",
}
HOLDING_TIER: dict[S, divisions.Tier] = {
    S.DRAFT: "window",
    S.RETURNED: "window",
    S.AT_STREET: "street",
    S.AT_DISTRICT: "district",
    S.AT_CITY: "city",
    S.CHECK_DUE: "city",
    S.CHECKING: "city",
    S.CHECKED: "city",
    S.ON_NOTICE: "city",
}
TO_WINDOW = (S.DRAFT, S.RETURNED)


@dataclass(frozen=True)
class Row:
    """One line of a list."""

    case: Application
    url: str
    holder: str
    days_left: int | None
    tone: str
    papers_due: date | None = None  # of what was promised and has not come, the first day
    papers_late: bool = False


def rows(cases: Iterable[Application], staff: Staff) -> list[Row]:
    """The lines of these cases, in three queries however many there are. `office` must be selected with them."""
    chosen = list(cases)
    names, owed = _office_names(chosen), _owed(chosen)
    today = workdays.today()
    return [
        Row(
            case,
            url_for(case, staff),
            _holder(case, names),
            days_left(case, today),
            tone_of(case),
            owed.get(case.pk),
            owed.get(case.pk, today) < today,
        )
        for case in chosen
    ]


def _owed(cases: Iterable[Application]) -> dict[int, date]:
    """By case, the first day by which a promised paper is still to come."""
    fast = [case.pk for case in cases if case.fast]
    if not fast:
        return {}
    due = (
        Supplement.objects.filter(application__in=fast, supplied_at=None).values("application").annotate(Min("due_on"))
    )
    return dict(due.values_list("application", "due_on__min"))


def holder(case: Application) -> str:
    """The office and the desk that have the case before them; nobody once it has ended."""
    return _holder(case, _office_names([case]))


def url_for(case: Application, staff: Staff) -> str:
    """Where this person works on the case: the clerk of its window on the draft, anybody else on the case page."""
    own = any(seat.role == Role.CLERK and seat.office.code == case.office_code for seat in staff.seats)
    if case.status == S.DRAFT or (case.status == S.RETURNED and own):
        return reverse("applications:task_list", args=[case.reference])
    return reverse("applications:case", args=[case.reference])


def days_left(case: Application, today: date) -> int | None:
    """Working days left to whoever holds the case; None when no clock runs."""
    return workdays.workdays_between(today, case.due_on) if case.due_on else None


def tone_of(case: Application) -> str:
    """The tone of the status tag."""
    return TONES.get(S(case.status), "neutral")


def _holder(case: Application, names: dict[str, str]) -> str:
    tier = HOLDING_TIER.get(S(case.status))
    if tier is None:
        return ""
    office = names.get(divisions.ancestor(case.office_code, tier), "")
    desk = {
        S.AT_CITY: _("check centre"),
        S.CHECK_DUE: _("check centre"),
        S.CHECKING: _("check centre"),
        S.CHECKED: _("housing officer"),
        S.ON_NOTICE: _("housing officer"),
    }.get(S(case.status), "")
    return f"{office} · {desk}" if desk else office


def _office_names(cases: Iterable[Application]) -> dict[str, str]:
    codes = {code for case in cases for code in _line_of(case.office_code)}
    return {office.code: office.name for office in Office.objects.filter(code__in=codes)}


def _line_of(code: str) -> list[str]:
    line: list[str] = []
    above: str | None = code
    while above is not None:
        line.append(above)
        above = divisions.parent_of(above)
    return line
