"""The supervision pages, for housing, check and credit officers and auditors in their offices. No person is named."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from bureau.models import Staff
from housing_credit.dashboard import fairness
from housing_credit.dashboard import pages as figures
from housing_credit.dashboard.forms import FilterForm
from housing_credit.dashboard.parts import later
from housing_credit.dashboard.views import form_of, reader_of
from housing_credit.supervision import pages


@require_GET
@never_cache
def overview(request: HttpRequest) -> HttpResponse:
    """The districts side by side."""
    staff = reader_of(request)
    form = FilterForm({"period": pages.this_month()}, staff, since=figures.first_day())
    return render(request, "supervision/overview.html", pages.overview(staff, form))


@require_GET
@never_cache
def stuck(request: HttpRequest) -> HttpResponse:
    """Everything that is overdue or cannot go on by itself: the first part at once, the others as the page asks."""
    staff = reader_of(request)
    parts = pages.parts_for(staff)
    context = _context(staff, next(iter(parts)), parts) | {"later": later(parts, "supervision:part")}
    return render(request, "supervision/stuck.html", context)


@require_GET
@never_cache
def part(request: HttpRequest, code: str) -> HttpResponse:
    """One part: for the page that waits for it, or as a page of its own."""
    staff = reader_of(request)
    parts = pages.parts_for(staff)
    if code not in parts:
        raise Http404
    template = "_stuck" if request.htmx else "stuck"  # type: ignore[attr-defined]  # django_htmx gives it
    return render(request, f"supervision/{template}.html", _context(staff, code, parts) | {"alone": True})


def _context(staff: Staff, code: str, parts: Mapping[str, Any]) -> dict[str, Any]:
    kinds = pages.board(staff, code)
    return {
        "code": code,
        "label": parts[code],
        "stuck": [kind for kind in kinds if kind["count"]],
        "well": [kind["trouble"] for kind in kinds if not kind["count"]],
    }


@require_GET
@never_cache
def trouble(request: HttpRequest, code: str) -> HttpResponse:
    """All that is stuck in one way."""
    staff = reader_of(request)
    found = pages.TROUBLES.get(code)
    if found is None or not found.is_for(staff):
        raise Http404
    page, lines = pages.page_of(found, staff, request.GET.get("page"))
    return render(request, "supervision/trouble.html", {"trouble": found, "page": page, "lines": lines})


@require_GET
@never_cache
def fair(request: HttpRequest) -> HttpResponse:
    """What was confirmed, dismissed, objected to and upheld, by district and source: each part by itself."""
    form = form_of(request, reader_of(request))
    parts = {group.code: group.label for group in fairness.GROUPS}
    asked = later(parts, "supervision:fairness_part", request.GET.urlencode(), at_once=0)
    return render(request, "supervision/fairness.html", {"form": form, "later": asked})


@require_GET
@never_cache
def fair_part(request: HttpRequest, code: str) -> HttpResponse:
    """One part of it."""
    form = form_of(request, reader_of(request))
    groups = [group for group in fairness.GROUPS if group.code == code]
    if not groups:
        raise Http404
    template = "dashboard/_parts.html" if request.htmx else "supervision/fairness.html"  # type: ignore[attr-defined]
    context = {"form": form, "groups": figures.groups_of(groups, form), "part": groups[0].label}
    return render(request, template, context)
