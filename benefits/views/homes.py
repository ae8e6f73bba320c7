"""What there is to let: the list of homes, one home from first to last (一套一档), new estates and homes."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from applications.models import Member
from benefits import homes
from benefits.filters import HomeFilter
from benefits.forms import EstateForm, HomesForm
from benefits.models import Estate, Home, Tenancy, Turn
from benefits.pages import events, frames, lists
from benefits.pages.tones import answer_tone, tone_of
from benefits.views.scope import home_of, looked_at_home, require_homes, staff_of
from bureau.errors import NotAllowedError, UnfitDataError
from bureau.models import Staff, TimelineEntry
from bureau.roles import Role

PAGE_SIZE = 25


@require_GET
def home_list(request: HttpRequest) -> HttpResponse:
    """The homes in scope by status, filtered by estate and rooms."""
    require_homes(request)
    staff = staff_of(request)
    filters = HomeFilter(request.GET, by=staff)
    found = Home.objects.visible_to(staff)
    filters.is_valid()
    if estate := filters.cleaned_data.get("estate"):
        found = found.filter(estate=estate)
    if rooms := filters.cleaned_data.get("rooms"):
        found = found.filter(rooms=rooms)
    tabs = lists.tabs(request, "benefits:homes", Home.Status.choices, found)
    if (tab := request.GET.get("tab", "")) in Home.Status.values:
        found = found.filter(status=tab)
    page = Paginator(found.select_related("estate"), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "filters": filters,
        "tabs": tabs,
        "page": page,
        "rows": lists.toned(page.object_list),
        "may_enter": staff.holds(Role.HOUSING_OFFICER),
    }
    return render(request, "benefits/homes.html", context)


@require_GET
@never_cache
def home_page(request: HttpRequest, number: str) -> HttpResponse:
    """One home: its state, everybody who lived there or was offered it, what happened to it."""
    home, staff = home_of(request, number), staff_of(request)
    tenancies = Tenancy.objects.visible_to(staff).filter(home=home).select_related("application")
    turns = Turn.objects.visible_to(staff)
    offers = home.offers.filter(turn__in=turns).select_related("turn__application")
    looked_at_home(request, home, [row.application for row in tenancies])
    context = frames.of_home(home, staff) | {
        "tenancies": [{"row": row, "tone": tone_of(row)} for row in tenancies],
        "offers": [{"row": row, "tone": answer_tone(row)} for row in _told(list(offers), staff)],
        "entries": events.rows(TimelineEntry.objects.of(home).order_by("-at", "-pk")),
    }
    return render(request, "benefits/home.html", context)


def _told(offers: list[Any], staff: Staff) -> list[Any]:
    """With the names of the households masked in the reason to who only reads."""
    cases = [row.turn.application_id for row in offers if not staff.works_on(row.turn.office_code)]
    hidden = Member.objects.filter(application__in=cases).values_list("name", flat=True) if cases else ()
    return frames.told(offers, list(hidden), "reason")


@require_http_methods(["GET", "POST"])
def new_estate(request: HttpRequest) -> HttpResponse:
    """Enter an estate."""
    _require_officer(request)
    form = EstateForm(request.POST or None, by=staff_of(request))
    if request.method == "POST" and form.is_valid():
        found: Estate | None = _taken(form, lambda data: homes.enter_estate(by=staff_of(request), **data))
        if found:
            # Translators: 小区已登记，请登记住房。
            messages.success(request, _("The estate is entered; now enter its homes."))
            return redirect("benefits:homes_new")
    title = _("New estate")
    return _form(request, form, title)


@require_http_methods(["GET", "POST"])
def new_homes(request: HttpRequest) -> HttpResponse:
    """Enter several flats of one building."""
    _require_officer(request)
    form = HomesForm(request.POST or None, by=staff_of(request))
    if request.method == "POST" and form.is_valid():
        found = _taken(form, lambda data: _enter(data, staff_of(request)))
        if found:
            text = ngettext("%(count)s home is entered.", "%(count)s homes are entered.", len(found))
            messages.success(request, text % {"count": len(found)})
            return redirect("benefits:homes")
    title = _("New homes")
    return _form(request, form, title)


def _enter(data: dict[str, Any], staff: Any) -> list[Home]:
    estate = Estate.objects.get(pk=data["estate"])
    return homes.enter(estate, data["building"].strip(), data["flats"], has_lift=data["has_lift"], by=staff)


def _taken(form: Any, work: Any) -> Any:
    """What the work made of the form, or None with what was wrong in it."""
    try:
        return work(form.cleaned_data)
    except UnfitDataError as error:
        form.add_error(next((name for name in error.fields if name in form.fields), None), str(error))
        return None


def _form(request: HttpRequest, form: Any, title: str) -> HttpResponse:
    context = {"form": form, "title": title}
    return render(request, "benefits/home_form.html", context, status=422 if form.errors else 200)


def _require_officer(request: HttpRequest) -> None:
    if not staff_of(request).holds(Role.HOUSING_OFFICER):
        raise NotAllowedError(_("Your posting does not include this work."))
