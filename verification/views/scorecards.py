"""The scorecard of the sources: for the city's check officers, administrators and auditors. No household is shown."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from bureau.errors import NotAllowedError
from bureau.roles import Role
from verification import orders
from verification.forms import MonthForm
from verification.models import FAILURES, Source
from verification.pages import scorecards as pages
from verification.views.scope import staff_of
from verification.wording import outcome_name
from verification.wording.scorecards import month_name

PAGE_SIZE = 50


def require_reader(request: HttpRequest) -> None:
    """`NotAllowedError` for everybody who has nothing to do with how the sources fare."""
    staff = staff_of(request)
    reads = staff.holds(Role.AUDITOR, Role.ADMINISTRATOR) or staff.has_role(Role.CHECK_OFFICER, orders.CITY)
    if not (reads or staff.is_superuser):
        # Translators: 来源评价表供市级核对员、系统管理员和审计员查看。
        raise NotAllowedError(_("The scorecard is for the city's check officers, administrators and auditors."))


def source_of(request: HttpRequest, code: str) -> Source:
    """The source, for whoever may read of it."""
    require_reader(request)
    found: Source = get_object_or_404(Source.objects.defer("secret"), code=code)
    return found


@require_GET
@never_cache
def month(request: HttpRequest) -> HttpResponse:
    """All sources in a month."""
    require_reader(request)
    chosen = pages.month_in(request.GET)
    context = pages.month_context(chosen, request.GET.get("sort", ""))
    form = MonthForm(initial={"month": f"{chosen:%Y-%m}"}, months=pages.month_choices())
    return render(request, "verification/scorecard.html", {**context, "form": form})


@require_GET
@never_cache
def source(request: HttpRequest, code: str) -> HttpResponse:
    """Twelve months of one source."""
    return render(request, "verification/scorecard_source.html", pages.source_context(source_of(request, code)))


@require_GET
@never_cache
def failed(request: HttpRequest, code: str) -> HttpResponse:
    """The requests of a month that brought no answer: when, how long, what was wrong. Nothing of what was asked."""
    found, chosen, sort = source_of(request, code), pages.month_in(request.GET), request.GET.get("sort", "")
    page = Paginator(pages.failed_requests(found, chosen, sort), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [
        {
            "exchange": row,
            "words": outcome_name(row.outcome),
            "took": f"{(row.ended_at - row.asked_at).total_seconds():,.1f}",
        }
        for row in page.object_list
    ]
    tabs = [
        {
            # Translators: 全部
            "label": outcome_name(each) if each else _("All"),
            "url": f"?month={chosen:%Y-%m}" + (f"&sort={each}" if each else ""),
            "current": each == (sort if sort in FAILURES else ""),
        }
        for each in ("", *FAILURES)
    ]
    context = {"source": found, "page": page, "rows": rows, "tabs": tabs}
    return render(request, "verification/scorecard_failed.html", context | _month(chosen))


@require_GET
@never_cache
def contradicted(request: HttpRequest, code: str) -> HttpResponse:
    """The lines of a month's answers that the source corrected after an objection."""
    found, chosen = source_of(request, code), pages.month_in(request.GET)
    page = Paginator(pages.contradicted_lines(found, chosen), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"source": found, "page": page, "reads_checks": staff_of(request).holds(Role.CHECK_OFFICER, Role.AUDITOR)}
    return render(request, "verification/scorecard_contradicted.html", context | _month(chosen))


def _month(chosen: object) -> dict[str, str]:
    return {"month": f"{chosen:%Y-%m}", "month_words": month_name(chosen)}  # type: ignore[arg-type]
