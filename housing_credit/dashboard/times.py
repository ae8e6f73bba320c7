"""How long cases lie at each desk, in working days: median and nine of ten (clause A12: time per tier)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from applications import stay_sums
from applications.models import Application, StaySum
from bureau.divisions import DISTRICT_DIGITS
from bureau.querysets import district_of, within
from housing_credit.dashboard import bases
from housing_credit.dashboard.base import Chosen
from housing_credit.dashboard.figure import Figure

S = Application.Status
Counted = tuple[str, str, int, int]  # desk, district, working days, how many stays took so long
NINE_OF_TEN = 0.9


# Translators: 本期离开该环节的次数及停留的工作日，退回后重新进入的另计
DEFINITION = _("How often cases left this desk in the period, after how many working days; a second stay counts anew")
STAGES = {
    # Translators: 街道审核
    "time_street": (S.AT_STREET, _("Street")),
    # Translators: 区级复审
    "time_district": (S.AT_DISTRICT, _("District")),
    # Translators: 市级复核
    "time_city": (S.AT_CITY, _("City")),
    # Translators: 待发核对指令
    "time_order": (S.CHECK_DUE, _("Order of the check")),
    # Translators: 核对
    "time_check": (S.CHECKING, pgettext_lazy("desk", "Check")),
    # Translators: 审批决定
    "time_decision": (S.CHECKED, _("Decision")),
    # Translators: 公示
    "time_notice": (S.ON_NOTICE, _("Public notice")),
    # Translators: 窗口补正
    "time_correction": (S.RETURNED, _("Correction at the window")),
}
FIGURES: Sequence[Figure] = tuple(
    Figure(code, label, DEFINITION, bases.STAYS, Q(stage=stage)) for code, (stage, label) in STAGES.items()
)


@dataclass(frozen=True)
class Took:
    """How long the stays at one desk took: how many there were, and working days; None where there were none."""

    stays: int
    median: int | None = None
    most: int | None = None  # within which nine of ten went on
    longest: int | None = None


def took(chosen: Chosen) -> dict[tuple[str, str], Took]:
    """By figure and district, and with "" for all districts together. Months that are summed count by their sums."""
    found: dict[tuple[str, str], dict[int, int]] = {}
    codes = {str(stage): code for code, (stage, _label) in STAGES.items()}
    months = _summed(chosen)
    for stage, district, workdays, stays in (*_of_months(chosen, months), *_of_stays(chosen, months)):
        for place in ("", district):
            if code := codes.get(stage):
                days = found.setdefault((code, place), {})
                days[workdays] = days.get(workdays, 0) + stays
    return {key: _of(days) for key, days in found.items()}


def _summed(chosen: Chosen) -> list[date]:
    """The months of the period that are summed; none for who may not see whole districts."""
    if any(len(scope) > DISTRICT_DIGITS for scope in (*chosen.scopes, chosen.district)):
        return []
    begins, ends = chosen.period.begins or date.min, chosen.period.ends or date.max
    return [month for month in stay_sums.summed_months() if begins <= month < ends]


def _of_months(chosen: Chosen, months: Sequence[date]) -> Iterable[Counted]:
    sums = StaySum.objects.filter(within(list(chosen.scopes), "district"), of__month__in=months)
    if chosen.district:
        sums = sums.filter(within([chosen.district], "district"))
    if chosen.kind:
        sums = sums.filter(kind=chosen.kind)
    return sums.order_by().values_list("stage", "district", "workdays").annotate(n=Sum("stays"))


def _of_stays(chosen: Chosen, months: Sequence[date]) -> Iterable[Counted]:
    rows = bases.STAYS.of(chosen).filter(_outside(months)).in_workdays().order_by()  # type: ignore[attr-defined]
    values = rows.values_list("stage", district_of("office_code"), "workdays")
    counted: Iterable[Counted] = values.annotate(n=Count("*"))
    return counted


def _outside(months: Sequence[date]) -> Q:
    """Days in none of these months, as few ranges: with all past months summed, those from this month on."""
    if not months:
        return Q()
    found, since = Q(left_on__lt=months[0]), stay_sums.next_month(months[0])
    for month in months[1:]:
        if month != since:
            found |= Q(left_on__gte=since, left_on__lt=month)
        since = stay_sums.next_month(month)
    return found | Q(left_on__gte=since)


def _of(days: dict[int, int]) -> Took:
    stays = sum(days.values())
    return Took(stays, _within(days, stays * 0.5), _within(days, stays * NINE_OF_TEN), max(days))


def _within(days: dict[int, int], wanted: float) -> int:
    """The least number of days within which so many went on."""
    passed = 0
    for length in sorted(days):
        passed += days[length]
        if passed >= wanted:
            return length
    raise ValueError("nobody went on")
