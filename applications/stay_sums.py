"""Sums of the times at desks by month: worked out once a month is past, and counted from in the place of its stays."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

from django.db import connection, transaction
from django.db.models import Count, Min

from applications.models import Stay, StaySum, SummedMonth
from applications.models.stay import SUMS_LOCK
from bureau import workdays
from bureau.ciphers import sm3
from bureau.querysets import district_of

SETTLED_DAYS = 1  # after the end of a month, until the clocks of all machines have passed it


@cache
def calendar() -> str:
    """The digest of the working days as they are known today."""
    return sm3(repr(workdays.counted()).encode()).hex()


def summed_months() -> list[date]:
    """The months, by first day, of which the sums hold."""
    return list(SummedMonth.objects.filter(calendar=calendar()).order_by("month").values_list("month", flat=True))


def sum_due() -> int:
    """Sum every month that is past and of which no sums hold; returns how many."""
    first = Stay.objects.aggregate(first=Min("left_on"))["first"]
    if first is None:
        return 0
    done = set(summed_months())
    due = [month for month in _months(first, workdays.today() - timedelta(days=SETTLED_DAYS)) if month not in done]
    for month in due:
        _sum(month)
    return len(due)


def next_month(month: date) -> date:
    """The first day of the month after."""
    return (month.replace(day=1) + timedelta(days=31)).replace(day=1)


def _months(first: date, until: date) -> Iterator[date]:
    """Those that have ended by the day, from the one of the first day on."""
    month = first.replace(day=1)
    while next_month(month) <= until:
        yield month
        month = next_month(month)


@transaction.atomic
def _sum(month: date) -> None:
    with connection.cursor() as cursor:  # a stay on its way to a past month is waited for; the next one undoes the sums
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SUMS_LOCK])
    row, _made = SummedMonth.objects.select_for_update().get_or_create(month=month, defaults={"calendar": ""})
    row.sums.all().delete()
    stays = Stay.objects.filter(left_on__gte=month, left_on__lt=next_month(month)).in_workdays().order_by()
    counted = stays.values("stage", "kind", "workdays", district=district_of("office_code")).annotate(stays=Count("*"))
    StaySum.objects.bulk_create(StaySum(of=row, **each) for each in counted)
    row.calendar = calendar()
    row.save(update_fields=["calendar"])
