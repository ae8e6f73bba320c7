"""The lists of cases: on my desk, under way, done, all; filtered, by due date, a page at a time."""

from typing import Any

from django import forms
from django.db.models import Count, F, Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from applications.models import Application
from applications.querysets import ENDED, ApplicationQuerySet
from applications.views.rows import rows
from bureau import workdays
from bureau.forms import offer
from bureau.models import Office, Staff
from bureau.paging import page_of
from bureau.querysets import within
from bureau.roles import Role, Tier

S = Application.Status
PAGE_SIZE = 20
SOON = 2  # working days, as the due tag counts them
SORTS = {"due": "due_on", "reference": "reference", "submitted": "submitted_at", "status": "status_since"}
DUE_CHOICES = [
    ("", gettext_lazy("Any")),
    # Translators: 已逾期
    ("overdue", gettext_lazy("Overdue")),
    # Translators: 今日到期
    ("today", gettext_lazy("Due today")),
    # Translators: 即将到期
    ("soon", gettext_lazy("Due within 2 working days")),
]
PAPERS_CHOICES = [
    ("", gettext_lazy("Any")),
    # Translators: 待补交
    ("open", gettext_lazy("Still to come")),
    # Translators: 逾期未补交
    ("late", gettext_lazy("Late")),
]


class FilterForm(forms.Form):
    """The filters of the list; none is required, and a value that does not exist is ignored."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)
    status = forms.ChoiceField(label=gettext_lazy("Status"), required=False)
    office = forms.ChoiceField(label=gettext_lazy("Office"), required=False)
    due = forms.ChoiceField(label=gettext_lazy("Time limit"), required=False, choices=DUE_CHOICES)
    # Translators: 容缺材料
    papers = forms.ChoiceField(label=gettext_lazy("Promised papers"), required=False, choices=PAPERS_CHOICES)

    def __init__(self, data: QueryDict, staff: Staff) -> None:
        super().__init__(data)
        everything = [("", _("All"))]
        offer(self, "kind", everything + list(Application.Kind.choices))
        statuses = [choice for choice in S.choices if choice[0] != S.DISCARDED]
        offer(self, "status", everything + statuses)
        offer(self, "office", everything + _offices_below(staff))

    def narrow(self, cases: ApplicationQuerySet) -> ApplicationQuerySet:
        """The cases that pass every filter that is set."""
        self.is_valid()
        wanted = self.cleaned_data
        if wanted.get("kind"):
            cases = cases.filter(kind=wanted["kind"])
        if wanted.get("status"):
            cases = cases.filter(status=wanted["status"])
        if wanted.get("office"):
            cases = cases.filter(within([wanted["office"]]))
        if wanted.get("papers"):
            cases = cases.owing_papers(workdays.today() if wanted["papers"] == "late" else None)
        return cases.filter(due(wanted.get("due", "")))


def _offices_below(staff: Staff) -> list[tuple[str, str]]:
    """The offices one may narrow down to: streets for those above them, windows for a street."""
    offices = Office.objects.visible_to(staff).exclude(tier=Tier.CITY)
    at_street = all(seat.office.tier in {Tier.STREET, Tier.WINDOW} for seat in staff.seats)
    if not at_street:
        offices = offices.exclude(tier=Tier.WINDOW)
    return [(office.code, office.name) for office in offices]


def due(word: str) -> Q:
    """Cases by their time limit: overdue, today, soon; any other word lets every case pass."""
    today = workdays.today()
    if word == "overdue":
        return Q(due_on__lt=today)
    if word == "today":
        return Q(due_on=today)
    if word == "soon":
        return Q(due_on__range=(today, workdays.add_workdays(today, SOON)))
    return Q()


@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """My desk and the lists beside it."""
    staff: Staff = request.user  # type: ignore[assignment]
    lists = lists_for(staff)
    tab = request.GET.get("tab", "")
    tab = tab if tab in lists else "todo"
    filters = FilterForm(request.GET, staff)
    is_filtered = any(request.GET.get(name) for name in filters.fields)
    chosen = _sorted(filters.narrow(lists[tab]), request.GET.get("sort", ""), tab)
    counts = _counts(lists)
    known = None if is_filtered else counts[tab]
    page = page_of(chosen.select_related("office"), PAGE_SIZE, request.GET.get("page"), count=known)
    context = {
        "tabs": _tabs(counts, tab),
        "tab": tab,
        "filters": filters,
        "is_filtered": is_filtered,
        "clear_url": f"{reverse('applications:queue')}?tab={tab}",
        "page": page,
        "rows": rows(page.object_list, staff),
        "may_open": staff.holds(Role.CLERK),
    }
    return render(request, "applications/queue.html", context)


def lists_for(staff: Staff) -> dict[str, ApplicationQuerySet]:
    """The four lists of this person, by name: todo (待办), open (在办), done (已办), all (全部)."""
    visible: ApplicationQuerySet = Application.objects.visible_to(staff).exclude(status=S.DISCARDED)
    if not staff.holds(Role.CLERK):
        visible = visible.exclude(status=S.DRAFT)  # nobody above the window works from what is not handed in
    return {
        "todo": visible.on_desk_of(staff.seats),
        "open": visible.under_way(),
        "done": visible.ended(),
        "all": visible,
    }


def _counts(lists: dict[str, ApplicationQuerySet]) -> dict[str, int]:
    """How many cases each list has. All that are seen are counted once, by their status."""
    of_status = dict(lists["all"].order_by().values_list("status").annotate(Count("pk")))
    ended = sum(count for status, count in of_status.items() if status in ENDED)
    return {
        "todo": lists["todo"].count(),
        "open": sum(of_status.values()) - ended - of_status.get(S.DRAFT, 0),
        "done": ended,
        "all": sum(of_status.values()),
    }


def _tabs(counts: dict[str, int], current: str) -> list[dict[str, Any]]:
    labels = {
        # Translators: 待办
        "todo": _("To do"),
        # Translators: 在办
        "open": _("Under way"),
        # Translators: 已办
        "done": _("Done"),
        # Translators: 全部
        "all": _("All"),
    }
    here = reverse("applications:queue")
    return [
        {"label": labels[name], "url": f"{here}?tab={name}", "current": name == current, "count": count}
        for name, count in counts.items()
    ]


def _sorted(cases: ApplicationQuerySet, key: str, tab: str) -> ApplicationQuerySet:
    """The fast lane first, then by due date, unless asked otherwise; ended cases, which have none, newest first."""
    name = SORTS.get(key.removeprefix("-"))
    if name is None:
        return cases.order_by("-status_since", "pk") if tab == "done" else most_urgent(cases)
    return _by(cases, name, falling=key.startswith("-"))


def most_urgent(cases: ApplicationQuerySet) -> ApplicationQuerySet:
    """Who keeps to its word goes first (clause B13), then what is due first."""
    return cases.order_by("-fast", F("due_on").asc(nulls_last=True), "pk")


def _by(cases: ApplicationQuerySet, name: str, *, falling: bool) -> ApplicationQuerySet:
    field = F(name)
    order = field.desc(nulls_last=True) if falling else field.asc(nulls_last=True)
    return cases.order_by(order, "pk")
