"""The pages of leads: the list, one lead, a lead by hand; opening a case and dismissing."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from bureau.confirming import reason_page
from bureau.errors import MoveRefusedError, NotAllowedError, UnfitDataError
from bureau.moves import Move, why_not
from bureau.roles import Role
from credit import leads, moves
from credit.forms import LeadForm, OpenForm, SearchForm
from credit.leads import Named
from credit.models import Lead
from credit.pages import hidden_from, lead_rows, name_of, told, tone_of
from credit.policies import SubjectKind
from credit.views.scope import lead_of, looked, require_officer, require_registry, staff_of, tabs_of

PAGE_SIZE = 25


@require_GET
def lead_list(request: HttpRequest) -> HttpResponse:
    """The leads in scope by status, the newest first; found by number."""
    require_registry(request)
    form = SearchForm(request.GET)
    found = Lead.objects.visible_to(staff_of(request))
    if form.is_valid() and (wanted := form.cleaned_data["q"].strip()):
        found = found.filter(number__iexact=wanted)
    names = Lead.Status.values
    counted = found.aggregate(all=Count("pk"), **{name: Count("pk", Q(status=name)) for name in names})
    tab = request.GET.get("tab", "")
    shown = found.filter(status=tab) if tab in names else found
    rows = shown.select_related("act").prefetch_related("subjects")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": lead_rows(page.object_list, staff_of(request)),
        "tabs": tabs_of(request, "credit:leads", Lead.Status.choices, counted),
        "may_enter": staff_of(request).holds(Role.CREDIT_OFFICER),
    }
    return render(request, "credit/leads.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
def new_lead(request: HttpRequest) -> HttpResponse:
    """Enter a report of the public, of a department, or an employer's pattern."""
    require_officer(request)
    form = LeadForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        staff = staff_of(request)
        try:
            lead = leads.take(
                Lead.Kind(data["kind"]),
                about=[Named(data["name"], data["identifier"], SubjectKind(data["subject_kind"]))],
                text=data["text"],
                reporter=data["reporter"],
                received_on=data["received_on"],
                office_code=next(seat.office.code for seat in staff.seats if seat.role == Role.CREDIT_OFFICER),
                by=staff,
            )
        except UnfitDataError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Lead %(number)s has been entered.") % {"number": lead.number})
            return redirect("credit:lead", lead.number)
    return render(request, "credit/lead_new.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@never_cache
def lead_page(request: HttpRequest, number: str) -> HttpResponse:
    """One lead, and the form by which a case is opened of it."""
    lead, staff = lead_of(request, number), staff_of(request)
    form = OpenForm(request.POST or None, lead=lead)
    if request.method == "POST":
        _require(lead, moves.OPEN, request)
        if form.is_valid():
            data = {name: value for name, value in form.cleaned_data.items() if name != "actors"}
            try:
                case = leads.open_case(lead, by=staff, actors=form.chosen(), **data)
            except UnfitDataError as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("Case %(number)s has been opened.") % {"number": case.number})
                return redirect("credit:case", case.number)
    looked(request, lead, "facts")
    subjects = list(lead.subjects.order_by("pk"))
    context = {
        "lead": told([lead], "text", hidden=hidden_from(staff, subjects))[0],
        "tone": tone_of(lead),
        "about": [{"name": name_of(subject, staff), "kind": subject.get_kind_display()} for subject in subjects],
        "form": form if why_not(lead, moves.OPEN, staff) is None else None,
        "dismiss_url": reverse("credit:dismiss", args=[lead.number])
        if why_not(lead, moves.DISMISS, staff) is None
        else "",
        "case": getattr(lead, "case", None),
        "shows_reporter": staff.holds(Role.CREDIT_OFFICER),
    }
    return render(request, "credit/lead.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def dismiss(request: HttpRequest, number: str) -> HttpResponse:
    """Nothing follows from a lead, after a reason."""
    lead = lead_of(request, number)
    _require(lead, moves.DISMISS, request)
    return reason_page(
        request,
        title=_("Open no case of lead %(number)s") % {"number": lead.number},
        # Translators: 不予立案后，该线索不能再立案。
        warning=_("No case can be opened of it afterwards."),
        action=str(moves.DISMISS.label),
        after=reverse("credit:lead", args=[lead.number]),
        do=lambda reason: leads.dismiss(lead, by=staff_of(request), reason=reason),
    )


def _require(lead: Lead, move: Move, request: HttpRequest) -> None:
    """No form for what cannot be done: the refusal that the move itself would meet."""
    if reason := why_not(lead, move, staff_of(request)):
        raise (NotAllowedError if reason.forbidden else MoveRefusedError)(reason.text)
