"""Visits to homes: the list, a plan, one visit with its photographs; and the homes behind a credit case."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from benefits import stages, visits
from benefits.models import Tenancy, Visit
from benefits.pages import events, frames, lists, ways_out
from benefits.querysets import VISIT_ROLES
from benefits.review_forms import PlanForm
from benefits.views.scope import looked, staff_of, visit_of
from bureau import sending, workdays
from bureau.errors import NotAllowedError, UnfitDataError
from bureau.models import TimelineEntry
from bureau.roles import Role
from credit.models import Case

PAGE_SIZE = 25


@require_GET
def visit_list(request: HttpRequest) -> HttpResponse:
    """The visits in scope: what is due first stands first."""
    staff = staff_of(request)
    if not staff.holds(*VISIT_ROLES):
        raise NotAllowedError(_("Your posting does not include this work."))
    found = Visit.objects.visible_to(staff)
    tabs = lists.tabs(request, "benefits:visits", Visit.Status.choices, found)
    if (tab := request.GET.get("tab", "")) in Visit.Status.values:
        found = found.filter(status=tab)
    rows = found.select_related("tenancy__home__estate", "visitor").order_by("due_on", "pk")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "tabs": tabs,
        "page": page,
        "rows": lists.toned(page.object_list),
        "today": workdays.today(),
        "may_plan": staff.holds(Role.HOUSING_OFFICER),
    }
    return render(request, "benefits/visits.html", context)


@require_http_methods(["GET", "POST"])
def new_plan(request: HttpRequest) -> HttpResponse:
    """Plan visits to a share of the homes that are let."""
    staff = staff_of(request)
    if not staff.holds(Role.HOUSING_OFFICER):
        raise NotAllowedError(_("Your posting does not include this work."))
    form = PlanForm(request.POST or None, by=staff)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            found = visits.plan(data["area"], percent=data["percent"], due_on=data["due_on"], by=staff)
        except UnfitDataError as error:
            form.add_error(next((name for name in error.fields if name in form.fields), None), str(error))
        else:
            text = ngettext("%(count)s visit is planned.", "%(count)s visits are planned.", len(found))
            messages.success(request, text % {"count": len(found)})
            return redirect("benefits:visits")
    context = {"form": form, "title": _("Plan visits"), "back": "benefits:visits"}
    return render(request, "benefits/review_form.html", context, status=422 if form.errors else 200)


@require_GET
@never_cache
def visit_page(request: HttpRequest, number: str) -> HttpResponse:
    """One visit: which home, what to look for, what was found, what another person made of it."""
    visit, staff = visit_of(request, number), staff_of(request)
    looked(request, visit, "overview", "photographs")
    hidden = frames.hidden_names(visit, staff)
    frames.told([visit], hidden, "words", "reason")
    context = frames.of_household(visit, staff) | {
        "photographs": visit.photographs.all(),
        "entries": events.rows(TimelineEntry.objects.of(visit).order_by("-at", "-pk"), hidden),
    }
    return render(request, "benefits/visit.html", context)


@require_GET
@never_cache
def photograph(request: HttpRequest, number: str, pk: int) -> HttpResponse | FileResponse:
    """Open a photograph: decrypted, written down as a download."""
    visit = visit_of(request, number)
    found = get_object_or_404(visit.photographs, pk=pk)
    looked(request, visit, "photographs", action="download")
    return sending.scan(found.scan, called=f"{number}-{found.pk}", content_type=found.content_type)


@require_GET
@never_cache
def credit_case(request: HttpRequest, number: str) -> HttpResponse:
    """The homes of those whom a credit case is about, and which things to correct the books show as done."""
    staff = staff_of(request)
    case = get_object_or_404(Case.objects.visible_to(staff), number=number)
    homes = list(stages.tenancies_of(case).select_related("application", "home__estate", "account"))
    for tenancy in homes:
        looked(request, tenancy, "overview")
    seen = set(Tenancy.objects.visible_to(staff).filter(pk__in=[row.pk for row in homes]).values_list("pk", flat=True))
    context = {
        "case": case,
        "homes": [{"row": row, "stages": ways_out.lines(row, staff), "seen": row.pk in seen} for row in homes],
        "cures": stages.cures_of(case),
    }
    return render(request, "benefits/credit_case.html", context)
