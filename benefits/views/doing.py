"""The page of a deed: what follows, its form, and then the deed; the same for every life."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from benefits import deeds, review_deeds, words
from benefits.deed import Deed
from benefits.models import Home, ReviewRound, Tenancy
from benefits.pages import frames, terms
from benefits.reckoning import Reckoned
from benefits.views.scope import (
    grant_of,
    home_of,
    looked,
    review_of,
    round_of,
    staff_of,
    tenancy_of,
    turn_of,
    unchanged,
    visit_of,
)
from bureau.errors import MoveRefusedError, NotAllowedError, UnfitDataError

METHODS = ["GET", "POST"]
WORKED_OUT: dict[str, Callable[[Any], Reckoned]] = {
    "change_rent": deeds.rent_today,
    "renew_review": review_deeds.amount_of,
    "change_amount": deeds.amount_today,
}


@require_http_methods(METHODS)
@never_cache
def of_home(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """Do something to a home."""
    return _page(request, home_of(request, number), name)


@require_http_methods(METHODS)
@never_cache
def of_turn(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """Do something about a place on the waiting list."""
    return _page(request, turn_of(request, number), name)


@require_http_methods(METHODS)
@never_cache
def of_tenancy(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """Do something about a tenancy."""
    return _page(request, tenancy_of(request, number), name)


@require_http_methods(METHODS)
@never_cache
def of_subsidy(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """Do something about a subsidy."""
    return _page(request, grant_of(request, number), name)


@require_http_methods(METHODS)
@never_cache
def of_round(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """Do something about a yearly review."""
    return _page(request, round_of(request, number), name)


@require_http_methods(METHODS)
@never_cache
def of_review(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """Do something about the review of a household."""
    return _page(request, review_of(request, number), name)


@require_http_methods(METHODS)
@never_cache
def of_visit(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """Do something about a visit."""
    return _page(request, visit_of(request, number), name)


def _page(request: HttpRequest, subject: Any, name: str) -> HttpResponse:
    table, _address, _deed, template = frames.kind_of(subject)
    deed, staff = deeds.named(table).get(name), staff_of(request)
    if deed is None:
        raise Http404
    if reason := deed.why_not(subject, staff):
        raise (NotAllowedError if reason.forbidden else MoveRefusedError)(reason.text)
    first = {"token": frames.page_token(subject)}
    form: Any = deed.form(request.POST or None, request.FILES or None, subject=subject, by=staff, initial=first)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            done, status = _do(subject, deed, form, staff)
            if status == 0:
                # Translators: 已完成：%(what)s。
                messages.success(request, _("Done: %(what)s.") % {"what": deed.label})
                return redirect(_after(done if isinstance(done, Tenancy) else subject))
    if isinstance(subject, Home):
        context = frames.of_home(subject, staff, with_actions=False)
    elif isinstance(subject, ReviewRound):
        context = frames.of_round(subject, staff, with_actions=False)
    else:
        looked(request, subject, "overview")
        context = frames.of_household(subject, staff, with_actions=False)
    context |= {"frame": template, "deed": deed, "form": form, "back": _after(subject), **_worked_out(subject, deed)}
    return render(request, "benefits/deed.html", context, status=status)


def _do(subject: Any, deed: Deed, form: Any, staff: Any) -> tuple[Any, int]:
    """What the deed gave, and 0; or the status of the answer, with what was wrong in the form."""
    try:
        with unchanged(subject, form.cleaned_data["token"]):
            return deed.do(subject, form.cleaned_data, staff), 0
    except (UnfitDataError, MoveRefusedError) as error:
        fields = error.fields if isinstance(error, UnfitDataError) else {}
        form.add_error(next((name for name in fields if name in form.fields), None), str(error))
        subject.refresh_from_db()
        return None, 422 if isinstance(error, UnfitDataError) else 409


def _worked_out(subject: Any, deed: Deed) -> dict[str, Any]:
    """The amount that a change would bring, with its working; or why there is none."""
    work = WORKED_OUT.get(deed.name)
    if work is None:
        return {}
    try:
        due = work(subject)
    except UnfitDataError as error:
        return {"no_amount": str(error)}
    standard = terms.names_of([due.standard]).get(due.standard, due.standard)
    return {"due": due, "working": words.working(due.working), "standard": standard}


def _after(subject: Any) -> str:
    return reverse(frames.kind_of(subject)[1], args=[subject.number])
