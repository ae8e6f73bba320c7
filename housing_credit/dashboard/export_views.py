"""The pages of exports: ask for one, watch it, take it. Everybody sees the own ones only; every download is a look."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from bureau import audit, sending
from housing_credit.dashboard import exporting
from housing_credit.dashboard.models import Export
from housing_credit.dashboard.views import reader_of
from housing_credit.dashboard.words import period_name

PAGE_SIZE = 20
QUERY = ("period", "by", "district", "kind", "source", "stage")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPES = {Export.Form.XLSX.value: XLSX, Export.Form.PDF.value: "application/pdf"}
TONES = {Export.State.DONE: "success", Export.State.FAILED: "danger", Export.State.RUNNING: "info"}


@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Have an export made; then the list of one's own."""
    staff = reader_of(request)
    query = {name: request.POST[name] for name in QUERY if request.POST.get(name)}
    what, form = request.POST.get("what", ""), request.POST.get("form", "")
    export = exporting.begin(what, form, query, by=staff, lang=get_language() or "zh-hans")
    # Translators: 导出 %(number)s 正在后台生成。
    messages.success(request, _("Export %(number)s is being made in the background.") % {"number": export.number})
    return redirect("dashboard:exports")


@require_GET
@never_cache
def history(request: HttpRequest) -> HttpResponse:
    """My exports, the newest first."""
    return render(request, "dashboard/exports.html", _context(request))


@require_GET
@never_cache
def progress(request: HttpRequest) -> HttpResponse:
    """The moving part of the page, for htmx."""
    return render(request, "dashboard/_exports.html", _context(request))


@require_GET
@never_cache
def file(request: HttpRequest, pk: int) -> FileResponse:
    """The file of an export of one's own."""
    staff = reader_of(request)
    export: Export = get_object_or_404(Export, pk=pk, by=staff)
    if export.state != Export.State.DONE:
        raise Http404
    number = request.META.get("REQUEST_NUMBER", "")
    purpose = exporting.purpose_of(staff)
    audit.look(staff, export, purpose=purpose, action="download", fields=["export"], request_number=number)
    return sending.scan(export.file, called=export.number, content_type=TYPES[export.form])


def _context(request: HttpRequest) -> dict[str, Any]:
    staff = reader_of(request)
    page = Paginator(Export.objects.filter(by=staff), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [
        {
            "export": export,
            "title": exporting.title_of(export),
            "period": period_name(exporting.form_of(export).chosen.period),
            "tone": TONES.get(Export.State(export.state), "neutral"),
        }
        for export in page.object_list
    ]
    active = any(export.is_open for export in page.object_list)
    ready = sum(export.state == Export.State.DONE for export in page.object_list)
    url = f"{reverse('dashboard:exports_progress')}?page={page.number}"
    return {"page": page, "rows": rows, "active": active, "ready": ready, "url": url}
