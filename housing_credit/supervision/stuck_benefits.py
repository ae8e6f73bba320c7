"""What is stuck with those who get a benefit: reviews, visits, orders to leave."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from benefits import review_rounds
from benefits.models import Exit, Grant, Review, Tenancy, Turn, Visit
from bureau import workdays
from bureau.models import Staff
from bureau.roles import Role
from housing_credit.supervision.trouble import Line, Trouble

UNDECIDED = timedelta(days=7)  # after the check of a review was concluded
OFFICERS = frozenset({Role.HOUSING_OFFICER, Role.AUDITOR})
Rows = QuerySet[Any]
HOUSING = Role.HOUSING_OFFICER.label


def _late_offers(staff: Staff) -> Rows:
    rows: Rows = Turn.objects.visible_to(staff).late(workdays.today())
    return rows.order_by("status_since", "pk")


def _turn_lines(rows: Sequence[Any], _staff: Staff) -> list[Line]:
    return [
        Line(
            row.number, reverse("benefits:turn", args=[row.number]), row.get_status_display(), row.status_since, HOUSING
        )
        for row in rows
    ]


def _unsigned(staff: Staff) -> Rows:
    rows: Rows = Review.objects.visible_to(staff).to_check().of_live_benefit().filter(review_rounds.is_unsigned())
    return rows.select_related("review_round", "tenancy", "grant").order_by("review_round", "pk")


def _silent(staff: Staff) -> Rows:
    rows: Rows = Review.objects.visible_to(staff).silent_too_long(workdays.today())
    return rows.select_related("review_round", "tenancy", "grant").order_by("status_since", "pk")


def _undecided(staff: Staff) -> Rows:
    """What stays as it was is renewed by itself; the others wait for an officer."""
    rows: Rows = Review.objects.visible_to(staff).to_decide().of_live_benefit()
    rows = rows.filter(check_ordered__status_since__lt=timezone.now() - UNDECIDED)
    return rows.select_related("review_round", "tenancy", "grant").order_by("check_ordered__status_since", "pk")


def _review_lines(rows: Sequence[Any], _staff: Staff) -> list[Line]:
    return [
        Line(
            row.benefit.number,
            reverse("benefits:review", args=[row.number]),
            row.get_status_display(),
            row.status_since,
            HOUSING,
        )
        for row in rows
    ]


def _unsigned_lines(rows: Sequence[Any], staff: Staff) -> list[Line]:
    label = Role.CLERK.label
    return [Line(each.name, each.url, each.text, each.since, label) for each in _review_lines(rows, staff)]


def _overdue_exits(staff: Staff) -> Rows:
    homes, subsidies = Tenancy.objects.visible_to(staff), Grant.objects.visible_to(staff)
    rows: Rows = Exit.objects.overdue(workdays.today()).filter(Q(tenancy__in=homes) | Q(grant__in=subsidies))
    return rows.select_related("tenancy", "grant").order_by("leave_by", "pk")


def _exit_lines(rows: Sequence[Any], _staff: Staff) -> list[Line]:
    return [
        Line(
            row.tenancy.number,
            reverse("benefits:tenancy", args=[row.tenancy.number]),
            row.get_reason_display(),
            row.leave_by,
            HOUSING,
        )
        for row in rows
    ]


def _late_visits(staff: Staff) -> Rows:
    rows: Rows = Visit.objects.visible_to(staff).late(workdays.today())
    return rows.select_related("tenancy").order_by("due_on", "pk")


def _unconfirmed(staff: Staff) -> Rows:
    """Something was found, and the second person has not said whether it is so."""
    rows: Rows = Visit.objects.visible_to(staff).filter(status=Visit.Status.FOUND)
    return rows.select_related("tenancy").order_by("status_since", "pk")


def _visit_lines(rows: Sequence[Any], _staff: Staff) -> list[Line]:
    who = {Visit.Status.PLANNED.value: Role.REVIEWER.label}
    return [
        Line(
            row.number,
            reverse("benefits:visit", args=[row.number]),
            row.get_status_display(),
            row.due_on if row.status == Visit.Status.PLANNED else row.status_since,
            who.get(row.status, gettext_lazy("Another person than who made the visit")),
        )
        for row in rows
    ]


TROUBLES: Sequence[Trouble] = (
    Trouble(
        "late_offers",
        # Translators: 逾期未答复的配租
        gettext_lazy("Offers of homes past their last day"),
        gettext_lazy("The household has not answered in time, and the home stays empty meanwhile"),
        gettext_lazy("Open the place on the waiting list"),
        OFFICERS,
        _late_offers,
        _turn_lines,
    ),
    Trouble(
        "unsigned_reviews",
        # Translators: 年审待核对、授权已失效
        gettext_lazy("Reviews without an authorisation"),
        gettext_lazy("An adult of the household has no authorisation in force, so no source can be asked"),
        gettext_lazy("Have the household sign"),
        OFFICERS,
        _unsigned,
        _unsigned_lines,
    ),
    Trouble(
        "silent_reviews",
        # Translators: 催告后仍未申报的年审
        gettext_lazy("Reviews that a reminder did not bring in"),
        gettext_lazy("The household has not reported within the days of the reminder; an officer decides"),
        gettext_lazy("Decide on the review"),
        OFFICERS,
        _silent,
        _review_lines,
    ),
    Trouble(
        "undecided_reviews",
        # Translators: 核对已出结论、待处理的年审
        gettext_lazy("Reviews whose check is done and nothing has followed"),
        gettext_lazy("Concluded a week ago or more: to be renewed, changed or ended by an officer"),
        gettext_lazy("Decide on the review"),
        OFFICERS,
        _undecided,
        _review_lines,
    ),
    Trouble(
        "overdue_exits",
        # Translators: 逾期未腾退
        gettext_lazy("Orders to leave past their last day"),
        gettext_lazy("The household is still in the home"),
        gettext_lazy("Open the tenancy"),
        OFFICERS,
        _overdue_exits,
        _exit_lines,
    ),
    Trouble(
        "late_visits",
        # Translators: 逾期未入户
        gettext_lazy("Visits that were not made in time"),
        gettext_lazy("Planned, and their last day has passed"),
        gettext_lazy("Write down the visit"),
        OFFICERS,
        _late_visits,
        _visit_lines,
    ),
    Trouble(
        "unconfirmed_visits",
        # Translators: 入户发现待复核
        gettext_lazy("Findings of visits to be confirmed"),
        gettext_lazy("Nothing follows before a second person has confirmed what was found"),
        gettext_lazy("Confirm or dismiss"),
        OFFICERS,
        _unconfirmed,
        _visit_lines,
    ),
)
