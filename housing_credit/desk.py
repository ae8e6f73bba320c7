"""What the home page tells: how much waits, what is late, what has come back, what others are still working on."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from applications.models import Application, NoticeObjection
from applications.views.queue import due, lists_for, most_urgent
from applications.views.rows import rows
from bureau import workdays
from bureau.models import Staff
from bureau.roles import CASE_ROLES, Role
from credit.models import Case, Lead, Seat
from housing_credit import desk_benefits
from verification.models import Finding, Objection

S = Application.Status
MOST_SHOWN = 10
# Of credit cases: an officer has still something to do before a record.
UNDER_WAY = (Case.Status.OPENED, Case.Status.PROPOSED, Case.Status.AT_PANEL, Case.Status.FOUND, Case.Status.NOTIFIED)
Figure = dict[str, Any]


def context(staff: Staff) -> dict[str, Any]:
    """The figures, each with the list that makes it, and the most urgent cases."""
    registry = list(_registry(staff))
    if not staff.holds(*CASE_ROLES):
        return {"has_work": False, "registry": registry}
    lists = lists_for(staff)
    urgent = most_urgent(lists["todo"]).select_related("office")[:MOST_SHOWN]
    return {
        "has_work": True,
        "figures": [*_mine(lists), *_by_role(lists, staff), *desk_benefits.figures(staff), *registry],
        "rows": rows(urgent, staff),
        "may_open": staff.holds(Role.CLERK),
        "calendar_ends": workdays.calendar_known_until() if workdays.is_calendar_late(workdays.today()) else None,
    }


def _mine(lists: dict[str, Any]) -> list[Figure]:
    counts = lists["todo"].aggregate(
        every=Count("pk"), overdue=Count("pk", filter=due("overdue")), soon=Count("pk", filter=due("soon"))
    )
    return [
        # Translators: 待我办理
        _figure(_("Waiting for me"), counts["every"], "tab=todo", _("On my desk, whatever its time limit")),
        # Translators: 已逾期
        _figure(
            _("Overdue"), counts["overdue"], "tab=todo&due=overdue", _("On my desk, past the time limit"), "danger"
        ),
        # Translators: 即将到期
        _figure(
            _("Due soon"), counts["soon"], "tab=todo&due=soon", _("On my desk, due within 2 working days"), "warning"
        ),
    ]


def _by_role(lists: dict[str, Any], staff: Staff) -> list[Figure]:
    figures = []
    returned = lists["open"].filter(status=S.RETURNED).count()
    # Translators: 退回补正
    label = _("Returned to me") if staff.holds(Role.CLERK) else _("Out for correction")
    figures.append(_figure(label, returned, "tab=open&status=returned", _("With the window, to be corrected")))
    figures += _promised(lists["open"])
    waiting = lists["open"].filter(status=S.CHECKING).count()
    # Translators: 核对中
    figures.append(_figure(_("Being checked"), waiting, "tab=open&status=checking", _("Ordered and not concluded")))
    if staff.holds(Role.CHECK_OFFICER):
        found = Finding.objects.open().filter(check_ordered__in=lists["open"].values("current_check")).count()
        # Translators: 待认定疑点
        figures.append(_figure(_("Findings to settle"), found, "tab=open&status=checking", _("In checks under way")))
        disputed = Objection.objects.open().visible_to(staff).count()
        # Translators: 待答复的核对结果异议
        label = _("Objections to results")
        figure = _figure(label, disputed, "", _("Brought by households, not answered yet"))
        figures.append(figure | {"url": reverse("verification:objections")})
    if staff.holds(Role.HOUSING_OFFICER):
        open_ = NoticeObjection.objects.filter(notice__application__in=lists["open"], settled_at=None).count()
        # Translators: 待答复异议
        figures.append(
            _figure(_("Objections to answer"), open_, "tab=open&status=on_notice", _("Against running notices"))
        )
    return figures


def _promised(cases: Any) -> list[Figure]:
    """Papers that follow in the fast lane; left out while none is owed."""
    owed, late = cases.owing_papers().count(), cases.owing_papers(workdays.today()).count()
    if not owed:
        return []
    # Translators: 待补交材料
    word = _("Promised papers to come")
    query = "tab=open&papers=late" if late else "tab=open&papers=open"
    # Translators: 容缺受理后尚未补交材料的申请，其中逾期 %(late)s 件
    definition = _("Applications accepted with papers to follow; %(late)s of them late") % {"late": late}
    return [_figure(word, owed, query, definition, "danger" if late else "")]


def _registry(staff: Staff) -> Iterator[Figure]:
    """What waits in the credit registry."""
    if staff.holds(Role.CREDIT_OFFICER):
        leads = Lead.objects.visible_to(staff).filter(status=Lead.Status.RECEIVED).count()
        # Translators: 待处理线索
        label, definition = _("Leads to look into"), _("Received, neither opened nor dismissed")
        yield _figure(label, leads, "", definition) | {"url": f"{reverse('credit:leads')}?tab=received"}
        under_way = Case.objects.visible_to(staff).filter(status__in=UNDER_WAY).count()
        # Translators: 在办失信案件
        label, definition = _("Credit cases under way"), _("Opened, not ended and not recorded yet")
        yield _figure(label, under_way, "", definition) | {"url": reverse("credit:cases")}
    if staff.holds(Role.PANEL_MEMBER):
        waiting = Seat.objects.filter(by=staff, voted_at=None, case__status=Case.Status.AT_PANEL).count()
        # Translators: 待表决案件
        label, definition = _("Votes to give"), _("Cases before a panel on which you sit")
        yield _figure(label, waiting, "", definition) | {"url": f"{reverse('credit:cases')}?tab=at_panel"}


def _figure(label: str, value: int, query: str, definition: str, tone: str = "") -> Figure:
    """A figure stays plain while it is zero: nothing is late then."""
    return {
        "label": label,
        "value": value,
        "url": f"{reverse('applications:queue')}?{query}",
        "definition": definition,
        "tone": tone if value else "",
    }
