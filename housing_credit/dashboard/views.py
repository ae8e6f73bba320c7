"""The dashboard and the list behind each of its numbers: for housing, check and credit officers and auditors.

A list shows persons, masked, only to who sees them in the other lists; each look at a page is kept.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from bureau import audit
from bureau.errors import NotAllowedError
from bureau.models import Staff
from housing_credit.dashboard import columns, exporting, pages
from housing_credit.dashboard.base import READERS, Base
from housing_credit.dashboard.figure import Figure
from housing_credit.dashboard.figures import FIGURES
from housing_credit.dashboard.forms import FilterForm
from housing_credit.dashboard.parts import later

FIELDS = ["list"]  # of the access log


def reader_of(request: HttpRequest) -> Staff:
    """The signed-in member of staff, who reads the figures."""
    staff: Staff = request.user  # type: ignore[assignment]  # only staff sign in
    if not staff.holds(*READERS):
        raise NotAllowedError(_("The figures are for housing, check and credit officers and auditors."))
    return staff


def form_of(request: HttpRequest, staff: Staff, *, base: Base | None = None) -> FilterForm:
    """The filters as they stand in the address."""
    return FilterForm(request.GET.dict(), staff, since=pages.first_day(), base=base)


@require_GET
@never_cache
def dashboard(request: HttpRequest) -> HttpResponse:
    """The figures of a period: the first part at once, the others as the page asks for them."""
    form = form_of(request, reader_of(request))
    context = pages.dashboard_context(form, list(pages.PARTS)[:1])
    context["later"] = later(pages.PARTS, "dashboard:part", request.GET.urlencode())
    return render(request, "dashboard/dashboard.html", context)


@require_GET
@never_cache
def part(request: HttpRequest, code: str) -> HttpResponse:
    """One part: for the page that waits for it, or as a page of its own."""
    form = form_of(request, reader_of(request))
    if code not in pages.PARTS:
        raise Http404
    context = pages.dashboard_context(form, [code]) | {"part": pages.PARTS[code]}
    template = "_parts" if request.htmx else "dashboard"  # type: ignore[attr-defined]  # django_htmx gives it
    return render(request, f"dashboard/{template}.html", context)


@require_GET
@never_cache
def figure(request: HttpRequest, code: str) -> HttpResponse:
    """Exactly the rows that make a number."""
    staff = reader_of(request)
    if code not in FIGURES:
        raise Http404
    found = FIGURES[code]
    form = form_of(request, staff, base=found.base)
    page = pages.list_page(found, form, request.GET.get("page"))
    rows = list(page.object_list)
    looked(request, staff, found, rows, "look")
    context: dict[str, Any] = {
        "figure": found,
        "form": form,
        "page": page,
        "columns": columns.seen(found.base.columns, pages.roles_of(staff)),
        "rows": list(pages.list_rows(found, rows, staff)),
        "is_of_all_kinds": bool(form.chosen.kind) and not found.base.kind,
        "total": found.number(form.chosen) if found.amount else None,
        "on": form.chosen.last_day if found.base.is_stock else None,
    }
    return render(request, "dashboard/figure.html", context)


def looked(request: HttpRequest, staff: Staff, found: Figure, rows: list[Any], action: str) -> None:
    """Write down that this person saw these rows, where they show somebody."""
    if not pages.shows_persons(found, staff):
        return
    purpose = exporting.purpose_of(staff)
    number = request.META.get("REQUEST_NUMBER", "")
    subjects = [found.base.subject(row) for row in rows]
    audit.look_many(staff, subjects, purpose=purpose, action=action, fields=FIELDS, request_number=number)
