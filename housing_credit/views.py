"""The roof's own pages: my desk, the search, whether we are well, what is shown when nothing else can be."""

import re
from typing import Any

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView
from django.db import DatabaseError, connection
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from applications.models import Application, Member
from applications.views.rows import rows, url_for
from benefits.models import Account, Grant, Home, Tenancy, Turn
from bureau import audit, identifiers, masks
from bureau.fields import blind_index
from bureau.models import Staff
from housing_credit import desk
from housing_credit.seeds import people
from verification.models import Check

MOST_FOUND = 50
LONG_ENOUGH = 2  # characters of a name; one alone would list half the city
NUMBER = re.compile(r"(?:[A-Z]{2})?\d{4}-\d{1,6}")  # of a case or a check; the letters may be left out


class SignInView(LoginView):
    """The sign-in page; in a demo it tells who can sign in."""

    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the demo's own people, never outside a demo."""
        return super().get_context_data(**kwargs, demo_logins=people.logins() if settings.DEMO else [])


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What waits for the signed-in person, most urgent first."""
    return render(request, "home.html", desk.context(_staff(request)))


@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """My desk as a list."""
    return redirect("applications:queue")


@require_http_methods(["GET", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Find cases by ID number, name or number, within scope. By POST, so that no ID number gets into an address."""
    if request.method == "GET":  # somebody changed the language on the result page, or signed in again
        return redirect("home")
    query = request.POST.get("q", "").strip()
    if not query:
        return redirect("home")
    staff = _staff(request)
    if address := _benefit(query.upper(), staff):
        audit.search(staff, query.upper(), found=1, request_number=request.META.get("REQUEST_NUMBER", ""))
        return redirect(address)
    visible = Application.objects.visible_to(staff).select_related("office")
    found, shown, problem = _look_up(visible, query.upper())
    cases = list(found.order_by("-created_at")[:MOST_FOUND])
    audit.search(staff, shown, found=len(cases), request_number=request.META.get("REQUEST_NUMBER", ""))
    if len(cases) == 1 and NUMBER.fullmatch(query.upper()):
        return redirect(url_for(cases[0], staff))
    lines = rows(cases, staff)
    context = {"shown": shown, "problem": problem, "rows": lines, "is_cut": len(cases) == MOST_FOUND}
    return render(request, "search.html", context)


# How numbers of benefits begin, and the page that each leads to.
BENEFITS: dict[str, tuple[type[Any], str]] = {
    "ZL": (Tenancy, "benefits:tenancy"),
    "BF": (Grant, "benefits:subsidy"),
    "LH": (Turn, "benefits:turn"),
    "FY": (Home, "benefits:home"),
    "ZH": (Account, "benefits:account"),
}


def _benefit(number: str, staff: Staff) -> str:
    """The page of the tenancy, subsidy, place or home of this number; empty where this person sees none."""
    if not NUMBER.fullmatch(number) or number[:2] not in BENEFITS:
        return ""
    model, page = BENEFITS[number[:2]]
    found = model._default_manager.all().visible_to(staff).filter(number=number).exists()
    return reverse(page, args=[number]) if found else ""


def _look_up(visible: Any, query: str) -> tuple[Any, str, str]:
    """The cases, the query as it may be written down and shown, and what is wrong with it."""
    if NUMBER.fullmatch(query):
        subjects = Check.objects.filter(number=query).values("subject")
        return visible.filter(Q(reference__endswith=query) | Q(reference__in=subjects)), query, ""
    if sum(character.isdigit() for character in query) >= 6:
        try:
            number = identifiers.normalise_id("".join(query.split()))
        except identifiers.IdentifierError as error:
            return visible.none(), masks.MASK * len(query), _(error.message) % error.params
        return visible.with_person(blind_index(number)), masks.id_number(number, masks.IdLevel.INTERNAL), ""
    if len(query) < LONG_ENOUGH:
        return visible.none(), masks.name(query), _("Type at least two characters of a name.")
    members = Member.objects.filter(name__contains=query).values("application")
    return visible.filter(Q(applicant_name__contains=query) | Q(pk__in=members)), masks.name(query), ""


@login_not_required  # probes of containers and monitors have no account; nothing of any case is told
@require_GET
def health(request: HttpRequest) -> JsonResponse:
    """200 while database and broker answer, else 503 naming which does not."""
    state = {"database": _database_answers(), "redis": _redis_answers()}
    return JsonResponse(state, status=200 if all(state.values()) else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _redis_answers() -> bool:
    try:
        return bool(redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2).ping())
    except redis.RedisError:
        return False


@require_GET
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every part of a page with sample data; only in a demo."""
    if not settings.DEMO:
        raise Http404
    return render(request, "styleguide.html")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No such page, or outside the offices of this person: both look alike."""
    if request.path.startswith("/api/"):
        message = _("There is no such record, or it is outside your offices.")
        return JsonResponse({"code": "not_found", "message": message, "fields": {}}, status=404)
    return render(request, "errors/404.html", status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """An error that nobody foresaw. The page asks nothing of the database, which may be what failed."""
    number = request.META.get("REQUEST_NUMBER", "")
    if request.path.startswith("/api/"):
        message = _("The system failed and the failure has been recorded. What you had saved is safe.")
        return JsonResponse({"code": "failed", "message": message, "fields": {}}, status=500)
    return HttpResponse(render_to_string("errors/500.html", {"request_number": number}), status=500)


def _staff(request: HttpRequest) -> Staff:
    """Who is signed in; the login middleware lets nobody else come this far."""
    if not isinstance(request.user, Staff):
        raise Http404
    return request.user
