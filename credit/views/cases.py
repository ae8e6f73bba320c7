"""The pages of credit cases: the list, one case, and each deed on it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from bureau import sending
from bureau.confirming import reason_page
from bureau.errors import MoveRefusedError, NotAllowedError, UnfitDataError
from bureau.forms import ReasonForm, ask_reason
from bureau.moves import why_not
from bureau.roles import Role
from credit.deed import Deed
from credit.deeds import BY_NAME
from credit.forms import OfCase, SearchForm
from credit.models import Case
from credit.pages import case_context, case_rows, works
from credit.views.scope import case_of, looked, opened, require_registry, staff_of, tabs_of

PAGE_SIZE = 25


@require_GET
def case_list(request: HttpRequest) -> HttpResponse:
    """The cases in scope by status, those that changed last first; found by number."""
    require_registry(request, Role.PANEL_MEMBER)
    form = SearchForm(request.GET)
    found = Case.objects.visible_to(staff_of(request))
    if form.is_valid() and (wanted := form.cleaned_data["q"].strip()):
        found = found.filter(number__iexact=wanted)
    names = Case.Status.values
    counted = found.aggregate(all=Count("pk"), **{name: Count("pk", Q(status=name)) for name in names})
    tab = request.GET.get("tab", "")
    shown = found.filter(status=tab) if tab in names else found
    rows = shown.select_related("act").prefetch_related("parties__subject").order_by("-status_since", "-pk")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": case_rows(page.object_list, staff_of(request)),
        "tabs": tabs_of(request, "credit:cases", Case.Status.choices, counted),
    }
    return render(request, "credit/cases.html", context)


@require_GET
@never_cache
def case_page(request: HttpRequest, number: str) -> HttpResponse:
    """One case."""
    return _page(request, case_of(request, number), {})


def _page(request: HttpRequest, case: Case, forms: dict[str, OfCase], status: int = 200) -> HttpResponse:
    looked(request, case, "facts", "evidence")
    context = case_context(case, staff_of(request), forms)
    return render(request, "credit/case.html", context | {"wrong": list(forms.values())}, status=status)


@require_http_methods(["GET", "POST"])
def scan(request: HttpRequest, number: str, pk: int) -> HttpResponse | FileResponse:
    """Open the scan of a piece of evidence: decrypted, written down as a download.

    An auditor, from whom names are hidden on the page but not on the paper, says why first.
    """
    case = case_of(request, number)
    found = get_object_or_404(case.evidence.exclude(scan=""), pk=pk)
    reason = ""
    if not works(staff_of(request)):
        asked = ReasonForm(request.POST or None)
        if not asked.is_valid():
            return ask_reason(request, asked, found.kind)
        reason = asked.cleaned_data["reason"]
    opened(request, case, "evidence", reason=reason)
    return sending.scan(found.scan, called=f"{number}-{found.pk}", content_type=found.content_type)


@require_http_methods(["GET", "POST"])
@never_cache
def deed(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """Do something on a case: with its form, with a reason, or at once."""
    case, found = case_of(request, number), BY_NAME.get(name)
    if found is None:
        raise Http404
    if found.why:
        return _with_reason(request, case, found)
    if found.apart:
        return _apart(request, case, found)
    if request.method == "GET":  # somebody signed in again after the form was sent
        return redirect("credit:case", case.number)
    _require(request, case, found)
    form = found.form(request.POST, request.FILES, case=case, prefix=found.name) if found.form else None
    if (form is None or form.is_valid()) and _done(request, case, found, form):
        messages.success(request, _("Done: %(what)s.") % {"what": found.label})
        return redirect("credit:case", case.number)
    return _page(request, case, {found.name: form} if form else {}, 422)


def _apart(request: HttpRequest, case: Case, found: Deed) -> HttpResponse:
    """The page of a deed whose form is not on the page of its case."""
    _require(request, case, found)
    form: Any = found.form(request.POST or None, case=case) if found.form else None
    if request.method == "POST" and form.is_valid() and _done(request, case, found, form):
        messages.success(request, _("Done: %(what)s.") % {"what": found.label})
        return redirect("credit:case", case.number)
    context = {"case": case, "form": form, "label": found.label}
    return render(request, "credit/deed.html", context, status=422 if form.errors else 200)


def _with_reason(request: HttpRequest, case: Case, found: Deed) -> HttpResponse:
    _require(request, case, found)
    return reason_page(
        request,
        title=f"{found.label} · {case.number}",
        warning=str(found.why),
        action=str(found.label),
        after=reverse("credit:case", args=[case.number]),
        do=lambda reason: found.do(case, reason, staff_of(request)),
    )


def _require(request: HttpRequest, case: Case, found: Deed) -> None:
    """Refuse what is not this person's, or not now, before any form is looked at."""
    staff = staff_of(request)
    if found.move:
        if reason := why_not(case, found.move, staff):
            raise (NotAllowedError if reason.forbidden else MoveRefusedError)(reason.text)
    elif not staff.has_role(found.who, case.office_code):
        raise NotAllowedError(_("Your posting does not include this work."))
    elif not found.is_for(case, staff):
        raise MoveRefusedError(_("This is not done at this stage of the case, or not by you."))


def _done(request: HttpRequest, case: Case, found: Deed, form: Any) -> bool:
    """Do it; what the work would not take stands above the form then, or at the field that it is about."""
    try:
        found.do(case, form, staff_of(request))
    except (UnfitDataError, MoveRefusedError) as error:
        if form is None:
            raise
        fields = error.fields if isinstance(error, UnfitDataError) else {}
        form.add_error(next((name for name in fields if name in form.fields), None), str(error))
        return False
    return True
