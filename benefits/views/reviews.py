"""Yearly reviews: the list, one of them with its districts and households, and the review of one household."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from benefits import review_rounds
from benefits.models import Review, ReviewRound
from benefits.pages import events, frames, lists, reviews
from benefits.pages.tones import tone_of
from benefits.review_forms import FindForm, OpenForm
from benefits.views.scope import looked, require_casework, review_of, round_of, staff_of
from bureau.errors import NotAllowedError, UnfitDataError
from bureau.fields import blind_index
from bureau.identifiers import IdentifierError, normalise_id
from bureau.models import Staff, TimelineEntry
from bureau.roles import Role

PAGE_SIZE = 25


@require_GET
def round_list(request: HttpRequest) -> HttpResponse:
    """The yearly reviews with a household in scope, the newest first."""
    require_casework(request)
    staff = staff_of(request)
    rows = ReviewRound.objects.visible_to(staff).order_by("-opened_on", "-pk")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    shown = ReviewRound.objects.filter(pk__in=[row.pk for row in page.object_list]).order_by("-opened_on", "-pk")
    context = {
        "page": page,
        "rows": reviews.rounds_of(shown),
        "may_open": staff.holds(Role.HOUSING_OFFICER),
        "may_report": staff.holds(Role.CLERK, Role.HOUSING_OFFICER),
    }
    return render(request, "benefits/reviews.html", context)


@require_http_methods(["GET", "POST"])
def new_round(request: HttpRequest) -> HttpResponse:
    """Open a yearly review."""
    staff = staff_of(request)
    if not staff.holds(Role.HOUSING_OFFICER):
        raise NotAllowedError(_("Your posting does not include this work."))
    form = OpenForm(request.POST or None, by=staff)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            found = review_rounds.open_round(data["name"], data["kinds"], data["area"], by=staff)
        except UnfitDataError as error:
            form.add_error(next((name for name in error.fields if name in form.fields), None), str(error))
        else:
            # Translators: 年审已开始，告知书随即发出。
            messages.success(request, _("The review is open; the notices go out."))
            return redirect("benefits:review_round", found.number)
    context = {"form": form, "title": _("Open a yearly review"), "back": "benefits:reviews"}
    return render(request, "benefits/review_form.html", context, status=422 if form.errors else 200)


@require_GET
@never_cache
def round_page(request: HttpRequest, number: str) -> HttpResponse:
    """How far a review has come, district by district, and its households: what has changed most stands first."""
    found, staff = round_of(request, number), staff_of(request)
    rows = Review.objects.visible_to(staff).filter(review_round=found)
    tabs = lists.tabs_at(request, request.path, Review.Status.choices, rows)
    progress = reviews.progress(rows)
    chosen = rows
    if (tab := request.GET.get("tab", "")) in Review.Status.values:
        chosen = chosen.filter(status=tab)
    page = Paginator(reviews.by_weight(chosen), PAGE_SIZE).get_page(request.GET.get("page"))
    context = frames.of_round(found, staff) | {
        "progress": progress,
        "tabs": tabs,
        "page": page,
        "rows": reviews.lines(page.object_list),
        "unsigned": review_rounds.unsigned(found).filter(pk__in=rows.values("pk")).count(),
        "entries": events.rows(TimelineEntry.objects.of(found).order_by("-at", "-pk")),
    }
    return render(request, "benefits/review_round.html", context)


@require_GET
@never_cache
def review_page(request: HttpRequest, number: str) -> HttpResponse:
    """The review of one household: what it reported, what the check has shown, what follows."""
    review, staff = review_of(request, number), staff_of(request)
    looked(request, review, "overview", "reports", "check")
    entries = TimelineEntry.objects.of(review).order_by("-at", "-pk")
    context = frames.of_household(review, staff) | reviews.of_household(review, staff)
    context["entries"] = events.rows(entries, frames.hidden_names(review, staff))
    context["benefit_tone"] = tone_of(review.benefit)
    return render(request, "benefits/review.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
def find_household(request: HttpRequest) -> HttpResponse:
    """The window finds the open review of a household by a number or an ID number, and takes down its report."""
    staff = staff_of(request)
    if not staff.holds(Role.CLERK, Role.HOUSING_OFFICER):
        raise NotAllowedError(_("Your posting does not include this work."))
    form = FindForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        found = _open_review(form.cleaned_data["q"].strip(), staff)
        if found is not None:
            return redirect("benefits:review_deed", found.number, "report")
        # Translators: 未找到可申报的年审。请核对编号或身份证号；该家庭可能不在本窗口范围内，或者已发起核对。
        form.add_error("q", _("No review is open for reports under this number at your window."))
    context: dict[str, Any] = {"form": form, "title": _("Take down a yearly report"), "back": "benefits:reviews"}
    return render(request, "benefits/review_form.html", context, status=422 if form.errors else 200)


def _open_review(wanted: str, staff: Staff) -> Review | None:
    rows = Review.objects.visible_to(staff).filter(status__in=["reporting", "unanswered"])
    chosen = rows.filter(application__reference__iexact=wanted) | rows.filter(tenancy__number__iexact=wanted)
    found: Review | None = (chosen | rows.filter(grant__number__iexact=wanted)).select_related("review_round").first()
    if found is not None:
        return found
    try:
        index = blind_index(normalise_id(wanted))
    except IdentifierError:
        return None
    by_person: Review | None = rows.filter(application__members__id_index=index).select_related("review_round").first()
    return by_person
