"""The scorecard of the sources: for the city's check officers, administrators and auditors. No household is shown."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from bureau import letters
from bureau.roles import Role
from verification import scorecard_papers
from verification import scorecards as cards
from verification.forms import MonthForm
from verification.models import FAILURES, ScorecardPaper, Source
from verification.pages import scorecards as pages
from verification.views.scope import staff_of
from verification.wording import outcome_name
from verification.wording.scorecards import month_name

PAGE_SIZE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def source_of(request: HttpRequest, code: str) -> Source:
    """The source, for whoever may read of it."""
    cards.require_reader(staff_of(request))
    found: Source = get_object_or_404(Source.objects.defer("secret"), code=code)
    return found


@require_GET
@never_cache
def month(request: HttpRequest) -> HttpResponse:
    """All sources in a month."""
    cards.require_reader(staff_of(request))
    chosen = pages.month_in(request.GET)
    context = pages.month_context(chosen, request.GET.get("sort", ""))
    form = MonthForm(initial={"month": f"{chosen:%Y-%m}"}, months=pages.month_choices())
    papers = scorecard_papers.of_month(chosen)
    may_issue = scorecard_papers.may_issue(staff_of(request))
    more = {"form": form, "papers": papers, "may_issue": may_issue}
    return render(request, "verification/scorecard.html", context | more)


@require_GET
@never_cache
def workbook(request: HttpRequest) -> HttpResponse:
    """The month as a workbook."""
    cards.require_reader(staff_of(request))
    chosen = pages.month_in(request.GET)
    content = scorecard_papers.workbook(cards.card(chosen))
    return _file(content, XLSX, f"scorecard-{chosen:%Y-%m}.xlsx", as_attachment=True)


@require_POST
def issue(request: HttpRequest) -> HttpResponse:
    """Put the month on paper, under a number, as it stands now."""
    chosen = pages.month_in(request.POST)
    document = scorecard_papers.document_of(scorecard_papers.issue(chosen, by=staff_of(request)))
    # Translators: 已生成 %(number)s
    messages.success(request, _("%(number)s has been made.") % {"number": document.number})
    return redirect(f"{reverse('verification:scorecard')}?month={chosen:%Y-%m}")


@require_GET
@never_cache
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """A scorecard on paper, as PDF."""
    cards.require_reader(staff_of(request))
    document = scorecard_papers.document_of(get_object_or_404(ScorecardPaper.objects.all(), pk=pk))
    return _file(letters.pdf_of(document), "application/pdf", f"{document.number}.pdf", as_attachment=False)


def _file(content: bytes, kind: str, name: str, *, as_attachment: bool) -> HttpResponse:
    disposition = content_disposition_header(as_attachment=as_attachment, filename=name) or ""
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": disposition})


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
