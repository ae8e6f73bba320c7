"""The access slip at the window: asked for by POST, so that no ID number gets into an address; page and paper."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from applications import access_slips
from applications.access_slips import Asking
from applications.forms.access_slip import AccessSlipForm
from applications.models import AccessSlip
from applications.views.frame import staff_of
from bureau import audit
from bureau.errors import NotAllowedError, UnfitDataError
from bureau.roles import Role


@require_http_methods(["GET", "POST"])
@never_cache
def ask(request: HttpRequest) -> HttpResponse:
    """The form of the window; a slip that was handed out is shown on its own page."""
    staff = staff_of(request)
    if not staff.holds(Role.CLERK):
        raise NotAllowedError(_("Slips are handed out at the windows."))
    form = AccessSlipForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = {name: form.cleaned_data[name] for name in Asking._fields}
        try:
            slip = access_slips.issue(Asking(**data), by=staff, request_number=request.META.get("REQUEST_NUMBER", ""))
        except UnfitDataError as error:
            form.add_error(None, str(error))
        else:
            return redirect("applications:access_slip", slip.number)
    return render(request, "applications/access_slip_ask.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
@never_cache
def slip(request: HttpRequest, number: str) -> HttpResponse:
    """One slip, as its letter tells it. An auditor sees that it was handed out and to whom, and no line of it."""
    staff = staff_of(request)
    found: AccessSlip = get_object_or_404(
        AccessSlip.objects.visible_to(staff).select_related("office", "by"), number=number
    )
    works = staff.works_on(found.office_code)
    purpose = audit.purpose_of(staff, found.office_code, access_slips.PURPOSE)
    audit.look(staff, found, purpose=purpose, fields=["slip"], request_number=request.META.get("REQUEST_NUMBER", ""))
    context = {
        "slip": found,
        "letter": access_slips.shown(found) if works else None,
        "document": access_slips.document_of(found),
    }
    return render(request, "applications/access_slip.html", context)
