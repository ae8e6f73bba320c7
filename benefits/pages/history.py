"""A household from first to last, on one page: its application, checks, place, home or subsidy, money, credit cases.

Newest first; only what this person may see.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.db.models import Max, Q, Sum
from django.db.models.functions import Coalesce, TruncMonth
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from applications.events import timeline_rows
from applications.models import Application
from benefits.models import Account, Entry, Grant, Review, Tenancy, Turn, Visit
from benefits.pages import events
from benefits.rent import month_after
from bureau.models import Staff, TimelineEntry
from credit.models import Case
from credit.pages import event_title
from verification.models import Check, Objection
from verification.wording import money_of

Row = dict[str, Any]
NOTHING = Decimal("0.00")
PAGES = {"turn": "turn", "tenancy": "tenancy", "grant": "subsidy", "account": "account"}
PAID = (Entry.Kind.PAYMENT, Entry.Kind.RECOVERY)


def entries(case: Application, staff: Staff) -> list[Row]:
    """What happened to the household of an application, newest first."""
    hidden = [] if staff.works_on(case.office_code) else list(case.members.values_list("name", flat=True))
    found = [*_of_case(case, hidden), *_of_benefits(case, staff, hidden), *_of_credit(case, staff)]
    return sorted(found, key=lambda row: _moment(row["at"]), reverse=True)


def _of_case(case: Application, hidden: list[str]) -> Iterator[Row]:
    """The application, its checks and its objections."""
    checks = Check.objects.filter(subject=case.reference).only("pk")
    subjects = [case, *checks, *Objection.objects.filter(subject=case.reference).only("pk")]
    address = reverse("applications:case", args=[case.reference])
    for row in timeline_rows(TimelineEntry.objects.of(*subjects), masked=hidden):
        yield row | {"kind": _("Application"), "url": address}


def _of_benefits(case: Application, staff: Staff, hidden: list[str]) -> Iterator[Row]:
    """Place on the waiting list, tenancies with their rent by month, subsidy, yearly reviews, visits."""
    turns = Turn.objects.visible_to(staff).filter(application=case).only("pk", "number")
    grants = Grant.objects.visible_to(staff).filter(application=case).only("pk", "number")
    tenancies = Tenancy.objects.visible_to(staff).filter(application=case)
    reviews = Review.objects.visible_to(staff).filter(application=case).only("pk")
    visits = Visit.objects.visible_to(staff).filter(tenancy__application=case).only("pk")
    accounts = Account.objects.visible_to(staff).filter(tenancy__application=case)
    rows = (*turns, *grants, *tenancies, *accounts, *reviews, *visits)
    subjects = {(row._meta.label_lower, row.pk): row for row in rows}
    for entry in TimelineEntry.objects.of(*subjects.values()):
        subject = subjects[entry.subject_kind, entry.subject_id]
        yield events.row(entry, hidden) | {"kind": _kind(subject), "url": _address(subject)}
    yield from _of_accounts(accounts)


def _of_accounts(accounts: Iterable[Account]) -> Iterator[Row]:
    """What was billed and paid, by month; months that follow each other and were paid as billed are told as one."""
    standing = Entry.objects.standing().filter(account__in=[row.pk for row in accounts])
    sums = standing.annotate(of=TruncMonth("on")).values("of").order_by("of")
    months = sums.annotate(
        last=Max("on"),
        billed=Coalesce(Sum("amount", filter=Q(kind=Entry.Kind.BILL)), NOTHING),
        paid=Coalesce(Sum("amount", filter=Q(kind__in=PAID)), NOTHING),
    )
    run: list[Row] = []
    for row in months:
        if run and not (_is_even(row) and _is_even(run[-1]) and row["of"] == month_after(run[-1]["of"])):
            yield _of_months(run)
            run = []
        run.append(row)
    if run:
        yield _of_months(run)


def _is_even(row: Row) -> bool:
    return bool(row["billed"] == row["paid"])


def _of_months(run: list[Row]) -> Row:
    values = {
        "first": f"{run[0]['of']:%Y-%m}",
        "last": f"{run[-1]['of']:%Y-%m}",
        "billed": money_of(sum((row["billed"] for row in run), NOTHING)),
        "paid": money_of(sum((row["paid"] for row in run), NOTHING)),
    }
    if len(run) > 1:
        # Translators: %(first)s 至 %(last)s 租金：账单、收款均为 %(billed)s 元
        title = _("Rent of %(first)s to %(last)s: billed and paid CNY %(billed)s")
    else:
        # Translators: %(last)s 租金：账单 %(billed)s 元，收款 %(paid)s 元
        title = _("Rent of %(last)s: billed CNY %(billed)s, paid CNY %(paid)s")
    return {"at": run[-1]["last"], "title": title % values, "by": "", "kind": _("Rent account"), "tone": ""}


def _of_credit(case: Application, staff: Staff) -> Iterator[Row]:
    """Credit cases about its members, for who may see them."""
    members = case.members.values("id_index")
    cases = Case.objects.visible_to(staff).filter(parties__subject__identifier_index__in=members).distinct()
    found = {row.pk: row for row in cases.only("pk", "number")}
    if not found:
        return
    for entry in TimelineEntry.objects.of(*found.values()):
        number = found[entry.subject_id].number
        yield {
            "at": entry.at,
            "title": event_title(entry.event),
            "by": entry.by.name if entry.by else "",
            # Translators: 失信案件
            "kind": _("Credit case"),
            "text": number,
            "url": reverse("credit:case", args=[number]),
            "tone": "",
        }


def _kind(subject: Any) -> str:
    return str(events.KINDS[subject._meta.label_lower])


def _address(subject: Any) -> str:
    word = PAGES.get(subject._meta.model_name)
    return reverse(f"benefits:{word}", args=[subject.number]) if word else ""


def _moment(at: date | datetime) -> datetime:
    """A day counts from its end, so that what happened on it and has an hour stands below it."""
    return at if isinstance(at, datetime) else timezone.make_aware(datetime.combine(at, time.max))
