"""The pages of announcements: the list by state, one with its text to be checked, the public list of what is out."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from bureau import workdays
from bureau.confirming import reason_page
from bureau.errors import MoveRefusedError, NotAllowedError
from bureau.roles import Role
from credit import announcing
from credit.models import Announcement
from credit.pages import announcement_rows
from credit.querysets import announcement_state
from credit.views.scope import announcement_of, staff_of, tabs_of

PAGE_SIZE = 25
State = Announcement.State


@require_GET
def announcement_list(request: HttpRequest) -> HttpResponse:
    """The announcements in scope by state, the newest first."""
    if not staff_of(request).holds(Role.CREDIT_OFFICER, Role.CHECK_OFFICER, Role.AUDITOR):
        raise NotAllowedError(_("Your posting does not include this work."))
    today, found = workdays.today(), Announcement.objects.visible_to(staff_of(request))
    counts = {state: Count("pk", announcement_state(state, today)) for state in State.values}
    counted = found.aggregate(all=Count("pk"), **counts)
    tab = request.GET.get("tab", "")
    shown = found.in_state(tab, today) if tab in State.values else found
    page = Paginator(shown.select_related("case"), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": announcement_rows(page.object_list),
        "tabs": tabs_of(request, "credit:announcements", State.choices, counted),
    }
    return render(request, "credit/announcements.html", context)


@require_GET
@never_cache
def announcement_page(request: HttpRequest, number: str) -> HttpResponse:
    """One announcement: its text, what was looked for in it, and its check."""
    found, staff = announcement_of(request, number), staff_of(request)
    state = found.state(workdays.today())
    to_check = state == State.TO_CHECK
    context = {
        **announcement_rows([found])[0],
        "lines": found.text.splitlines(),
        "leaks": [announcing.FOUND_IN_IT[leak] for leak in announcing.leaks(found)],
        "to_check": to_check,
        "hindrance": announcing.why_not_check(found, staff) if to_check else None,
        "shows_case": staff.has_role(Role.CREDIT_OFFICER, found.office_code)
        or staff.has_role(Role.AUDITOR, found.office_code),
    }
    return render(request, "credit/announcement.html", context)


@require_POST
def confirm(request: HttpRequest, number: str) -> HttpResponse:
    """The text may leave."""
    found = announcement_of(request, number)
    announcing.confirm(found, by=staff_of(request))
    messages.success(request, _("Announcement %(number)s has been checked and may appear.") % {"number": number})
    return redirect("credit:announcement", number)


@require_http_methods(["GET", "POST"])
@never_cache
def send_back(request: HttpRequest, number: str) -> HttpResponse:
    """The text may not leave, after a reason."""
    found: Any = announcement_of(request, number)
    if reason := announcing.why_not_check(found, staff_of(request)):
        raise NotAllowedError(reason)
    if found.state(workdays.today()) != State.TO_CHECK:
        raise MoveRefusedError(_("This announcement has been checked or has ended already."))
    return reason_page(
        request,
        # Translators: 退回公告 %(number)s
        title=_("Return announcement %(number)s") % {"number": number},
        # Translators: 退回后不发布，由诚信管理员重新拟写。
        warning=_("It does not appear; another one is written."),
        action=_("Return"),
        after=reverse("credit:announcement", args=[number]),
        do=lambda reason: announcing.send_back(found, by=staff_of(request), reason=reason),
    )


@login_not_required  # a public announcement is for everybody: its text is masked, and checked before it appears
@require_safe
def running(request: HttpRequest) -> HttpResponse:
    """The announcements that are out today."""
    rows = Announcement.objects.running(workdays.today()).select_related("document").order_by("-appeared_on", "-pk")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "credit/running_announcements.html", {"page": page})
