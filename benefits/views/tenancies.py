"""Tenancies: the list, and the pages of one, part by part. Every one writes down who looked."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from benefits import ledger, tenancies
from benefits.filters import TenancyFilter
from benefits.models import Account, Tenancy
from benefits.pages import events, frames, history, lists, terms, ways_out
from benefits.views.scope import looked, require_casework, staff_of, tenancy_of
from bureau import workdays
from bureau.models import Document, Staff, TimelineEntry

PAGE_SIZE = 25
S = Tenancy.Status


@require_GET
def tenancy_list(request: HttpRequest) -> HttpResponse:
    """The tenancies in scope, the newest first."""
    require_casework(request)
    staff, filters, today = staff_of(request), TenancyFilter(request.GET), workdays.today()
    filters.is_valid()
    wanted, found = filters.cleaned_data, Tenancy.objects.visible_to(staff)
    if number := wanted.get("q", "").strip():
        found = found.filter(number__iexact=number)
    if due := wanted.get("due"):
        found = found.beyond_last_day(today) if due == "late" else found.lease_ends_by(soon(today))
    tabs = lists.tabs(request, "benefits:tenancies", S.choices, found)
    if (tab := request.GET.get("tab", "")) in S.values:
        found = found.filter(status=tab)
    page = Paginator(found.order_by("-signed_on", "-pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    shown = lists.with_rent(Tenancy.objects.filter(pk__in=[row.pk for row in page.object_list]), today.replace(day=1))
    rows = shown.select_related("home__estate").order_by("-signed_on", "-pk")
    context = {"filters": filters, "tabs": tabs, "page": page, "rows": lists.toned(rows)}
    return render(request, "benefits/tenancies.html", context)


def soon(today: date) -> date:
    """Until when a lease that ends can be renewed now."""
    return tenancies.months_after(today, tenancies.RENEWED_WITHIN)


@require_GET
@never_cache
def tenancy_page(request: HttpRequest, number: str) -> HttpResponse:
    """Where the tenancy stands: the home, the lease, the rent, what is owed, how it ends."""
    tenancy, staff = tenancy_of(request, number), staff_of(request)
    looked(request, tenancy, "overview")
    today = workdays.today()
    context = {
        "rent_now": tenancies.rent_in(tenancy, today.replace(day=1)),
        "contract": tenancy.contracts.order_by("-begins_on").first(),
        "exit": frames.standing_exit(tenancy, staff),
        "money": _money(tenancy, staff, today),
        "entries": _timeline(tenancy, staff)[:5],
    }
    return render(request, "benefits/tenancy.html", frames.of_household(tenancy, staff, "overview") | context)


def _money(tenancy: Tenancy, staff: Staff, today: date) -> dict[str, Any] | None:
    """What is owed, for who may see the account."""
    if not Account.objects.visible_to(staff).filter(pk=tenancy.account_id).exists():
        return None
    late = ledger.arrears_of([tenancy.account], on=today)[tenancy.account_id]
    return {"owed": ledger.owed(tenancy.account), "late": late, "number": tenancy.account.number}


@require_GET
@never_cache
def tenancy_part(request: HttpRequest, number: str, part: str) -> HttpResponse:
    """A further part: leases, rents, the way out, letters, timeline, the household from first to last."""
    tenancy, staff = tenancy_of(request, number), staff_of(request)
    if part not in PARTS:
        raise Http404
    looked(request, tenancy, part)
    context = frames.of_household(tenancy, staff, part) | PARTS[part](request, tenancy, staff)
    return render(request, f"benefits/tenancy_{part}.html", context)


def _contracts(_request: HttpRequest, tenancy: Tenancy, _staff: Staff) -> dict[str, Any]:
    rows = tenancy.contracts.select_related("by", "letter").defer("letter__data").order_by("-begins_on")
    return {"rows": rows}


def _rents(_request: HttpRequest, tenancy: Tenancy, _staff: Staff) -> dict[str, Any]:
    found = tenancy.rents.select_related("by").order_by("-from_month", "-pk")
    return {"terms": terms.rows(found)}


def _exits(_request: HttpRequest, tenancy: Tenancy, staff: Staff) -> dict[str, Any]:
    return {"rows": frames.exits_of(tenancy, staff), "stages": ways_out.lines(tenancy, staff)}


def _letters(_request: HttpRequest, tenancy: Tenancy, _staff: Staff) -> dict[str, Any]:
    return {"documents": letters_of(tenancy)}


def letters_of(subject: Any) -> Any:
    """Every letter that went out about it, newest first."""
    return Document.objects.of(subject).select_related("superseded_by").defer("data", "superseded_by__data")


def _timeline(tenancy: Tenancy, staff: Staff) -> list[dict[str, Any]]:
    entries = TimelineEntry.objects.of(tenancy).order_by("-at", "-pk")
    return events.rows(entries, frames.hidden_names(tenancy, staff))


def _history(request: HttpRequest, tenancy: Tenancy, staff: Staff) -> dict[str, Any]:
    return history_page(request, tenancy, staff)


def history_page(request: HttpRequest, subject: Any, staff: Staff) -> dict[str, Any]:
    """The household from first to last, a page at a time."""
    page = Paginator(history.entries(subject.application, staff), 100).get_page(request.GET.get("page"))
    return {"page": page, "entries": page.object_list}


PARTS: dict[str, Callable[[HttpRequest, Tenancy, Staff], dict[str, Any]]] = {
    "contracts": _contracts,
    "rents": _rents,
    "exits": _exits,
    "letters": _letters,
    "timeline": lambda _request, tenancy, staff: {"entries": _timeline(tenancy, staff)},
    "history": _history,
}
