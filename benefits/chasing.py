"""What follows from arrears by itself: a reminder at three months, a lead to the registry at six; once each."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from applications.letters_out import LETTER_LANGUAGE
from benefits import ledger, letters_out, plans
from benefits.arrears import AGES, Arrears
from benefits.models import Account, Reminder, Tenancy
from bureau import timeline, workdays
from bureau.errors import UnfitDataError
from credit import catalogue, leads
from credit.leads import Named
from credit.models import Lead

ACT = "F06"  # 拖欠租金, in the catalogue of dishonest acts
LIVED_IN = (Tenancy.Status.RUNNING, Tenancy.Status.ORDERED, Tenancy.Status.COURT, Tenancy.Status.RETURNED)


def remind_due() -> int:
    """The sweep: a letter to every household whose arrears have reached the months for one; returns how many.

    Who has paid everything that was overdue begins anew.
    """
    today = workdays.today()
    late_ones = dict(_overdue(today))
    counted = counting(list(late_ones), on=today)
    _end_paid(counted, today)
    reminded = set(Reminder.objects.filter(paid_on=None).values_list("tenancy", flat=True))
    least, _refer_at = thresholds(today)
    late = [(late_ones[key], arrears) for key, arrears in counted.items() if arrears.months >= least]
    return sum(_remind(tenancy, arrears, today) for tenancy, arrears in late if tenancy not in reminded)


def refer_due() -> int:
    """The sweep: a lead for every household that was reminded and whose arrears have reached the months for one."""
    today = workdays.today()
    rows = Reminder.objects.filter(paid_on=None, referred_on=None).select_related("tenancy__application")
    open_ones = {row.tenancy.account_id: row for row in rows}
    _least, refer_at = thresholds(today)
    counted = counting(list(open_ones), on=today)
    return sum(_refer(open_ones[key], arrears) for key, arrears in counted.items() if arrears.months >= refer_at)


def counting(accounts: Sequence[int], *, on: date) -> Mapping[int, Arrears]:
    """By account the arrears that count: without what a plan of instalments leaves until later."""
    rows = Account.objects.in_bulk(accounts).values()
    return ledger.arrears_of(rows, on=on, paused=plans.paused(accounts, on=on))


def thresholds(on: date) -> tuple[int, int]:
    """After how many months the catalogue of the day has a reminder, and an act (公共租赁住房管理办法, art. 29)."""
    try:
        steps = list(catalogue.act_on(ACT, on).thresholds.all())
    except UnfitDataError:
        steps = []
    remind = min((step.months for step in steps if not step.severity), default=AGES[0])
    return remind, min((step.months for step in steps if step.severity), default=AGES[1])


def _overdue(today: date) -> Iterator[tuple[int, int]]:
    """Account and tenancy of every household with anything overdue."""
    overdue = Account.objects.overdue(today)
    yield from Tenancy.objects.filter(status__in=LIVED_IN, account__in=overdue).values_list("account", "pk")


def _end_paid(counted: Mapping[int, Arrears], today: date) -> None:
    """A time of arrears is over when nothing is overdue any more, also nothing that a plan leaves until later."""
    open_ones = Reminder.objects.filter(paid_on=None).select_related("tenancy__account")
    rows = {row.tenancy.account_id: row for row in open_ones}
    plain = ledger.arrears_of([row.tenancy.account for row in rows.values()], on=today)
    paid = [rows[key].pk for key, arrears in plain.items() if not arrears.amount]
    Reminder.objects.filter(pk__in=paid, paid_on=None).update(paid_on=today)


def _remind(key: int, arrears: Arrears, today: date) -> int:
    tenancy = Tenancy.objects.select_related("application", "home__estate", "account").get(pk=key)
    assert arrears.since is not None  # noqa: S101 -- there are arrears
    try:
        with transaction.atomic():
            row = Reminder.objects.create(
                tenancy=tenancy, since=arrears.since, on=today, months=arrears.months, amount=arrears.amount
            )
            row.letter = letters_out.reminder(tenancy, arrears, by=None)
            row.save(update_fields=["letter"])
            timeline.record(tenancy, "reminded", by=None, months=arrears.months, amount=str(arrears.amount))
    except IntegrityError as error:
        if "tenancy_is_reminded_once_at_a_time" not in str(error):
            raise
        return 0  # another sweep was faster
    return 1


@transaction.atomic
def _refer(found: Reminder, arrears: Arrears) -> int:
    row = Reminder.objects.select_for_update(of=("self",)).get(pk=found.pk)
    if row.referred_on is not None or row.paid_on is not None:
        return 0  # another sweep was faster
    tenancy, today = found.tenancy, workdays.today()
    lead = leads.take(
        Lead.Kind.ARREARS,
        about=[Named(member.name, member.id_number) for member in tenancy.application.members.order_by("key")],
        text=_facts(tenancy, row, arrears),
        act_code=ACT,
        origin=f"arrears:{tenancy.number}:{arrears.since}",
        office_code=tenancy.office_code,
        by=None,
    )
    row.referred_on, row.lead = today, lead.number
    row.save(update_fields=["referred_on", "lead"])
    timeline.record(tenancy, "arrears_referred", by=None, note=lead.number)
    return 1


def _facts(tenancy: Tenancy, reminder: Reminder, arrears: Arrears) -> str:
    """What the registry reads; it is kept, so in the language of letters."""
    assert arrears.since is not None  # noqa: S101 -- there are arrears
    with translation.override(LETTER_LANGUAGE):
        return _(
            "Tenancy %(tenancy)s has been in arrears since %(since)s: %(months)s months, %(amount)s yuan in all. A "
            "reminder went out on %(on)s; it was not paid."
        ) % {
            "tenancy": tenancy.number,
            "since": date_format(arrears.since),
            "months": arrears.months,
            "amount": arrears.amount,
            "on": date_format(reminder.on),
        }
