"""The pages of trials of standards: begin one, watch it, read who leaves and joins, take the figures away, sign.

Figures are for everybody who reads standards; households for the check centre, masked, and every look is recorded.
"""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from bureau import audit
from bureau.errors import MoveRefusedError, NotAllowedError, UnfitDataError
from bureau.models import Office
from bureau.roles import Role, Tier
from verification import trials, trying
from verification.comparison import TRIAL_KINDS
from verification.forms import SignForm, TrialFilterForm, TrialForm
from verification.models import Round, Trial
from verification.pages.trials import (
    MOST_LISTED,
    district_names,
    figures_of,
    household_rows,
    rows_in,
    trial_context,
    workbook,
)
from verification.views.lists import XLSX
from verification.views.scope import require_centre, staff_of
from verification.views.standards import require_policy, standard_of
from verification.wording import trials as words

PAGE_SIZE = 25
MOST_ROUNDS = 50  # the newest ones, to choose from
FIELDS = ["trial"]  # of the access log


def trial_of(request: HttpRequest, code: str, place: int) -> Trial:
    """The trial of this standard within this person's area, else 404."""
    require_policy(request)
    rows = Trial.objects.visible_to(staff_of(request)).select_related("standard", "run_by", "signed_by")
    found: Trial = get_object_or_404(rows.defer("content"), standard__code=code, number=place)
    return found


@require_http_methods(["GET", "POST"])
def open_trial(request: HttpRequest, code: str) -> HttpResponse:
    """Over whom the standard is tried; then the page of the trial."""
    standard, staff = standard_of(request, code), staff_of(request)
    if reason := trials.why_not_tried(standard, staff):
        raise (MoveRefusedError if trials.may_run(staff) else NotAllowedError)(reason)
    districts = Office.objects.filter(tier=Tier.DISTRICT).order_by("code")
    rounds = Round.objects.order_by("-pk").values_list("number", "name")[:MOST_ROUNDS]
    form = TrialForm(
        request.POST or None,
        districts=[(office.code, office.name) for office in districts],
        rounds=[(number, f"{number} {name}") for number, name in rounds],
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data | {"districts": tuple(form.cleaned_data["districts"])}
        try:
            trial = trials.begin(standard, trying.Population(**given), by=staff)
        except UnfitDataError as error:
            for name, texts in error.fields.items():
                form.add_error(name, texts[0])
            if not error.fields:
                form.add_error(None, str(error))
        else:
            # Translators: 试算已开始，涉及 %(count)s 户。
            messages.success(request, _("The trial of %(count)s households has begun.") % {"count": trial.households})
            return redirect("verification:trial", code, trial.number)
    context = {"form": form, "standard": standard}
    return render(request, "verification/trial_open.html", context, status=422 if form.errors else 200)


@require_GET
def trial_page(request: HttpRequest, code: str, place: int) -> HttpResponse:
    """How far a trial is, and who leaves and joins by district."""
    context = trial_context(trial_of(request, code, place), staff_of(request))
    return render(request, "verification/trial.html", context)


@require_GET
@never_cache
def trial_progress(request: HttpRequest, code: str, place: int) -> HttpResponse:
    """The moving part of the page, for htmx."""
    context = trial_context(trial_of(request, code, place), staff_of(request))
    return render(request, "verification/_trial.html", context)


@require_GET
def households(request: HttpRequest, code: str, place: int) -> HttpResponse:
    """The households whose result would be another one. A look at each page is kept."""
    trial = trial_of(request, code, place)
    require_centre(request)
    form = _filter(request, trial)
    chosen = rows_in(trial, staff_of(request), **_wanted(form))
    page = Paginator(chosen, PAGE_SIZE).get_page(request.GET.get("page"))
    shown = household_rows(page.object_list)
    _looked(request, trial, shown, "look")
    query = request.GET.copy()
    query.pop("page", None)
    context = {"trial": trial, "standard": trial.standard, "form": form, "page": page, "rows": shown, "query": query}
    status = 200 if form.is_valid() else 422
    return render(request, "verification/trial_households.html", context, status=status)


def _filter(request: HttpRequest, trial: Trial) -> TrialFilterForm:
    counts = trying.counts_of(trial)
    choices = {
        "district": list(district_names(counts.districts).items()),
        "kind": [(kind, words.kind_name(kind)) for kind in TRIAL_KINDS if kind != "stays"],
        "criterion": [(name, words.turned_by(name)) for name in counts.criteria],
    }
    return TrialFilterForm(request.GET, choices=choices)


def _wanted(form: TrialFilterForm) -> dict[str, str]:
    """What the filter asks for; a wrong one leaves everything."""
    return form.cleaned_data if form.is_valid() else {}


def _looked(request: HttpRequest, trial: Trial, shown: list[dict[str, Any]], action: str) -> None:
    staff, number = staff_of(request), request.META.get("REQUEST_NUMBER", "")
    purpose = audit.purpose_of(staff, trial.office_code, "check")
    checks = [row["check"] for row in shown]
    audit.look_many(staff, checks, purpose=purpose, action=action, fields=FIELDS, request_number=number)


@require_GET
@never_cache
def export(request: HttpRequest, code: str, place: int) -> HttpResponse:
    """The figures as a workbook; for a check officer with the households that the filter chooses, each a look."""
    trial, staff = trial_of(request, code, place), staff_of(request)
    if not trial.is_finished:
        raise MoveRefusedError(_("The trial is still under way."))
    rows, left_out = None, 0
    if staff.has_role(Role.CHECK_OFFICER, trial.office_code):
        chosen = rows_in(trial, staff, **_wanted(_filter(request, trial)))
        rows = household_rows(chosen[:MOST_LISTED])
        left_out = max(0, chosen.count() - MOST_LISTED)
        _looked(request, trial, rows, "download")
    name = f"{trial.standard.code}-{trial.number}.xlsx"
    headers = {"Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or ""}
    return HttpResponse(workbook(trial, rows, left_out), content_type=XLSX, headers=headers)


@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, code: str, place: int) -> HttpResponse:
    """A second person stands for the result, with a note."""
    trial, staff = trial_of(request, code, place), staff_of(request)
    form = SignForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        trials.sign(trial, note=form.cleaned_data["note"], by=staff)
        # Translators: 第 %(number)s 次试算已签署。
        messages.success(request, _("Trial %(number)s is signed.") % {"number": trial.number})
        return redirect("verification:trial", code, place)
    if reason := trials.why_not_signed(trial, staff):
        raise (MoveRefusedError if trials.may_ever_sign(trial, staff) else NotAllowedError)(reason)
    context = {
        # Translators: 签署试算结果
        "title": _("Sign the result of the trial"),
        # Translators: 签署表示您已查看试算结果并认可；签署后不能撤销。
        "warning": _("You have looked at the result and stand for it. A signature is not taken back."),
        "summary": [(_("Standard"), trial.standard.name), *figures_of(trial)],
        "form": form,
        # Translators: 签署
        "action": _("Sign"),
        "cancel_url": reverse("verification:trial", args=[code, place]),
    }
    return render(request, "_parts/confirm_page.html", context, status=422 if form.errors else 200)
