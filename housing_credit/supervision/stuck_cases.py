"""What is stuck at the desks and at the check centre."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy, pgettext_lazy

from applications.models import Application, NoticeObjection
from applications.views.rows import rows as case_rows
from bureau import workdays
from bureau.models import Staff
from bureau.roles import CASE_ROLES, Role
from housing_credit.supervision.trouble import Line, Trouble
from verification.models import Check, Dispute, Hold, Inquiry, ManualRequest, Objection, Round

CENTRE = frozenset({Role.CHECK_OFFICER, Role.AUDITOR})
HOUSEHOLDS = frozenset(CASE_ROLES)
DECIDERS = frozenset({Role.HOUSING_OFFICER, Role.AUDITOR})
TOO_LONG = timedelta(days=7)  # a check whose answers never come
Rows = QuerySet[Any]


def _overdue(staff: Staff) -> Rows:
    cases: Rows = Application.objects.visible_to(staff).under_way().filter(due_on__lt=workdays.today())
    return cases.select_related("office").order_by("due_on", "pk")


def _late_papers(staff: Staff) -> Rows:
    cases: Rows = Application.objects.visible_to(staff).owing_papers(workdays.today())
    return cases.select_related("office").order_by("due_on", "pk")


def _case_lines(cases: Sequence[Any], staff: Staff) -> list[Line]:
    return [
        Line(row.case.reference, row.url, row.case.get_status_display(), row.case.due_on, row.holder)
        for row in case_rows(cases, staff)
    ]


def _paper_lines(cases: Sequence[Any], staff: Staff) -> list[Line]:
    return [
        Line(row.case.reference, row.url, row.case.get_status_display(), row.papers_due, row.case.office.name)
        for row in case_rows(cases, staff)
    ]


def _notice_objections(staff: Staff) -> Rows:
    cases = Application.objects.visible_to(staff)
    rows: Rows = NoticeObjection.objects.filter(settled_at=None, notice__application__in=cases)
    return rows.select_related("notice__application").order_by("pk")


def _notice_objection_lines(rows: Sequence[Any], _staff: Staff) -> list[Line]:
    cases = [row.notice.application for row in rows]
    who = Role.HOUSING_OFFICER.label
    return [Line(each.reference, each.get_absolute_url(), each.get_status_display(), None, who) for each in cases]


def _failed_checks(staff: Staff) -> Rows:
    rows: Rows = Check.objects.visible_to(staff).filter(status="settled", assess_failed_at__gte=F("status_since"))
    return rows.order_by("assess_failed_at", "pk")


def _failed_check_lines(rows: Sequence[Any], _staff: Staff) -> list[Line]:
    return [_of_check(row, row.assess_failure, row.assess_failed_at) for row in rows]


def _of_check(check: Check, text: str, since: Any, *, post: str = "") -> Line:
    url = reverse("verification:check", args=[check.number])
    return Line(check.number, url, text, since, Role.CHECK_OFFICER.label, post=post)


def _silent_checks(staff: Staff) -> Rows:
    failed = Inquiry.objects.filter(check_ordered=OuterRef("pk"), state="failed")
    late = Q(status="asking", ordered_at__lt=timezone.now() - TOO_LONG)
    open_ = Check.objects.visible_to(staff).filter(status__in=["asking", "settled", "assessed"])
    return open_.filter(late | Q(Exists(failed))).order_by("ordered_at", "pk")


def _silent_check_lines(rows: Sequence[Any], staff: Staff) -> list[Line]:
    asks = staff.holds(Role.CHECK_OFFICER)
    return [
        _of_check(
            row,
            row.get_status_display(),
            row.ordered_at,
            post=reverse("verification:ask_again", args=[row.number]) if asks and row.status != "asking" else "",
        )
        for row in rows
    ]


def _holds(_staff: Staff) -> Rows:
    rows: Rows = Hold.objects.live().select_related("source", "round").order_by("held_at", "pk")
    return rows


def _hold_lines(rows: Sequence[Any], staff: Staff) -> list[Line]:
    releases = staff.holds(Role.CHECK_OFFICER)
    return [
        Line(
            row.source.name,
            reverse("verification:release", args=[row.pk])
            if releases
            else reverse("verification:board_source", args=[row.source.code]),
            f"{row.get_ground_display()}{f' · {row.round.number}' if row.round else ''}",
            row.held_at,
            Role.CHECK_OFFICER.label,
        )
        for row in rows
    ]


def _late_lists(_staff: Staff) -> Rows:
    rows: Rows = ManualRequest.objects.open().filter(due_on__lt=workdays.today()).select_related("source")
    return rows.defer("questions", "upload").order_by("due_on", "pk")


def _list_lines(rows: Sequence[Any], _staff: Staff) -> list[Line]:
    return [
        Line(
            row.number,
            reverse("verification:board_list", args=[row.source.code, row.number]),
            row.source.name,
            row.due_on,
            Role.CHECK_OFFICER.label,
        )
        for row in rows
    ]


def _late_objections(staff: Staff) -> Rows:
    rows: Rows = Objection.objects.open().visible_to(staff).filter(due_on__lt=workdays.today())
    return rows.order_by("due_on", "pk")


def _objection_lines(rows: Sequence[Any], _staff: Staff) -> list[Line]:
    return [_of_objection(row, row.get_status_display(), row.due_on) for row in rows]


def _of_objection(objection: Objection, text: str, since: Any) -> Line:
    url = reverse("verification:objection", args=[objection.number])
    return Line(objection.number, url, text, since, Role.CHECK_OFFICER.label)


def _late_replies(staff: Staff) -> Rows:
    open_ = Objection.objects.open().visible_to(staff)
    rows: Rows = Dispute.objects.filter(
        objection__in=open_, act=Dispute.Act.CORRECTION, reply="", outcome="", reply_due_on__lt=workdays.today()
    )
    return rows.select_related("objection", "source").order_by("reply_due_on", "pk")


def _reply_lines(rows: Sequence[Any], _staff: Staff) -> list[Line]:
    return [_of_objection(row.objection, row.source.name, row.reply_due_on) for row in rows]


def _paused_rounds(staff: Staff) -> Rows:
    rows: Rows = Round.objects.visible_to(staff).filter(status="paused").order_by("status_since", "pk")
    return rows


def _round_lines(rows: Sequence[Any], _staff: Staff) -> list[Line]:
    who = Role.CHECK_OFFICER.label
    return [
        Line(row.number, reverse("verification:round", args=[row.number]), row.name, row.status_since, who)
        for row in rows
    ]


TROUBLES: Sequence[Trouble] = (
    Trouble(
        "overdue",
        # Translators: 超过时限的申请
        gettext_lazy("Applications past their time limit"),
        gettext_lazy("The desk where the case lies has let its day pass"),
        gettext_lazy("Open the case"),
        HOUSEHOLDS,
        _overdue,
        _case_lines,
    ),
    Trouble(
        "late_papers",
        # Translators: 逾期未补交的容缺材料
        gettext_lazy("Promised papers that have not come"),
        gettext_lazy("Accepted in the fast lane on a promise, and the day of the promise has passed"),
        gettext_lazy("Open the case"),
        HOUSEHOLDS,
        _late_papers,
        _paper_lines,
    ),
    Trouble(
        "notice_objections",
        # Translators: 公示异议待答复
        gettext_lazy("Objections to public notices"),
        gettext_lazy("While one is open its notice does not end"),
        pgettext_lazy("stuck", "Answer it"),
        DECIDERS,
        _notice_objections,
        _notice_objection_lines,
    ),
    Trouble(
        "failed_checks",
        # Translators: 无法比对的核对
        gettext_lazy("Checks that could not be assessed"),
        gettext_lazy("The answers are complete and the comparison failed; it is tried again by itself"),
        gettext_lazy("Open the check"),
        HOUSEHOLDS,
        _failed_checks,
        _failed_check_lines,
    ),
    Trouble(
        "silent_checks",
        # Translators: 来源未反馈的核对
        gettext_lazy("Checks with sources that did not answer"),
        gettext_lazy("A source gave no answer in the end, or the check has waited for a week"),
        gettext_lazy("Ask again"),
        HOUSEHOLDS,
        _silent_checks,
        _silent_check_lines,
    ),
    Trouble(
        "holds",
        # Translators: 暂停查询的来源
        gettext_lazy("Sources that are held"),
        gettext_lazy("A hold has no end of its own: nobody is asked until an officer releases the source"),
        pgettext_lazy("source", "Release"),
        CENTRE,
        _holds,
        _hold_lines,
    ),
    Trouble(
        "late_lists",
        # Translators: 逾期未返回的请求清单
        gettext_lazy("Request lists whose reply is late"),
        gettext_lazy("Sent to a source by hand, and its day has passed"),
        gettext_lazy("Bring in the reply or take the list back"),
        CENTRE,
        _late_lists,
        _list_lines,
    ),
    Trouble(
        "late_objections",
        # Translators: 逾期未答复的核对结果异议
        gettext_lazy("Objections to results past their day"),
        gettext_lazy("A household waits for the answer to its objection"),
        pgettext_lazy("stuck", "Answer it"),
        CENTRE,
        _late_objections,
        _objection_lines,
    ),
    Trouble(
        "late_replies",
        # Translators: 逾期未回的核实更正函
        gettext_lazy("Correction requests without a reply"),
        gettext_lazy("A department was asked to look into its record, and its day has passed"),
        gettext_lazy("Write down the reply"),
        CENTRE,
        _late_replies,
        _reply_lines,
    ),
    Trouble(
        "paused_rounds",
        # Translators: 已暂停的核对批次
        gettext_lazy("Rounds that are paused"),
        gettext_lazy("Nobody of the round is asked until an officer lets it go on"),
        gettext_lazy("Open the round"),
        CENTRE,
        _paused_rounds,
        _round_lines,
    ),
)
