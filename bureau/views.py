"""Open a document, check one from outside by its code, read the audit trail."""

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bureau import audit, letters
from bureau.errors import NotAllowedError
from bureau.forms import AuditFilterForm, ReasonForm, ask_reason
from bureau.models import AuditEntry, Document, Office, Staff
from bureau.querysets import within
from bureau.roles import Role

ROWS = 50


def _staff(request: HttpRequest) -> Staff:
    staff: Staff = request.user  # type: ignore[assignment]
    return staff


@require_http_methods(["GET", "HEAD", "POST"])
def document_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The PDF, typeset now if it was not yet; filed as a download under the case that the document belongs to.

    An auditor, who only reads, says why first.
    """
    staff = _staff(request)
    document = get_object_or_404(Document.objects.visible_to(staff), pk=pk)
    reason = ""
    works, what = document.is_work_of(staff), f"{document.title} {document.number}"
    if not works:
        asked = ReasonForm(request.POST or None)
        if not asked.is_valid():
            return ask_reason(request, asked, f"{document.kind_in_words} {document.number}")
        reason = asked.cleaned_data["reason"]
    content = letters.pdf_of(document)
    subject = apps.get_model(document.subject_kind)._default_manager.filter(pk=document.subject_id).first()
    number = request.META.get("REQUEST_NUMBER", "")
    audit.look(
        staff,
        subject or document,
        purpose=what if works else audit.purpose_of(staff, document.office_code, what, reason),
        action="download",
        fields=["document"],
        request_number=number,
    )
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=False, filename=f"{document.number}.pdf")
        or "inline",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type="application/pdf", headers=headers)


@login_not_required  # whoever holds the paper may ask whether it is genuine; nothing about the household is told
@require_safe
def check_document(request: HttpRequest, check_code: str) -> HttpResponse:
    """Whether a document with this code went out and still stands; no personal data."""
    document = Document.objects.filter(check_code=check_code.upper()).select_related("superseded_by").first()
    context = {"document": document, "check_code": check_code}
    return render(request, "bureau/check_document.html", context, status=200 if document else 404)


@require_http_methods(["GET", "HEAD", "POST"])
def audit_list(request: HttpRequest) -> HttpResponse:
    """Who looked at whose data: for auditors, within their offices. The auditor's own search is recorded too.

    Filtered by POST, as people are found: what is typed there never gets into an address.
    """
    staff = _staff(request)
    if not staff.holds(Role.AUDITOR):
        raise NotAllowedError(_("Only auditors read the access log."))
    form = AuditFilterForm(request.POST or None)
    mine = within(staff.scopes_as(Role.AUDITOR))
    entries: QuerySet[AuditEntry] = AuditEntry.objects.filter(mine).select_related("staff")
    if form.is_valid():
        entries = _filtered(entries, form.cleaned_data)
    page = Paginator(entries, ROWS).get_page(request.POST.get("page") or request.GET.get("page"))
    asked = ", ".join(
        str(value) for value in (form.cleaned_data if form.is_bound and form.is_valid() else {}).values() if value
    )
    audit.search(
        staff,
        asked or "*",
        found=page.paginator.count,
        request_number=request.META.get("REQUEST_NUMBER", ""),
    )
    rows = _rows(list(page))
    context = {"form": form, "page": page, "rows": rows}
    return render(request, "bureau/audit.html", context, status=422 if form.errors else 200)


def _rows(entries: Sequence[AuditEntry]) -> list[tuple[AuditEntry, str, str]]:
    """(entry, name of the office, purpose in words); one query for the names of all offices."""
    offices = {office.code: office.name for office in Office.objects.filter(code__in={e.office_code for e in entries})}
    names = [offices.get(entry.office_code, entry.office_code) for entry in entries]
    return list(zip(entries, names, audit.purposes_in_words(entries), strict=True))


def _filtered(entries: QuerySet[AuditEntry], asked: dict[str, Any]) -> QuerySet[AuditEntry]:
    if asked["staff"]:
        entries = entries.filter(Q(staff__username=asked["staff"]) | Q(staff__name__contains=asked["staff"]))
    if asked["reference"]:
        entries = entries.filter(reference__iexact=asked["reference"].strip())
    if asked["from_on"]:
        entries = entries.filter(at__date__gte=asked["from_on"])
    if asked["to_on"]:
        entries = entries.filter(at__date__lte=asked["to_on"])
    return entries
