"""The waiting list in its order, and one place with the reason why it stands there."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from benefits.filters import TurnFilter
from benefits.models import Turn
from benefits.pages import events, frames, lists
from benefits.pages.tones import answer_tone
from benefits.views.scope import looked, require_casework, staff_of, turn_of
from benefits.waiting import GROUPS
from bureau import workdays
from bureau.models import TimelineEntry
from bureau.paging import page_of

PAGE_SIZE = 25
SHOWN_BEFORE = 10


@require_GET
def turn_list(request: HttpRequest) -> HttpResponse:
    """Who waits, whose turn it is first."""
    require_casework(request)
    staff, filters = staff_of(request), TurnFilter(request.GET)
    filters.is_valid()
    wanted, found = filters.cleaned_data, Turn.objects.visible_to(staff)
    if number := wanted.get("q", "").strip():
        found = found.filter(number__iexact=number)
    if rooms := wanted.get("rooms"):
        found = found.filter(rooms=rooms)
    if group := wanted.get("group"):
        found = found.filter(groups__contains=[group])
    if due := wanted.get("due"):
        found = found.late(workdays.today()) if due == "late" else found.filter(status=Turn.Status.OFFERED)
    tabs = lists.tabs(request, "benefits:waiting", Turn.Status.choices, found)
    if (tab := request.GET.get("tab", "")) in Turn.Status.values:
        found = found.filter(status=tab)
    rows = found.order_by("rooms", "rank", "approved_on", "number").select_related("application")
    page = page_of(rows, PAGE_SIZE, request.GET.get("page"))
    context = {"filters": filters, "tabs": tabs, "page": page, "rows": lists.turn_rows(list(page.object_list))}
    return render(request, "benefits/waiting.html", context)


@require_GET
@never_cache
def turn_page(request: HttpRequest, number: str) -> HttpResponse:
    """One place: why it stands there, what was offered, what can be done."""
    turn, staff = turn_of(request, number), staff_of(request)
    looked(request, turn, "overview")
    before = Turn.objects.before(turn).in_order() if turn.status == Turn.Status.WAITING else Turn.objects.none()
    offers = turn.offers.select_related("home__estate", "letter", "by").defer("letter__data")
    hidden = frames.hidden_names(turn, staff)
    context = frames.of_household(turn, staff) | {
        "turn": turn,
        "groups": [_(GROUPS[code]) for code in turn.groups],
        "order": [_(GROUPS[code]) for code in turn.policy.groups],
        "place": before.count() + 1 if turn.status == Turn.Status.WAITING else None,
        "before": lists.turn_rows(list(before.select_related("application")[:SHOWN_BEFORE])),
        "offers": [{"row": row, "tone": answer_tone(row)} for row in frames.told(offers, hidden, "reason")],
        "tenancy": turn.application.tenancies.order_by("-pk").first(),
        "entries": events.rows(TimelineEntry.objects.of(turn).order_by("-at", "-pk"), hidden),
    }
    return render(request, "benefits/turn.html", context)
