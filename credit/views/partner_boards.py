"""What departments asked, what did not reach them, and where they still punish."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from bureau import audit
from bureau.errors import NotAllowedError
from bureau.roles import Role
from credit import hooks
from credit.models import Acknowledgement, Delivery, PartnerCall
from credit.partner_forms import QueryForm
from credit.views.partners import answer_of
from credit.views.scope import require_registry, staff_of

PAGE_SIZE = 25
NEWEST = 200


@require_http_methods(["GET", "POST"])
@never_cache
def queries(request: HttpRequest) -> HttpResponse:
    """The newest queries of departments, also those about one person, who may ask. The search is recorded.

    Sent by POST: what is typed never gets into an address.
    """
    require_registry(request)
    form = QueryForm(request.POST or None)
    found = PartnerCall.objects.select_related("partner", "purpose")
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    if asked.get("partner"):
        found = found.filter(partner=asked["partner"])
    if asked.get("outcome") == "refused":
        found = found.exclude(outcome__in=PartnerCall.ANSWERS)
    elif asked.get("outcome"):
        found = found.filter(outcome=asked["outcome"])
    if asked.get("subject"):
        found = found.filter(subject_index=asked["subject"])
    if asked.get("until"):
        found = found.filter(at__date__lte=asked["until"])
    rows = [(each, answer_of(each)) for each in found[:NEWEST]]
    sought = f"queries of {asked.get('partner') or '*'}" + (", one subject" if asked.get("subject") else "")
    number = request.META.get("REQUEST_NUMBER", "")
    audit.search(staff_of(request), sought, found=len(rows), request_number=number)
    context = {"form": form, "rows": rows, "newest": NEWEST}
    return render(request, "credit/queries.html", context, status=422 if form.errors else 200)


@require_GET
def dead_deliveries(request: HttpRequest) -> HttpResponse:
    """Events that did not reach a department after all tries."""
    require_registry(request, Role.ADMINISTRATOR)
    rows = Delivery.objects.dead().select_related("partner", "event__sanction__case")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    waiting = Delivery.objects.filter(state=Delivery.State.WAITING).count()
    page.object_list = [(row, _why(row.last_error)) for row in page.object_list]
    context = {"page": page, "waiting": waiting, "may_send": _may_send(request)}
    return render(request, "credit/deliveries.html", context)


@require_http_methods(["GET", "POST"])
def resend(request: HttpRequest, pk: int) -> HttpResponse:
    """Send an event again that was given up."""
    if not _may_send(request):
        raise NotAllowedError(_("Your posting does not include this work."))
    delivery: Delivery = get_object_or_404(Delivery, pk=pk)
    if request.method == "POST":
        hooks.resend(delivery)
        messages.success(request, _("It is being sent again."))
    return redirect("credit:deliveries")


@require_GET
def still_applied(request: HttpRequest) -> HttpResponse:
    """Released here, still punished there."""
    require_registry(request)
    rows = Acknowledgement.objects.still_applied().select_related("partner", "event__sanction__case")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "credit/still_applied.html", {"page": page})


def _why(error: str) -> str:
    """The words for what went wrong (credit.hooks)."""
    code, _blank, detail = error.partition(" ")
    if code == "status":
        return _("The department answers with status %(status)s.") % {"status": detail}
    if code == "no_connection":
        return _("No connection to the department.")
    return _("We do not send to this address.")


def _may_send(request: HttpRequest) -> bool:
    return staff_of(request).holds(Role.CREDIT_OFFICER, Role.ADMINISTRATOR)
