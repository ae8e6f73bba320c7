"""What the lists behind the figures show of a row: plain values, names masked, for page and export alike."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bureau import masks, workdays
from bureau.roles import CASE_ROLES, Role
from credit.policies import SubjectKind
from credit.querysets import REGISTRY_ROLES
from verification.wording import conclusion_name, finding_name, programme_name

HOUSEHOLDS = frozenset(CASE_ROLES)
REGISTRY = frozenset(REGISTRY_ROLES)
CENTRE = frozenset({Role.CHECK_OFFICER, Role.AUDITOR})
Text = str | Promise


@dataclass(frozen=True)
class Column:
    """A column of a list. `seen_by`: roles that see a person in it; for others it is left out."""

    key: str
    label: Text
    value: Callable[[Any], Any]
    look: str = ""  # "", date, number, money
    seen_by: frozenset[str] = frozenset()


def case_url(row: Any) -> str:
    """The page of an application."""
    return reverse("applications:case", args=[row.reference])


def application_url(row: Any) -> str:
    """The page of the application that a row of benefits rests on."""
    return case_url(row.application)


def credit_case_url(row: Any) -> str:
    """The page of the credit case that a row belongs to; a ban by hand has none."""
    return reverse("credit:case", args=[row.case.number]) if row.case else ""


def check_url(row: Any) -> str:
    """The page of the check that a row belongs to."""
    return reverse("verification:check", args=[row.check_ordered.number])


def objection_url(row: Any) -> str:
    """The page of an objection to a result."""
    return reverse("verification:objection", args=[row.number])


def masked(subject: Any) -> str:
    """The masked name of a subject of the registry."""
    return masks.company(subject.name) if subject.kind == SubjectKind.EMPLOYER else masks.name(subject.name)


def _workdays(row: Any) -> int:
    since, counted = workdays.counted()
    days: int = counted[(row.left_on - since).days] - counted[(row.entered_on - since).days]
    return days


def _source(row: Any) -> str:
    """In the reader's language; what no source told has none."""
    return str((row.source_zh if (get_language() or "zh").startswith("zh") else row.source_en) or "")


def _parties(row: Any) -> str:
    return "、".join(masked(party.subject) for party in row.case.parties.all() if party.acted)


REFERENCE = Column("reference", _("Reference"), lambda row: row.reference)
KIND = Column("kind", _("Kind"), lambda row: programme_name(row.kind))
APPLICANT = Column("applicant", _("Applicant"), lambda row: masks.name(row.applicant_name), seen_by=HOUSEHOLDS)
WINDOW = Column("office", _("Window"), lambda row: row.office.name)
PERSONS = Column("persons", _("Persons"), lambda row: row.household_size, "number")
# Translators: 核对结论
RESULT = Column("result", _("Result"), lambda row: conclusion_name(row.current_check.conclusion.outcome))
CONCLUDED = Column("concluded", _("Concluded on"), lambda row: row.current_check.conclusion.at, "date")
# Translators: 进展
STATUS = Column("status", _("Status"), lambda row: row.get_status_display())

CASE_NUMBER = Column("case", _("Case"), lambda row: row.case.number if row.case else "")
ACT = Column("act", _("Act"), lambda row: row.case.act.name)
ACTORS = Column("actors", _("Who acted"), _parties, seen_by=REGISTRY)
RECORDED = Column("recorded", _("Recorded on"), lambda row: row.on, "date")
CASE_STATUS = Column("status", _("Status"), lambda row: row.case.get_status_display())
SUBJECT = Column("subject", _("Subject"), lambda row: masked(row.subject), seen_by=REGISTRY)
SEVERITY = Column("severity", _("Severity"), lambda row: row.get_severity_display())
BAN_ACT = Column("act", _("Act"), lambda row: row.case.act.name if row.case else row.act)
HOLDS_FROM = Column("from", _("From"), lambda row: row.holds_from, "date")
HOLDS_UNTIL = Column("until", _("Until"), lambda row: row.ends_on(), "date")


TENANCY = Column("tenancy", _("Tenancy"), lambda row: row.tenancy.number)
TENANT = Column("tenant", _("Tenant"), lambda row: masks.name(row.tenancy.tenant_name), seen_by=HOUSEHOLDS)
WHY_LEFT = Column("reason", _("Reason"), lambda row: row.get_reason_display())
ORDERED_ON = Column("ordered", _("Ordered on"), lambda row: row.ordered_on, "date")
LEAVE_BY = Column("leave_by", _("To leave by"), lambda row: row.leave_by, "date")
# Translators: 收回日期
BACK_ON = Column("back", _("Back on"), lambda row: row.ended_on, "date")
ACCOUNT = Column("account", _("Rent account"), lambda row: row.account.number)
AMOUNT = Column("amount", _("Amount (CNY)"), lambda row: row.amount, "money")
POSTED_ON = Column("on", _("Posted on"), lambda row: row.on, "date")
ROW_NUMBER = Column("number", _("Number"), lambda row: row.number)
ROW_TENANT = Column("tenant", _("Tenant"), lambda row: masks.name(row.tenant_name), seen_by=HOUSEHOLDS)
HANDED_OVER = Column("handed_over", _("Handed over on"), lambda row: row.handed_over_on, "date")
GIVEN_BACK = Column("given_back", _("Given back on"), lambda row: row.given_back_on, "date")
OF_APPLICATION = Column("reference", _("Reference"), lambda row: row.application.reference)
REGISTERED = Column("registered", _("Registered on"), lambda row: row.registered_on, "date")
PERSONS_WAITING = Column("persons", _("Persons"), lambda row: row.persons, "number")
ROOMS = Column("rooms", _("Rooms"), lambda row: row.rooms, "number")
PAYEE = Column("payee", _("Payee"), lambda row: masks.name(row.payee), seen_by=HOUSEHOLDS)
GRANTED_ON = Column("granted", _("Granted on"), lambda row: row.granted_on, "date")

DUE_ON = Column("due", _("Due on"), lambda row: row.due_on, "date")
# Translators: 办结日期
ENDED_ON = Column("ended", _("Ended on"), lambda row: row.status_since, "date")

STAY_CASE = Column("reference", _("Reference"), lambda row: row.application.reference)
STAY_APPLICANT = Column(
    "applicant", _("Applicant"), lambda row: masks.name(row.application.applicant_name), seen_by=HOUSEHOLDS
)
# Translators: 环节
STAGE = Column("stage", _("Desk"), lambda row: row.get_stage_display())
CAME_ON = Column("from", _("From"), lambda row: row.entered_on, "date")
WENT_ON = Column("until", _("Until"), lambda row: row.left_on, "date")
# Translators: 工作日
WORKDAYS = Column("workdays", _("Working days"), _workdays, "number")

CHECK = Column("check", _("Number"), lambda row: row.check_ordered.number)
FINDING = Column("finding", _("Finding"), lambda row: finding_name(row.kind))
SOURCE_TOLD = Column("source", _("Source"), _source)
FINDING_STATE = Column("state", _("Status"), lambda row: row.get_state_display())
SETTLED_BY = Column("by", _("Settled by"), lambda row: row.settled_by.name)
SETTLED_AT = Column("settled", _("Settled on"), lambda row: row.settled_at, "date")
NUMBER = Column("number", _("Number"), lambda row: row.number)
OF_CASE = Column("reference", _("Case"), lambda row: row.subject)
OUTCOME = Column("outcome", _("Outcome"), lambda row: row.get_outcome_display())
ANSWERED_BY = Column("by", _("Answered by"), lambda row: row.answered_by.name)
ANSWERED_AT = Column("answered", _("Answered on"), lambda row: row.answered_at, "date")
ANSWERED_ON = Column("answered", _("Answered on"), lambda row: row.answered_on, "date")
OBJECTION = Column("objection", _("Objection"), lambda row: row.objection.number)
LINE = Column("line", _("Line"), lambda row: row.line, "number")
SOURCE = Column("source", _("Source"), lambda row: row.source.name)
CASE_SUBJECT = Column("subject", _("Subject"), lambda row: masked(row.subject), seen_by=REGISTRY)


def seen(columns: Sequence[Column], roles: frozenset[str]) -> list[Column]:
    """The columns that somebody with these roles sees."""
    return [column for column in columns if not column.seen_by or column.seen_by & roles]
