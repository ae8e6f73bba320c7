"""How long cases lie at each desk, in working days: median and nine of ten (clause A12: time per tier)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from applications.models import Application
from housing_credit.dashboard import bases
from housing_credit.dashboard.base import DISTRICT_DIGITS, Chosen
from housing_credit.dashboard.figure import Figure

S = Application.Status
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
    """By figure and district, and with "" for all districts together. One statement."""
    rows = bases.STAYS.of(chosen).in_workdays().order_by()  # type: ignore[attr-defined]  # wider than the stubs know
    counted = rows.values("stage", "workdays", "office_code").annotate(n=Count("*"))
    found: dict[tuple[str, str], dict[int, int]] = {}
    codes = {str(stage): code for code, (stage, _label) in STAGES.items()}
    for row in counted:
        for place in ("", row["office_code"][:DISTRICT_DIGITS]):
            if code := codes.get(row["stage"]):
                days = found.setdefault((code, place), {})
                days[row["workdays"]] = days.get(row["workdays"], 0) + row["n"]
    return {key: _of(days) for key, days in found.items()}


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
