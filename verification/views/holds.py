"""The page on which an officer releases a source that is held, after a reason."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bureau.confirming import WhyForm
from verification import holding
from verification.forms import VerdictForm
from verification.models import Hold, Round
from verification.pages.holds import hold_context
from verification.views.scope import require_centre, staff_of


def hold_of(request: HttpRequest, pk: int) -> Hold:
    """The hold, of a round in this person's scope or of none, else 404; for check officers and auditors."""
    require_centre(request)
    holds = Hold.objects.select_related("source", "round", "held_by", "released_by").defer("source__secret")
    held: Hold = get_object_or_404(holds, pk=pk)
    if held.round is not None:
        get_object_or_404(Round.objects.visible_to(staff_of(request)), pk=held.round.pk)
    return held


@require_http_methods(["GET", "POST"])
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask a held source again, after a reason."""
    held = hold_of(request, pk)
    after = reverse("verification:round", args=[held.round.number]) if held.round else reverse("verification:board")
    form = (VerdictForm if held.doubted_from else WhyForm)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        holding.release(held, by=staff_of(request), **form.cleaned_data)
        # Translators: %(source)s已恢复查询。
        messages.success(request, _("%(source)s is released.") % {"source": held.source.name})
        return redirect(after)
    context = hold_context(held, staff_of(request)) | {"form": form, "cancel_url": after}
    return render(request, "verification/release.html", context, status=422 if form.errors else 200)
