"""The supervision pages, for housing, check and credit officers and auditors in their offices. No person is named."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from housing_credit.dashboard import fairness
from housing_credit.dashboard import pages as figures
from housing_credit.dashboard.forms import FilterForm
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
    """Everything that is overdue or cannot go on by itself."""
    kinds = pages.board(reader_of(request))
    context = {
        "stuck": [kind for kind in kinds if kind["count"]],
        "well": [kind["trouble"] for kind in kinds if not kind["count"]],
        "total": sum(kind["count"] for kind in kinds),
    }
    return render(request, "supervision/stuck.html", context)


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
    """What was confirmed, dismissed, objected to and upheld, by district and source."""
    form = form_of(request, reader_of(request))
    context = {"form": form, "groups": figures.groups_of(fairness.GROUPS, form)}
    return render(request, "supervision/fairness.html", context)
