"""The pages of one case that are only read, tab by tab. Every one writes down who looked."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from applications import accepting, household_copies, referrals, result_objections
from applications.events import timeline_rows
from applications.guards import no_objection_to_result
from applications.models import Application
from applications.views import declared as words
from applications.views.authorisation import withdrawable
from applications.views.events import audit_rows
from applications.views.frame import case_of, frame, looked, require_casework, staff_of
from applications.views.referral import referred
from applications.views.steps import has_ended, next_words, steps
from applications.views.supplement import lane_of, supplement_rows
from bureau import masks
from bureau.models import AuditEntry, Document, TimelineEntry
from verification import pages
from verification.models import Check, Objection
from verification.pages.objections import objections_of

LOG_PAGE_SIZE = 30


@require_GET
def overview(request: HttpRequest, reference: str) -> HttpResponse:
    """Where the case stands, who has acted, what comes next."""
    case = case_of(request, reference)
    looked(request, case, "overview")
    declared, objections = words.read(case.declaration), objections_of(case.reference)
    context = {
        "steps": steps(case),
        "next_words": next_words(case),
        "has_ended": has_ended(case),
        "persons": words.persons(declared),
        "totals": words.totals(declared),
        "conclusion": getattr(case.current_check, "conclusion", None),
        "objected": no_objection_to_result(case, None),
        "waits": result_objections.why_waiting(case) if objections else "",
        "objections": objections,
        "supplements": supplement_rows(case),
        "may_supply": accepting.may_supply(case, staff_of(request)),
        "lane": lane_of(case),
    }
    return render(request, "applications/case.html", frame(request, case, "case") | context)


@require_GET
def household(request: HttpRequest, reference: str) -> HttpResponse:
    """The declaration as signed; `?version=` shows an earlier one."""
    case = case_of(request, reference)
    looked(request, case, "declaration")
    return render(request, "applications/household.html", _household(request, case))


def _household(request: HttpRequest, case: Application, revealed: str = "") -> dict[str, Any]:
    versions = list(case.declarations.defer("content").select_related("by"))
    wanted = request.GET.get("version", "")
    shown = case.declaration
    if wanted:
        if not wanted.isdecimal():
            raise Http404
        shown = get_object_or_404(case.declarations.select_related("by"), version=int(wanted))
    works = staff_of(request).works_on(case.office_code)
    declared = words.read(shown) if works else words.masked(words.read(shown))
    return frame(request, case, "case_household") | {
        "shown": shown,
        "versions": versions,
        "may_reveal": works and shown == case.declaration,
        "persons": words.persons(declared, revealed),
        "withdrawable": withdrawable(request, case),
        **words.belongings(declared),
        "nothing_declared": words.nothing_of(declared),
    }


@require_http_methods(["GET", "POST"])
def reveal(request: HttpRequest, reference: str, key: str) -> HttpResponse:
    """Show one member's whole ID number, and write down who saw it. Without htmx the whole page answers."""
    case = case_of(request, reference)
    if request.method == "GET":  # somebody changed the language on the page that answered
        return redirect("applications:case_household", reference)
    person = next((row for row in words.persons(words.read(case.declaration), key) if row["key"] == key), None)
    if person is None:
        raise Http404
    require_casework(request, case)
    looked(request, case, f"id_number:{key}", action="reveal")
    if getattr(request, "htmx", False):
        part = {"name": f"id-{key}", "masked": person["id_number"], "label": person["name"]}
        return render(request, "_parts/reveal.html", part)
    return render(request, "applications/household.html", _household(request, case, key))


@require_GET
def check(request: HttpRequest, reference: str) -> HttpResponse:
    """The order to the sources and what came back, live while they answer."""
    case = case_of(request, reference)
    looked(request, case, "check")
    context: dict[str, Any] = {"checks": list(_checks(case).select_related("conclusion", "ordered_by"))}
    if case.current_check is not None:
        context |= pages.progress_context(case.current_check, staff_of(request))
    return render(request, "applications/check.html", context | frame(request, case, "case_check"))


@require_GET
def statement(request: HttpRequest, reference: str) -> HttpResponse:
    """Declared beside verified, the criteria, the findings to settle, the conclusion."""
    case = case_of(request, reference)
    looked(request, case, "statement")
    context: dict[str, Any] = {"is_assessed": False, "is_concluded": household_copies.is_concluded(case)}
    current = case.current_check
    if current is not None and current.assessments.exists():
        staff = staff_of(request)
        context |= {
            "is_assessed": True,
            **pages.result_context(current, staff),
            "objections": objections_of(case.reference),
            "referrals": referred(case, staff),
            "may_refer": referrals.may_refer(case, staff),
        }
    return render(request, "applications/statement.html", context | frame(request, case, "case_statement"))


@require_GET
def papers(request: HttpRequest, reference: str) -> HttpResponse:
    """What the household brought, and who signed what."""
    case = case_of(request, reference)
    looked(request, case, "papers")
    shown = str if staff_of(request).works_on(case.office_code) else masks.name
    names = {member.key: shown(member.name) for member in case.members.defer("id_number")}
    signatures = [
        {"row": row, "what": what, "name": names.get(row.member_key, "--"), "signer": shown(row.signer)}
        # Translators: 守信承诺书 / 核对授权书
        for what, rows in (
            (_("Commitment of honesty"), case.commitments.select_related("form", "recorded_by", "scan")),
            (_("Authorisation to check"), case.authorisations.select_related("form", "recorded_by", "scan")),
        )
        for row in rows.order_by("member_key", "recorded_at")
    ]
    attachments = [
        {"row": paper, "name": names.get(paper.member_key, "")}
        for paper in case.attachments.select_related("uploaded_by", "removed_by", "certificate")
    ]
    context = {"attachments": attachments, "signatures": signatures}
    return render(request, "applications/papers.html", frame(request, case, "case_papers") | context)


@require_GET
def documents(request: HttpRequest, reference: str) -> HttpResponse:
    """Every letter and report that went out about this case, newest first."""
    case = case_of(request, reference)
    looked(request, case, "documents")
    rows = Document.objects.of(case, *_checks(case), *_objections(case)).select_related("superseded_by")
    rows = rows.defer("data", "superseded_by__data")
    return render(request, "applications/documents.html", frame(request, case, "case_documents") | {"documents": rows})


@require_GET
def timeline(request: HttpRequest, reference: str) -> HttpResponse:
    """What happened to the case, its checks and its objections, newest first."""
    case = case_of(request, reference)
    looked(request, case, "timeline")
    page = _page(request, TimelineEntry.objects.of(case, *_checks(case), *_objections(case)))
    names = [] if staff_of(request).works_on(case.office_code) else case.members.values_list("name", flat=True)
    context = {"page": page, "entries": timeline_rows(page.object_list, masked=names)}
    return render(request, "applications/timeline.html", frame(request, case, "case_timeline") | context)


@require_GET
def access_log(request: HttpRequest, reference: str) -> HttpResponse:
    """Who looked at this household's data: at the case, its checks, its letters."""
    case = case_of(request, reference)
    looked(request, case, "access log")
    letters = Document.objects.of(case, *_checks(case), *_objections(case)).select_related(None).only("pk")
    page = _page(request, AuditEntry.objects.of(case, *_checks(case), *letters))
    context = {"page": page, "entries": audit_rows(page.object_list)}
    return render(request, "applications/access_log.html", frame(request, case, "case_audit") | context)


def _checks(case: Application) -> Any:
    return Check.objects.filter(subject=case.reference).defer("declared")


def _objections(case: Application) -> Any:
    return Objection.objects.filter(subject=case.reference).only("pk")


def _page(request: HttpRequest, rows: Any) -> Any:
    return Paginator(rows, LOG_PAGE_SIZE).get_page(request.GET.get("page"))
