"""The pages of request lists: send one, read one, bring its reply in, take it back. No file is laid on the disk."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bureau.confirming import reason_page
from verification import manual, manual_replies
from verification.forms import ListForm
from verification.models import ManualRequest
from verification.pages.lists import list_context
from verification.spreadsheet import LARGEST_FILE, Problem
from verification.views.board import source_of
from verification.views.scope import staff_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def list_of(request: HttpRequest, code: str, list_number: str) -> ManualRequest:
    """The list of this source; lists are for the check centre's officers and for auditors."""
    source = source_of(request, code)
    rows = ManualRequest.objects.select_related(
        "exported_by", "imported_by", "taken_back_by", "uploaded_by", "exchange"
    )
    found: ManualRequest = get_object_or_404(
        rows.defer("exchange__request", "exchange__reply"), source=source, number=list_number
    )
    found.source = source
    return found


@require_POST
def export(request: HttpRequest, code: str) -> HttpResponse:
    """Put who waits for this source on a list; the file is fetched from its page."""
    found = manual.export(source_of(request, code), by=staff_of(request))
    # Translators: 已生成清单 %(number)s（%(count)s 户）。请下载后发往该来源。
    text = ngettext(
        "List %(number)s holds %(count)s household. Download it and send it to the source.",
        "List %(number)s holds %(count)s households. Download it and send it to the source.",
        found.households,
    )
    messages.success(request, text % {"number": found.number, "count": found.households})
    return redirect("verification:board_list", code, found.number)


@require_GET
@never_cache
def request_list(request: HttpRequest, code: str, list_number: str) -> HttpResponse:
    """One list: what it holds, when it is due, the form for its reply."""
    found = list_of(request, code, list_number)
    context = list_context(found, staff_of(request)) | {"form": ListForm()}
    return render(request, "verification/request_list.html", context)


@require_GET
def file(request: HttpRequest, code: str, list_number: str) -> HttpResponse:
    """The workbook. It is full of ID numbers: kept by nobody on the way, and a look at every household."""
    found = list_of(request, code, list_number)
    content = manual.file_of(found, by=staff_of(request), request_number=request.META.get("REQUEST_NUMBER", ""))
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=f"{found.number}.xlsx") or "",
        "Cache-Control": "no-store",
    }
    return HttpResponse(content, content_type=XLSX, headers=headers)


@require_POST
@never_cache
def upload(request: HttpRequest, code: str, list_number: str) -> HttpResponse:
    """Look through a filled list: everything that is wrong with it, or what it would bring."""
    found, staff = list_of(request, code, list_number), staff_of(request)
    manual.require_officer(staff)
    manual.require_open(found)
    form = ListForm(request.POST, request.FILES)
    problems: tuple[Problem, ...] = ()
    if form.is_valid():
        given = form.cleaned_data["file"]
        too_large = given.size > LARGEST_FILE
        problems = (Problem("too_large"),) if too_large else manual_replies.take_in(found, given.read(), by=staff)
        if not problems:
            return redirect("verification:board_list", code, list_number)
    context = list_context(found, staff, problems) | {"form": form}
    return render(request, "verification/request_list.html", context, status=422)


@require_POST
def bring_in(request: HttpRequest, code: str, list_number: str) -> HttpResponse:
    """Write the answers of the list that was found in order."""
    count = manual_replies.bring_in(list_of(request, code, list_number), by=staff_of(request))
    # Translators: 已导入 %(count)s 户的答复。
    text = ngettext(
        "The answers on %(count)s household are brought in.",
        "The answers on %(count)s households are brought in.",
        count,
    )
    messages.success(request, text % {"count": count})
    return redirect("verification:board_list", code, list_number)


@require_http_methods(["GET", "POST"])
def take_back(request: HttpRequest, code: str, list_number: str) -> HttpResponse:
    """Ask over the wire again, after a reason."""
    found = list_of(request, code, list_number)
    manual.require_officer(staff_of(request))
    manual.require_open(found)
    return reason_page(
        request,
        # Translators: 收回清单 %(number)s
        title=_("Take back list %(number)s") % {"number": found.number},
        # Translators: 收回后立即恢复由系统查询，该清单的答复不能再导入。
        warning=_("The source is asked over the wire again at once, and no reply to this list is taken any more."),
        # Translators: 收回清单
        action=_("Take back the list"),
        after=reverse("verification:board_list", args=[code, list_number]),
        do=lambda reason: manual.take_back(found, by=staff_of(request), reason=reason),
        summary=[(_("Households"), str(found.households))],
    )
