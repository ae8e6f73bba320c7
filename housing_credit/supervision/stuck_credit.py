"""What is stuck in the credit registry, and with the departments that it tells."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from bureau import workdays
from bureau.models import Staff
from bureau.roles import Role
from credit import deadlines
from credit.models import (
    Acknowledgement,
    Announcement,
    Case,
    Delivery,
    Dispute,
    HeldBack,
    Lead,
    Repair,
    Seat,
    Service,
)
from credit.querysets import REGISTRY_ROLES, announcement_state
from housing_credit.supervision.trouble import Line, Trouble

REGISTRY = frozenset(REGISTRY_ROLES)
CHECKERS = REGISTRY | {Role.CHECK_OFFICER}
UNPROVED = timedelta(days=7)  # after a letter went out
UNVOTED = timedelta(days=7)
UNREAD = timedelta(days=30)  # a lead that nobody has looked into
Rows = QuerySet[Any]
S = Case.Status


def _of_case(case: Case, text: str, since: Any, who: Any = Role.CREDIT_OFFICER.label) -> Line:
    return Line(case.number, reverse("credit:case", args=[case.number]), text, since, who)


def _status_lines(rows: Sequence[Any], _staff: Staff) -> list[Line]:
    return [_of_case(row, row.get_status_display(), row.status_since) for row in rows]


def _unproved(staff: Staff) -> Rows:
    served = Service.objects.filter(case=OuterRef("pk"), served_on__isnull=False)
    proposal = Exists(served.filter(letter=Service.Letter.PROPOSAL, turn=OuterRef("proposals")))
    notice = Exists(served.filter(letter=Service.Letter.NOTICE))
    waiting = Q(~proposal, status=S.PROPOSED) | Q(~notice, status=S.FOUND)
    cases: Rows = Case.objects.visible_to(staff).filter(waiting, status_since__lt=timezone.now() - UNPROVED)
    return cases.order_by("status_since", "pk")


def _uncorrected(staff: Staff) -> list[Case]:
    """Cases whose time to correct is over: to be recorded, or closed as corrected."""
    cases = Case.objects.visible_to(staff).filter(status=S.NOTIFIED)
    rows = cases.select_related("policy").prefetch_related("services").order_by("status_since", "pk")
    today = workdays.today()
    return [row for row in rows if (last := deadlines.cure_until(row)) and last < today]


def _uncorrected_lines(rows: Sequence[Any], _staff: Staff) -> list[Line]:
    return [_of_case(row, row.get_status_display(), deadlines.cure_until(row)) for row in rows]


def _unvoted(staff: Staff) -> Rows:
    cases = Case.objects.visible_to(staff).filter(status=S.AT_PANEL, status_since__lt=timezone.now() - UNVOTED)
    seats: Rows = Seat.objects.filter(case__in=cases, voted_at=None).select_related("case", "by")
    return seats.order_by("case__status_since", "pk")


def _unvoted_lines(rows: Sequence[Any], _staff: Staff) -> list[Line]:
    label = Role.PANEL_MEMBER.label
    return [_of_case(row.case, row.by.name, row.case.status_since, label) for row in rows]


def _announcements(staff: Staff) -> Rows:
    today = workdays.today()
    waiting = announcement_state("to_check", today) | announcement_state("checked", today)
    rows: Rows = Announcement.objects.visible_to(staff).filter(waiting)
    return rows.order_by("written_at", "pk")


def _announcement_lines(rows: Sequence[Any], _staff: Staff) -> list[Line]:
    today = workdays.today()
    return [
        Line(
            row.number,
            reverse("credit:announcement", args=[row.number]),
            str(row.state(today).label),
            row.written_at,
            gettext_lazy("Another officer than who wrote it") if row.checked_at is None else Role.CREDIT_OFFICER.label,
        )
        for row in rows
    ]


def _late_answers(staff: Staff) -> list[Any]:
    """Objections to records, and applications for repair, whose day has passed."""
    cases, today = Case.objects.visible_to(staff), workdays.today()
    disputes = Dispute.objects.filter(case__in=cases, status=Dispute.Status.OPEN, due_on__lt=today)
    accepting = Q(status=Repair.Status.RECEIVED, accept_by__lt=today)
    deciding = Q(status=Repair.Status.ACCEPTED, result_by__lt=today)
    repairs = Repair.objects.filter(accepting | deciding, case__in=cases)
    return [*disputes.select_related("case").order_by("due_on"), *repairs.select_related("case").order_by("applied_on")]


def _answer_lines(rows: Sequence[Any], _staff: Staff) -> list[Line]:
    return [_of_case(row.case, f"{row._meta.verbose_name} {row.number}", _due_on(row)) for row in rows]


def _due_on(row: Dispute | Repair) -> date | None:
    """The day on which an answer was due; of a repair that was accepted, its result."""
    if isinstance(row, Dispute):
        return row.due_on
    return row.accept_by if row.status == Repair.Status.RECEIVED else row.result_by


def _leads(staff: Staff) -> Rows:
    before = workdays.today() - UNREAD
    rows: Rows = Lead.objects.visible_to(staff).filter(status=Lead.Status.RECEIVED, received_on__lt=before)
    return rows.order_by("received_on", "pk")


def _lead_lines(rows: Sequence[Any], _staff: Staff) -> list[Line]:
    who = Role.CREDIT_OFFICER.label
    return [
        Line(row.number, reverse("credit:lead", args=[row.number]), row.get_kind_display(), row.received_on, who)
        for row in rows
    ]


def _still_applied(_staff: Staff) -> Rows:
    rows: Rows = Acknowledgement.objects.still_applied().select_related("partner", "event__sanction__case")
    return rows


def _still_applied_lines(rows: Sequence[Any], _staff: Staff) -> list[Line]:
    return [
        Line(row.record, reverse("credit:still_applied"), row.partner.name, row.ended_on, row.partner.name)
        for row in rows
    ]


def _dead(_staff: Staff) -> Rows:
    rows: Rows = Delivery.objects.dead().select_related("partner", "event__sanction__case")
    return rows.order_by("created_at", "pk")


def _dead_lines(rows: Sequence[Any], staff: Staff) -> list[Line]:
    sends = staff.holds(Role.CREDIT_OFFICER)
    return [
        Line(
            row.event.sanction.record_key,
            reverse("credit:deliveries"),
            row.partner.name,
            row.created_at,
            Role.CREDIT_OFFICER.label,
            post=reverse("credit:resend", args=[row.pk]) if sends else "",
        )
        for row in rows
    ]


def _held_back(_staff: Staff) -> Rows:
    rows: Rows = HeldBack.objects.select_related("receiver").order_by("since", "pk")
    return rows


def _held_back_lines(rows: Sequence[Any], _staff: Staff) -> list[Line]:
    return [
        Line(
            row.record_key,
            reverse("credit:feed", args=[row.receiver.code]),
            row.receiver.name,
            row.since,
            Role.CREDIT_OFFICER.label,
        )
        for row in rows
    ]


TROUBLES: Sequence[Trouble] = (
    Trouble(
        "unproved",
        # Translators: 文书无送达证明
        gettext_lazy("Letters without proof of service"),
        gettext_lazy("A letter went out a week ago or more, and nobody has written down that it arrived"),
        # Translators: 登记送达
        gettext_lazy("Write down service"),
        REGISTRY,
        _unproved,
        _status_lines,
    ),
    Trouble(
        "uncorrected",
        # Translators: 改正期限届满
        gettext_lazy("Time to correct is over"),
        gettext_lazy("The last day to correct has passed: the case is to be recorded, or closed as corrected"),
        gettext_lazy("Record or close the case"),
        REGISTRY,
        _uncorrected,
        _uncorrected_lines,
    ),
    Trouble(
        "unvoted",
        # Translators: 认定小组未表决
        gettext_lazy("Votes of the panel that are missing"),
        gettext_lazy("A case lies before its panel for a week or more"),
        gettext_lazy("Open the case"),
        REGISTRY,
        _unvoted,
        _unvoted_lines,
    ),
    Trouble(
        "announcements",
        # Translators: 待核验、待刊登的公告
        gettext_lazy("Announcements to be checked or to appear"),
        gettext_lazy("A letter cannot be served by announcement before a second person has read it and it is out"),
        gettext_lazy("Open the announcement"),
        CHECKERS,
        _announcements,
        _announcement_lines,
    ),
    Trouble(
        "late_answers",
        # Translators: 逾期未答复的信用异议、信用修复
        gettext_lazy("Objections to records and repairs past their day"),
        gettext_lazy("Who is recorded waits for an answer that the rules promise by a day"),
        gettext_lazy("Answer on the page of the case"),
        REGISTRY,
        _late_answers,
        _answer_lines,
    ),
    Trouble(
        "leads",
        # Translators: 长期未处理的线索
        gettext_lazy("Leads that nobody has looked into"),
        gettext_lazy("Received a month ago or more"),
        gettext_lazy("Open the lead"),
        REGISTRY,
        _leads,
        _lead_lines,
    ),
    Trouble(
        "still_applied",
        # Translators: 已解除、部门仍在惩戒
        gettext_lazy("Released here, still punished there"),
        gettext_lazy("A record has ended, and a department that applied it has not said that it lifted its measure"),
        gettext_lazy("See the record"),
        REGISTRY,
        _still_applied,
        _still_applied_lines,
    ),
    Trouble(
        "dead_deliveries",
        gettext_lazy("Events that did not arrive"),
        gettext_lazy("Given up after all tries; the department does not know of the event"),
        # Translators: 重新推送
        gettext_lazy("Send again"),
        REGISTRY,
        _dead,
        _dead_lines,
    ),
    Trouble(
        "held_back",
        # Translators: 暂缓报送的记录
        gettext_lazy("Records held back from a receiver"),
        gettext_lazy("Cannot be sent yet: somebody has to be told before, or a column does not fit"),
        gettext_lazy("Open the feed"),
        REGISTRY,
        _held_back,
        _held_back_lines,
    ),
)
