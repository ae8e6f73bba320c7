"""What the figures of benefits count: homes let and recovered, rent recovered, who waits, who is paid a subsidy."""

from datetime import date

from django.db.models import Q

from benefits.models import Entry, Exit, Grant, Tenancy, Turn
from housing_credit.dashboard import columns as c
from housing_credit.dashboard.base import Base, Rows


def _recovered() -> Rows:
    rows: Rows = Exit.objects.filter(tenancy__isnull=False, leave_by__isnull=False, ended_on__isnull=False)
    return rows.filter(rescinded_at=None)


def _recoveries() -> Rows:
    rows: Rows = Entry.objects.standing().filter(kind=Entry.Kind.RECOVERY)
    return rows


def _let() -> Rows:
    rows: Rows = Tenancy.objects.filter(handed_over_on__isnull=False)
    return rows


def _is_let(day: date) -> Q:
    return Q(handed_over_on__lte=day) & (Q(given_back_on=None) | Q(given_back_on__gt=day))


def _waiting() -> Rows:
    rows: Rows = Turn.objects.waiting()
    return rows


def _paid() -> Rows:
    rows: Rows = Grant.objects.filter(status=Grant.Status.RUNNING)
    return rows


RECOVERED = Base(
    code="recovered_homes",
    rows=_recovered,
    day="ended_on",
    office="tenancy__office_code",
    kind="tenancy__application__kind",
    columns=(c.TENANCY, c.TENANT, c.WHY_LEFT, c.ORDERED_ON, c.LEAVE_BY, c.BACK_ON),
    order=("-ended_on", "-pk"),
    url=lambda row: c.application_url(row.tenancy),
    seen_by=c.HOUSEHOLDS,
    subject=lambda row: row.tenancy,
    related=("tenancy__application",),
)
RECOVERIES = Base(
    code="recoveries",
    rows=_recoveries,
    day="on",
    office="account__office_code",
    kind="account__tenancy__application__kind",
    columns=(c.ACCOUNT, c.POSTED_ON, c.AMOUNT),
    order=("-on", "-pk"),
    related=("account",),
)
LET = Base(
    code="let",
    rows=_let,
    day="handed_over_on",
    office="office_code",
    kind="application__kind",
    columns=(c.ROW_NUMBER, c.ROW_TENANT, c.HANDED_OVER, c.GIVEN_BACK, c.STATUS),
    order=("-handed_over_on", "-pk"),
    holding=_is_let,
    url=c.application_url,
    seen_by=c.HOUSEHOLDS,
    related=("application",),
)
WAITING = Base(
    code="waiting",
    rows=_waiting,
    day="registered_on",
    is_now=True,
    office="office_code",
    kind="application__kind",
    columns=(c.ROW_NUMBER, c.OF_APPLICATION, c.REGISTERED, c.PERSONS_WAITING, c.ROOMS, c.STATUS),
    order=("rank", "approved_on", "number"),
    url=c.application_url,
    seen_by=c.HOUSEHOLDS,
    related=("application",),
)
PAID = Base(
    code="paid",
    rows=_paid,
    day="granted_on",
    is_now=True,
    office="office_code",
    kind="application__kind",
    columns=(c.ROW_NUMBER, c.OF_APPLICATION, c.PAYEE, c.GRANTED_ON, c.STATUS),
    order=("-granted_on", "-pk"),
    url=c.application_url,
    seen_by=c.HOUSEHOLDS,
    related=("application",),
)
