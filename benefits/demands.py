"""When money counts as recovered (追缴): one rule, asked wherever money is posted."""

from collections.abc import Mapping, Sequence
from datetime import date

from benefits.arrears import Arrears
from benefits.models import Exit, Reminder
from credit.models import Case, Service

DEMANDING = (Case.Status.NOTIFIED, Case.Status.RECORDED)


def is_recovery(arrears: Arrears, demanded_since: date | None, *, on: date) -> bool:
    """Whether a payment of this day is recovered rather than paid.

    It is when something was overdue, and its payment had been demanded by more than a reminder: the household was
    ordered to leave (to which the court belongs), or the notice of a credit case over the arrears has been served. A
    reminder is a courtesy and part of ordinary rent; the notice's figure counts what was got back by enforcement
    (泰州市市区住房保障诚信管理办法: 追缴租金).
    """
    return arrears.amount > 0 and demanded_since is not None and demanded_since <= on


def demanded_since(accounts: Sequence[int]) -> Mapping[int, date]:
    """By account since when what is overdue has been demanded; in three queries for all of them."""
    since: dict[int, date] = {}
    orders = Exit.objects.filter(tenancy__account__in=accounts, leave_by__isnull=False, rescinded_at=None)
    for account, day in orders.order_by().values_list("tenancy__account", "ordered_on"):
        since[account] = min(day, since.get(account, day))
    referred = Reminder.objects.filter(tenancy__account__in=accounts).exclude(lead="")
    account_of = dict(referred.order_by().values_list("lead", "tenancy__account"))
    notices = Service.objects.filter(
        case__lead__number__in=account_of,
        case__status__in=DEMANDING,
        letter=Service.Letter.NOTICE,
        served_on__isnull=False,
    )
    for lead, served_on in notices.order_by().values_list("case__lead__number", "served_on"):
        if served_on is not None:
            since[account_of[lead]] = min(served_on, since.get(account_of[lead], served_on))
    return since
