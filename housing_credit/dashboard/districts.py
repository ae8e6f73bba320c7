"""The districts side by side: what is under way, what is late, what was done."""

from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bureau import workdays
from housing_credit.dashboard import bases
from housing_credit.dashboard.figure import Figure

SOON = 2  # working days, as in the lists of cases


def _overdue() -> Q:
    return Q(due_on__lt=workdays.today())


def _today() -> Q:
    return Q(due_on=workdays.today())


def _soon() -> Q:
    today = workdays.today()
    return Q(due_on__gt=today, due_on__lte=workdays.add_workdays(today, SOON))


FIGURES: Sequence[Figure] = (
    # Translators: 在办
    Figure("under_way", _("Under way"), _("Applications handed in that have not ended, now"), bases.UNDER_WAY),
    Figure(
        "overdue",
        # Translators: 已逾期
        _("Overdue"),
        _("Of these, past the time limit of the desk where they lie"),
        bases.UNDER_WAY,
        _overdue,
        "under_way",
        "stripes",
    ),
    Figure("due_today", _("Due today"), _("Of these, the last day is today"), bases.UNDER_WAY, _today, "under_way"),
    Figure(
        "due_soon",
        # Translators: 即将到期
        _("Due soon"),
        _("Of these, due within 2 working days"),
        bases.UNDER_WAY,
        _soon,
        "under_way",
    ),
    Figure(
        "clock_stopped",
        # Translators: 未计时限
        _("Without a time limit"),
        _("Of these, on public notice, or the clock stands still for an objection"),
        bases.UNDER_WAY,
        Q(due_on=None),
        "under_way",
    ),
    # Translators: 办结
    Figure("done", _("Done"), _("Applications approved, refused, rejected or withdrawn in the period"), bases.DONE),
)
