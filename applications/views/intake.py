"""The window: start an application, its task list, its sections with autosave."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from applications import drafting, guards, intake
from applications.forms.casework import place_to_mend
from applications.forms.household import Household
from applications.forms.sections import INCOME, MEMBERS, SECTIONS, Content, Section, SectionForm
from applications.forms.typed import content_from, with_row, without_blank_rows, without_row
from applications.models import Application
from applications.views.draft_steps import steps_of
from applications.views.frame import looked, staff_of
from bureau import workdays
from bureau.errors import NotAllowedError, StaleError
from bureau.roles import Role

EDITABLE = (Application.Status.DRAFT, Application.Status.RETURNED)


class StartForm(forms.Form):
    """What is applied for."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What does the household apply for?"),
        choices=Application.Kind.choices,
        widget=forms.RadioSelect,
    )


def draft_of(request: HttpRequest, reference: str) -> Application:
    """The application in this person's scope, else 404; 403 for everybody but a clerk of its window."""
    cases = Application.objects.visible_to(staff_of(request)).select_related("draft", "office")
    application: Application = get_object_or_404(cases, reference=reference)
    if reason := guards.own_window(application, staff_of(request)):
        raise NotAllowedError(reason)
    return application


def open_draft_of(request: HttpRequest, reference: str) -> Application:
    """As `draft_of`, and `StaleError` (409) when it has been submitted or ended meanwhile."""
    application = draft_of(request, reference)
    if application.status not in EDITABLE:
        raise StaleError(_("This application has been submitted; it can no longer be edited."))
    return application


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """What the household needs to bring, and which benefit it asks for; opens the draft."""
    staff = staff_of(request)
    if not staff.holds(Role.CLERK):
        raise NotAllowedError(_("Only a window clerk takes applications."))
    form = StartForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect("applications:task_list", intake.open_draft(form.cleaned_data["kind"], by=staff).reference)
    return render(request, "applications/intake/start.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
def task_list(request: HttpRequest, reference: str) -> HttpResponse:
    """The sections and how far each is; for a returned case the desk's opinion on top."""
    application = draft_of(request, reference)
    if application.status not in EDITABLE:
        return redirect("applications:case", reference)
    steps = steps_of(application, Household(application.draft.sections))
    opinion = application.opinions.filter(outcome="return").select_related("office", "by").order_by("-at").first()
    looked(request, application, "task list")
    context = {
        "application": application,
        "groups": steps,
        "done": sum(task["state"] == "done" for _label, tasks in steps for task in tasks),
        "total": sum(len(tasks) for _label, tasks in steps),
        "opinion": opinion if application.status == Application.Status.RETURNED else None,
        "mend_url": _mend_url(application, opinion.text) if opinion else "",
        "returned": application.status == Application.Status.RETURNED,
    }
    return render(request, "applications/intake/task_list.html", context)


def _mend_url(application: Application, opinion: str) -> str:
    page = place_to_mend(opinion)
    return reverse(f"applications:{page}", args=[application.reference]) if page else ""


@require_http_methods(["GET", "POST"])
def section(request: HttpRequest, reference: str, name: str) -> HttpResponse:
    """One section: shown as kept; saved, with rows added and removed, by plain forms."""
    application = open_draft_of(request, reference)
    household = Household(application.draft.sections)
    if request.method == "POST":
        return _save(request, application, household, SECTIONS[name])
    bound = household[name]
    if not bound.started or (bound.state == "in_progress" and "check" not in request.GET):
        bound = household.bind(name, _with_first_row(SECTIONS[name], household.sections.get(name)), checked=False)
    return _page(request, application, household, bound, version=application.draft.version)


def _with_first_row(wanted: Section, content: Content | None) -> Content:
    """A section not begun shows a first blank row."""
    begun: Content = {"none": "", "rows": [], **(content or {})}
    if begun["rows"] or begun["none"] or wanted is INCOME:
        return begun
    return with_row(wanted, begun)


def _typed(request: HttpRequest, household: Household, wanted: Section) -> Content:
    last = (household.sections.get(MEMBERS.name) or {}).get("last", 1)
    return content_from(wanted, request.POST.dict(), household.people, last)


def _save(request: HttpRequest, application: Application, household: Household, wanted: Section) -> HttpResponse:
    """Keep what was typed; then show it again with what is wrong, or go on to where the clerk wanted."""
    typed = _typed(request, household, wanted)
    asked = next((verb for verb in ("add", "remove", "leave") if verb in request.POST), "save")
    content = _changed(wanted, typed, asked, request.POST.get("remove", ""))
    try:
        version = intake.save_section(
            application, wanted.name, content, version=_version(request), by=staff_of(request), page=_token(request)
        )
    except StaleError as error:
        shown = household.bind(wanted.name, typed, checked=False)
        return _page(
            request, application, household, shown, version=error.facts["version"], stale=str(error), status=409
        )
    household = Household({**household.sections, wanted.name: content})
    if asked in {"add", "remove"}:
        shown = household.bind(wanted.name, _with_first_row(wanted, content), checked=False)
        return _page(
            request, application, household, shown, version=version, added=asked == "add", removed=asked == "remove"
        )
    if asked == "leave":
        return redirect("applications:task_list", application.reference)
    if not household[wanted.name].is_valid():
        return _page(request, application, household, household[wanted.name], version=version, status=422)
    return redirect(_next(application, wanted, request.POST.get("next", "")))


def _changed(wanted: Section, typed: Content, asked: str, place: str) -> Content:
    if asked == "add" and wanted.add:
        return with_row(wanted, typed)
    if asked == "remove" and place.isdecimal():
        return without_row(typed, int(place))
    return without_blank_rows(wanted, typed)


def _version(request: HttpRequest) -> int:
    """The version that the page was opened on; a page that does not tell has seen nothing."""
    version = request.POST.get("version", "")
    return int(version) if version.isdecimal() and len(version) < 10 else 0


def _token(request: HttpRequest) -> str:
    """The page that saves, as it was told apart when it was drawn."""
    return request.POST.get("page", "")[:20]


def _next(application: Application, done: Section, wanted: str) -> str:
    """Back to the check page if the clerk came from there, else on to the section behind this one."""
    if wanted == "answers":
        return reverse("applications:answers", args=[application.reference])
    names = list(SECTIONS)
    following = names[names.index(done.name) + 1 :]
    if following:
        return reverse("applications:section", args=[application.reference, following[0]])
    return reverse("applications:papers", args=[application.reference])


def _page(
    request: HttpRequest,
    application: Application,
    household: Household,
    bound: SectionForm,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    looked(request, application, bound.section.name)
    context = {
        "application": application,
        "section": bound.section,
        "bound": bound,
        "page": get_random_string(12),
        "next": request.GET.get("check") or request.POST.get("next", ""),
        "period": _period() if bound.section is INCOME else "",
        **_derived(household, bound),
        **more,
    }
    if request.htmx:  # type: ignore[attr-defined]
        # htmx is set (templates/base.html) to show the answers 200 and 422 in the page, and 409 as a failure
        return render(request, "applications/intake/_section.html", context, status=422 if status == 409 else status)
    return render(request, "applications/intake/section.html", context, status=status)


def _period() -> str:
    """The 12 months before this one, which the sources are asked about."""
    today = workdays.today()
    last = f"{today.year}-{today.month - 1:02d}" if today.month > 1 else f"{today.year - 1}-12"
    return _("%(first)s to %(last)s") % {"first": f"{today.year - 1}-{today.month:02d}", "last": last}


def _derived(household: Household, bound: SectionForm) -> dict[str, Any]:
    """What follows from what was typed: the sums of the income page."""
    if bound.section is not INCOME:
        return {}
    amounts = [form.sum_typed() for _name, form in bound.rows()]  # type: ignore[attr-defined]
    return {"income": drafting.income_so_far(amounts)}


@require_POST
def autosave(request: HttpRequest, reference: str, name: str) -> HttpResponse:
    """Keep what stands in the page's boxes; answers with the new version, the time, and what follows from them."""
    application = open_draft_of(request, reference)
    household = Household(application.draft.sections)
    typed = _typed(request, household, SECTIONS[name])
    page = _token(request)
    shown = household.bind(name, typed, checked=False)
    context: dict[str, Any] = {"bound": shown, "application": application, **_derived(household, shown)}
    try:
        context["version"] = intake.save_section(
            application, name, typed, version=_version(request), by=staff_of(request), page=page, goes_on=True
        )
        context["saved_at"] = timezone.now()
    except StaleError as error:
        context["stale"] = str(error)
    return render(request, "applications/intake/_saved.html", context, status=422 if "stale" in context else 200)
