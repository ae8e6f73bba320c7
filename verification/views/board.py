"""The board of what is pending and what has failed, and what an officer does there for a whole source at once."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bureau.confirming import reason_page
from bureau.roles import Role
from verification import holding, orders
from verification.models import Hold, Source
from verification.pages.board import board_context, source_rows, waiting_at
from verification.pages.canaries import canaries_context
from verification.pages.lists import lists_context
from verification.views.scope import require_centre, staff_of

PAGE_SIZE = 50


def source_of(request: HttpRequest, code: str) -> Source:
    """The source; its pages are for the check centre's officers and for auditors."""
    require_centre(request)
    found: Source = get_object_or_404(Source.objects.defer("secret"), code=code)
    return found


@require_GET
@never_cache
def board(request: HttpRequest) -> HttpResponse:
    """How every source fares, and how many wait for it."""
    require_centre(request)
    return render(request, "verification/board.html", board_context(staff_of(request)))


@require_GET
@never_cache
def source(request: HttpRequest, code: str) -> HttpResponse:
    """Who waits for one source, or got no answer of it, told in words."""
    found, staff = source_of(request, code), staff_of(request)
    page = Paginator(waiting_at(found, staff), PAGE_SIZE).get_page(request.GET.get("page"))
    is_officer = staff.has_role(Role.CHECK_OFFICER, orders.CITY)
    held = Hold.objects.live().filter(source=found, round=None).first()
    context = {
        "source": found,
        "page": page,
        "rows": list(source_rows(page, staff)),
        "is_officer": is_officer,
        "held": held,
        "failed": waiting_at(found, staff).filter(state="failed").count(),
    }
    context |= lists_context(found, staff) | canaries_context(found)
    return render(request, "verification/board_source.html", context)


@require_POST
def ask_again(request: HttpRequest, code: str) -> HttpResponse:
    """Ask the source again about everybody it gave no answer on."""
    found = source_of(request, code)
    asked = orders.ask_again_at(found, by=staff_of(request))
    # Translators: 已向%(source)s重发 %(count)s 户
    text = ngettext(
        "%(source)s is asked again about %(count)s household.",
        "%(source)s is asked again about %(count)s households.",
        asked,
    )
    messages.success(request, text % {"source": found.name, "count": asked})
    return redirect("verification:board_source", code)


@require_http_methods(["GET", "POST"])
def hold(request: HttpRequest, code: str) -> HttpResponse:
    """Do not ask the source at all for now, after a reason."""
    found = source_of(request, code)
    return reason_page(
        request,
        # Translators: 全面暂停查询%(source)s
        title=_("Hold %(source)s everywhere") % {"source": found.name},
        # Translators: 恢复之前，所有核对都不再向该来源发出查询。
        warning=_("No check asks this source until somebody releases it."),
        action=_("Hold the source"),
        after=reverse("verification:board_source", args=[code]),
        do=lambda reason: holding.hold(found, by=staff_of(request), reason=reason),
    )
