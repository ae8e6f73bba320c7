"""The pages of the check centre that are only read. Every one with a household's data writes down who looked."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from bureau import divisions
from bureau.models import Office
from bureau.roles import Tier
from verification import pages
from verification.forms import FilterForm
from verification.models import Check, Exchange
from verification.pages.objections import objections_of
from verification.views import messages_kept
from verification.views.scope import (
    check_of,
    looked,
    looked_on,
    require_centre,
    require_officer,
    require_shown,
    staff_of,
)
from verification.wording.terms import PURPOSES

PAGE_SIZE = 25
S = Check.Status
# Translators: 核对中 / 待结论 / 已结论 / 已取消
TABS = {
    "asking": (S.ASKING, S.SETTLED),
    "assessed": (S.ASSESSED,),
    "concluded": (S.CONCLUDED,),
    "cancelled": (S.CANCELLED,),
}


@require_GET
def checks(request: HttpRequest) -> HttpResponse:
    """The checks in scope by status, purpose, office and day; no household's data is on it."""
    require_centre(request)
    form = _filter(request)
    found = _filtered(Check.objects.visible_to(staff_of(request)), form)
    tab = request.GET.get("tab", "")
    counted = found.aggregate(all=Count("pk"), **{name: Count("pk", Q(status__in=kept)) for name, kept in TABS.items()})
    rows = found.filter(status__in=TABS[tab]) if tab in TABS else found
    rows = rows.defer("declared").select_related("ordered_by", "conclusion").order_by("-ordered_at", "-pk")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    page.object_list = _with_counts(page.object_list)
    context = {"form": form, "page": page, "tabs": _tabs(request, tab, counted), "offices": _offices(page.object_list)}
    return render(request, "verification/list.html", context, status=200 if form.is_valid() else 422)


def _filter(request: HttpRequest) -> FilterForm:
    areas = Office.objects.visible_to(staff_of(request)).filter(tier__in=[Tier.CITY, Tier.DISTRICT])
    offices = [(office.code, office.name) for office in areas]
    return FilterForm(request.GET, purposes=list(PURPOSES.items()), offices=offices)


def _filtered(found: QuerySet[Check], form: FilterForm) -> QuerySet[Check]:
    """What the filter leaves; a wrong one leaves everything."""
    if not form.is_valid():
        return found
    wanted = form.cleaned_data
    terms = {
        "purpose": wanted["purpose"],
        "office_code__startswith": wanted["office"] and divisions.scope_prefix(wanted["office"]),
        "ordered_at__date__gte": wanted["since"],
        "ordered_at__date__lte": wanted["until"],
    }
    return found.filter(**{name: value for name, value in terms.items() if value})


def _with_counts(rows: Any) -> list[Check]:
    """The rows of one page, with how many sources were asked and have settled; one query for all."""
    shown = list(rows)
    counts = Check.objects.filter(pk__in=[row.pk for row in shown]).annotate(
        asked=Count("inquiries"), settled=Count("inquiries", ~Q(inquiries__state="open"))
    )
    by_pk = {pk: (asked, settled) for pk, asked, settled in counts.values_list("pk", "asked", "settled")}
    for row in shown:
        row.sources_asked, row.sources_settled = by_pk[row.pk]
        row.purpose_words = PURPOSES[row.purpose]
    return shown


def _offices(rows: list[Check]) -> dict[str, str]:
    return {office.code: office.name for office in Office.objects.filter(code__in={row.office_code for row in rows})}


def _tabs(request: HttpRequest, tab: str, counted: dict[str, int]) -> list[dict[str, Any]]:
    labels = {
        # Translators: 全部
        "": _("All"),
        # Translators: 核对中
        "asking": _("Being asked"),
        # Translators: 待结论
        "assessed": _("Awaiting conclusion"),
        # Translators: 已结论
        "concluded": _("Concluded"),
        # Translators: 已取消
        "cancelled": _("Cancelled"),
    }
    return [
        {
            "label": label,
            "url": _url(request, name),
            "current": name == (tab if tab in TABS else ""),
            "count": counted[name or "all"],
        }
        for name, label in labels.items()
    ]


def _url(request: HttpRequest, tab: str) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    query["tab"] = tab
    return f"{reverse('verification:list')}?{query.urlencode()}"


@require_GET
def check(request: HttpRequest, number: str) -> HttpResponse:
    """One check with all of its parts: progress, conclusion, findings, statement."""
    found = check_of(request, number)
    require_centre(request)
    looked(request, found, "progress", "statement", "findings")
    staff = staff_of(request)
    context: dict[str, Any] = {"check": found, "purpose": PURPOSES[found.purpose]}
    context["objections"] = objections_of(found.subject)
    context |= pages.check_context(found, staff)
    return render(request, "verification/check.html", context)


@require_GET
@never_cache
def progress(request: HttpRequest, number: str) -> HttpResponse:
    """The moving part of the page, for htmx. The look of the page around it covers it for some minutes.

    When the check has been assessed meanwhile the whole page is drawn anew, so that the rest of it is there too.
    """
    found = check_of(request, number)
    require_shown(request, found)
    looked_on(request, found, "progress")
    context = pages.progress_context(found, staff_of(request))
    response = render(request, "verification/_progress.html", context)
    if not context["progress"]["active"]:
        response["HX-Refresh"] = "true"
    return response


@require_GET
@never_cache
def exchange(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """The exact message and reply behind the answers, decrypted for a check officer; written down."""
    found = check_of(request, number)
    require_officer(request, found)
    row = get_object_or_404(Exchange.objects.select_related("source"), pk=pk, inquiries__check_ordered=found)
    if row.households > 1:
        raise Http404  # it also carries other households, whose data are not this check's to show
    looked(request, found, f"message {row.number}", action="reveal")
    context = {
        "check": found,
        "exchange": row,
        "request_text": messages_kept.readable(row.request),
        "reply_text": messages_kept.readable(row.reply),
    }
    return render(request, "verification/exchange.html", context)
