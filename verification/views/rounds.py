"""The pages of rounds: the list, one round as it goes on, and what an officer does with it and with its sources."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bureau.confirming import reason_page
from bureau.errors import MoveRefusedError, NotAllowedError
from bureau.moves import Move, why_not
from bureau.roles import Role
from verification import holding, round_moves, rounds
from verification.models import Round, Source
from verification.pages.changes import tabs_of
from verification.pages.rounds import round_context, rows_of
from verification.views.scope import require_centre, staff_of

PAGE_SIZE = 25


def round_of(request: HttpRequest, number: str) -> Round:
    """The round in this person's scope, else 404; the check centre's pages are for its officers and for auditors."""
    found: Round = get_object_or_404(Round.objects.visible_to(staff_of(request)), number=number)
    require_centre(request)
    return found


@require_GET
def round_list(request: HttpRequest) -> HttpResponse:
    """All rounds in scope, the newest first."""
    require_centre(request)
    page = Paginator(Round.objects.visible_to(staff_of(request)), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": rows_of(Round.objects.filter(pk__in=[found.pk for found in page.object_list])),
        "may_open": staff_of(request).holds(Role.CHECK_OFFICER),
    }
    return render(request, "verification/rounds.html", context)


@require_GET
def round_page(request: HttpRequest, number: str) -> HttpResponse:
    """How far a round is, by source and by district, and what awaits a person."""
    found = round_of(request, number)
    context = round_context(found, staff_of(request)) | {"tabs": tabs_of(found, "round")}
    return render(request, "verification/round.html", context)


@require_GET
@never_cache
def round_progress(request: HttpRequest, number: str) -> HttpResponse:
    """The moving part of the page, for htmx."""
    context = round_context(round_of(request, number), staff_of(request))
    return render(request, "verification/_round_progress.html", context)


@require_http_methods(["GET", "POST"])
def pause(request: HttpRequest, number: str) -> HttpResponse:
    """Stop asking for now, after a reason."""
    return _ask_why(
        request,
        round_of(request, number),
        round_moves.PAUSE,
        # Translators: 暂停后不再发出新的查询，已发出的照常收回；单件核对不受影响。
        _("Nothing more is asked of the sources; what is out comes in. Single checks are not touched."),
        lambda found, reason: rounds.pause(found, by=staff_of(request), reason=reason),
    )


@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """Stop the round for good, after a reason."""
    return _ask_why(
        request,
        round_of(request, number),
        round_moves.CANCEL,
        # Translators: 批次内未结论的核对全部取消，案件退回到待发出核对指令；已作出的结论不受影响。
        _("Every check of the round that is not concluded is cancelled, and its case goes back. Conclusions stay."),
        lambda found, reason: rounds.cancel(found, by=staff_of(request), reason=reason),
    )


@require_POST
def resume(request: HttpRequest, number: str) -> HttpResponse:
    """Go on."""
    found = round_of(request, number)
    rounds.resume(found, by=staff_of(request))
    # Translators: 批次 %(number)s 已继续。
    messages.success(request, _("Round %(number)s goes on.") % {"number": number})
    return redirect("verification:round", number)


@require_POST
def close(request: HttpRequest, number: str) -> HttpResponse:
    """It is done."""
    found = round_of(request, number)
    rounds.close(found, by=staff_of(request))
    # Translators: 批次 %(number)s 已办结。
    messages.success(request, _("Round %(number)s is closed.") % {"number": number})
    return redirect("verification:round", number)


@require_http_methods(["GET", "POST"])
def hold(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """Do not ask a source in this round for now, after a reason."""
    found = round_of(request, number)
    source = get_object_or_404(Source.objects.defer("secret"), code=code)
    return reason_page(
        request,
        # Translators: 在批次 %(number)s 中暂停查询%(source)s
        title=_("Hold %(source)s in round %(number)s") % {"source": source.name, "number": number},
        # Translators: 恢复之前，本批次不再向该来源发出查询；其他来源照常进行。
        warning=_("The source is not asked in this round until somebody releases it; the others go on."),
        # Translators: 暂停该来源
        action=_("Hold the source"),
        after=reverse("verification:round", args=[number]),
        do=lambda reason: holding.hold(source, by=staff_of(request), reason=reason, within=found),
    )


def _ask_why(
    request: HttpRequest, found: Round, move: Move, warning: str, do: Callable[[Round, str], Any]
) -> HttpResponse:
    if reason := why_not(found, move, staff_of(request)):
        raise (NotAllowedError if reason.forbidden else MoveRefusedError)(reason.text)
    return reason_page(
        request,
        title=f"{move.label} {found.number}",
        warning=warning,
        action=str(move.label),
        after=reverse("verification:round", args=[found.number]),
        do=lambda text: do(found, text),
        summary=[(_("Name of the round"), found.name), (_("Households"), str(found.households))],
    )
