"""What the figures count, each with the list that shows it."""

from datetime import date
from typing import Any

from django.db.models import OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Least

from applications.models import Application, Stay
from applications.querysets import ENDED, NOT_HANDED_IN
from bureau import workdays
from credit import models as credit
from credit.clocks import Event
from credit.models import Case, Happening, Sanction
from housing_credit.dashboard import columns as c
from housing_credit.dashboard.base import Base, Rows
from housing_credit.seeds.ground import OUR_CITY
from verification.models import Dispute, Finding, Objection, Source

TAKEN_BACK = (Case.Status.WITHDRAWN, Case.Status.REVOKED)
REHEARSAL = "rehearsal"  # the purpose of checks about invented people


def _named(code: str) -> tuple[tuple[str, Any], ...]:
    """The name of the source of this code, in both languages."""
    named = Source.objects.filter(code=OuterRef(code)).order_by()
    return tuple((f"source_{tongue}", Subquery(named.values(f"name_{tongue}")[:1])) for tongue in ("zh", "en"))


def _checked() -> Rows:
    rows: Rows = Application.objects.filter(current_check__conclusion__isnull=False)
    return rows


def _under_way() -> Rows:
    rows: Rows = Application.objects.exclude(status__in=(*ENDED, *NOT_HANDED_IN))
    return rows


def _done() -> Rows:
    rows: Rows = Application.objects.filter(status__in=ENDED).exclude(status__in=NOT_HANDED_IN)
    return rows


def _stays() -> Rows:
    rows: Rows = Stay.objects.all()
    return rows


def _findings() -> Rows:
    settled = (Finding.State.CONFIRMED, Finding.State.DISMISSED)
    rows: Rows = Finding.objects.filter(state__in=settled).exclude(check_ordered__purpose=REHEARSAL)
    return rows


def _objections() -> Rows:
    rows: Rows = Objection.objects.filter(status=Objection.Status.ANSWERED)
    return rows


def _disputes() -> Rows:
    rows: Rows = Dispute.objects.filter(settled_at__isnull=False).exclude(outcome=Dispute.Outcome.WITHDRAWN)
    return rows


def _record_disputes() -> Rows:
    rows: Rows = credit.Dispute.objects.exclude(status=credit.Dispute.Status.OPEN)
    return rows


def _recorded() -> Rows:
    rows: Rows = Happening.objects.filter(event=Event.RECORDED).exclude(case__status__in=TAKEN_BACK)
    return rows


def _bans() -> Rows:
    # A ban that was entered by hand belongs to the city.
    rows: Rows = Sanction.objects.bans().annotate(office_code=Coalesce("case__office_code", Value(OUR_CITY)))
    return rows


def _holding(day: date) -> Q:
    over = Q(lifted_on__lte=day) | Q(holds_until__lte=day)
    return Q(holds_from__lte=day) & ~over


def _ended_bans() -> Rows:
    rows: Rows = _bans().annotate(ended=Least("lifted_on", "holds_until")).filter(ended__lte=workdays.today())
    return rows


CHECKED = Base(
    code="checked",
    rows=_checked,
    day="current_check__conclusion__at",
    has_moments=True,
    office="office_code",
    kind="kind",
    columns=(c.REFERENCE, c.APPLICANT, c.KIND, c.WINDOW, c.PERSONS, c.RESULT, c.CONCLUDED, c.STATUS),
    order=("-current_check__conclusion__at", "-pk"),
    url=c.case_url,
    seen_by=c.HOUSEHOLDS,
    related=("office", "current_check__conclusion"),
)
RECORDED = Base(
    code="recorded",
    rows=_recorded,
    day="on",
    office="case__office_code",
    columns=(c.CASE_NUMBER, c.ACTORS, c.ACT, c.RECORDED, c.CASE_STATUS),
    order=("-on", "-pk"),
    url=c.credit_case_url,
    seen_by=c.REGISTRY,
    subject=lambda row: row.case,
    related=("case__act",),
    prefetched=("case__parties__subject",),
)
BANS = Base(
    code="bans",
    rows=_bans,
    day="holds_from",
    office="office_code",
    columns=(c.CASE_NUMBER, c.SUBJECT, c.BAN_ACT, c.SEVERITY, c.HOLDS_FROM, c.HOLDS_UNTIL),
    order=("-holds_from", "-pk"),
    holding=_holding,
    url=c.credit_case_url,
    seen_by=c.REGISTRY,
    subject=lambda row: row.subject,
    related=("case__act", "subject"),
)
ENDED_BANS = Base(
    code="ended_bans",
    rows=_ended_bans,
    day="ended",
    office="office_code",
    columns=BANS.columns,
    order=("-ended", "-pk"),
    url=c.credit_case_url,
    seen_by=c.REGISTRY,
    subject=BANS.subject,
    related=BANS.related,
)
UNDER_WAY = Base(
    code="under_way",
    stage="status",
    rows=_under_way,
    day="status_since",
    has_moments=True,
    is_now=True,
    office="office_code",
    kind="kind",
    columns=(c.REFERENCE, c.APPLICANT, c.KIND, c.WINDOW, c.STATUS, c.DUE_ON),
    order=("due_on", "pk"),
    url=c.case_url,
    seen_by=c.HOUSEHOLDS,
    related=("office",),
)
DONE = Base(
    code="done",
    rows=_done,
    day="status_since",
    has_moments=True,
    office="office_code",
    kind="kind",
    columns=(c.REFERENCE, c.APPLICANT, c.KIND, c.WINDOW, c.STATUS, c.ENDED_ON),
    order=("-status_since", "-pk"),
    url=c.case_url,
    seen_by=c.HOUSEHOLDS,
    related=("office",),
)
STAYS = Base(
    code="stays",
    rows=_stays,
    day="left_on",
    office="office_code",
    kind="kind",
    columns=(c.STAY_CASE, c.STAY_APPLICANT, c.STAGE, c.CAME_ON, c.WENT_ON, c.WORKDAYS),
    order=("-left_on", "-pk"),
    url=lambda row: c.case_url(row.application),
    seen_by=c.HOUSEHOLDS,
    subject=lambda row: row.application,
    related=("application",),
)
FINDINGS = Base(
    code="findings",
    rows=_findings,
    day="settled_at",
    has_moments=True,
    office="check_ordered__office_code",
    kind="check_ordered__purpose",
    source="source_code",
    told=_named("source_code"),
    columns=(c.CHECK, c.FINDING, c.SOURCE_TOLD, c.FINDING_STATE, c.SETTLED_BY, c.SETTLED_AT),
    order=("-settled_at", "-pk"),
    url=c.check_url,
    seen_by=c.HOUSEHOLDS,
    subject=lambda row: row.check_ordered,
    related=("check_ordered", "settled_by"),
)
OBJECTIONS = Base(
    code="objections",
    rows=_objections,
    day="answered_at",
    has_moments=True,
    office="office_code",
    kind="check_ordered__purpose",
    columns=(c.NUMBER, c.OF_CASE, c.OUTCOME, c.ANSWERED_BY, c.ANSWERED_AT),
    order=("-answered_at", "-pk"),
    url=c.objection_url,
    seen_by=c.CENTRE,
    related=("answered_by",),
)
DISPUTES = Base(
    code="disputes",
    rows=_disputes,
    day="settled_at",
    has_moments=True,
    office="objection__office_code",
    kind="objection__check_ordered__purpose",
    source="source__code",
    columns=(c.OBJECTION, c.LINE, c.SOURCE, c.OUTCOME, c.SETTLED_AT),
    order=("-settled_at", "-pk"),
    url=lambda row: c.objection_url(row.objection),
    seen_by=c.CENTRE,
    subject=lambda row: row.objection,
    related=("objection", "source"),
)
RECORD_DISPUTES = Base(
    code="record_disputes",
    rows=_record_disputes,
    day="answered_on",
    office="office_code",
    columns=(c.NUMBER, c.CASE_NUMBER, c.CASE_SUBJECT, c.STATUS, c.ANSWERED_ON),
    order=("-answered_on", "-pk"),
    url=c.credit_case_url,
    seen_by=c.REGISTRY,
    subject=lambda row: row.case,
    related=("case", "subject"),
)
