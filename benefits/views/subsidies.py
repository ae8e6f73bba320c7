"""Rental subsidies: the list, and the pages of one, part by part. Every one writes down who looked."""

from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from benefits import subsidies
from benefits.filters import NumberFilter
from benefits.models import Grant
from benefits.pages import events, frames, lists, terms
from benefits.views.scope import grant_of, looked, require_casework, staff_of
from benefits.views.tenancies import history_page, letters_of
from bureau import masks, workdays
from bureau.errors import NotAllowedError
from bureau.models import Staff, TimelineEntry

PAGE_SIZE = 25
S = Grant.Status


@require_GET
def subsidy_list(request: HttpRequest) -> HttpResponse:
    """The subsidies in scope, the newest first."""
    require_casework(request)
    staff, filters = staff_of(request), NumberFilter(request.GET)
    filters.is_valid()
    found = Grant.objects.visible_to(staff)
    if number := filters.cleaned_data.get("q", "").strip():
        found = found.filter(number__iexact=number)
    tabs = lists.tabs(request, "benefits:subsidies", S.choices, found)
    if (tab := request.GET.get("tab", "")) in S.values:
        found = found.filter(status=tab)
    page = Paginator(found.order_by("-granted_on", "-pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    shown = lists.with_amount(Grant.objects.filter(pk__in=[row.pk for row in page.object_list]))
    rows = shown.defer("bank_account").order_by("-granted_on", "-pk")
    context = {"filters": filters, "tabs": tabs, "page": page, "rows": lists.toned(rows)}
    return render(request, "benefits/subsidies.html", context)


@require_GET
@never_cache
def subsidy_page(request: HttpRequest, number: str) -> HttpResponse:
    """Where the subsidy stands: the amount, the account it is paid to, how it ends."""
    grant, staff = grant_of(request, number), staff_of(request)
    looked(request, grant, "overview")
    return render(request, "benefits/subsidy.html", _overview(grant, staff))


def _overview(grant: Grant, staff: Staff, account: str = "") -> dict[str, Any]:
    return frames.of_household(grant, staff, "overview") | {
        "amount": subsidies.amount_in(grant, workdays.today().replace(day=1)),
        "pauses": grant.pauses.all(),
        "term": grant.terms.order_by("-from_month", "-pk").first(),
        "account": account or (masks.bank_card(grant.bank_account) if grant.bank_account else ""),
        "may_reveal": bool(grant.bank_account) and not account and staff.works_on(grant.office_code),
        "exit": frames.standing_exit(grant, staff),
        "entries": _timeline(grant, staff)[:5],
    }


@require_http_methods(["GET", "POST"])
@never_cache
def reveal(request: HttpRequest, number: str) -> HttpResponse:
    """Show the whole bank account, and write down who saw it. Without htmx the whole page answers."""
    grant, staff = grant_of(request, number), staff_of(request)
    if request.method == "GET":  # somebody changed the language on the page that answered
        return redirect("benefits:subsidy", number)
    if not staff.works_on(grant.office_code):
        raise NotAllowedError(_("Only those who work on the case see this unmasked."))
    looked(request, grant, "bank_account", action="reveal")
    if getattr(request, "htmx", False):
        part = {"name": "bank-account", "masked": grant.bank_account, "label": _("Bank account")}
        return render(request, "_parts/reveal.html", part)
    return render(request, "benefits/subsidy.html", _overview(grant, staff, grant.bank_account))


@require_GET
@never_cache
def subsidy_part(request: HttpRequest, number: str, part: str) -> HttpResponse:
    """A further part: amounts, the way out, letters, timeline, the household from first to last."""
    grant, staff = grant_of(request, number), staff_of(request)
    if part not in PARTS:
        raise Http404
    looked(request, grant, part)
    context = frames.of_household(grant, staff, part) | PARTS[part](request, grant, staff)
    return render(request, f"benefits/subsidy_{part}.html", context)


def _amounts(_request: HttpRequest, grant: Grant, _staff: Staff) -> dict[str, Any]:
    found = grant.terms.select_related("by").order_by("-from_month", "-pk")
    return {"terms": terms.rows(found)}


def _timeline(grant: Grant, staff: Staff) -> list[dict[str, Any]]:
    entries = TimelineEntry.objects.of(grant).order_by("-at", "-pk")
    return events.rows(entries, frames.hidden_names(grant, staff))


PARTS: dict[str, Callable[[HttpRequest, Grant, Staff], dict[str, Any]]] = {
    "amounts": _amounts,
    "exits": lambda _request, grant, staff: {"rows": frames.exits_of(grant, staff)},
    "letters": lambda _request, grant, _staff: {"documents": letters_of(grant)},
    "timeline": lambda _request, grant, staff: {"entries": _timeline(grant, staff)},
    "history": history_page,
}
