"""The housing officer's three pages: grant and publish, refuse, have it checked again."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications import deadlines, decisions, letters_out, moves
from applications.forms.casework import WordsForm
from applications.models import Application
from applications.views.frame import act_frame, case_of, looked, page_token, require, staff_of, unchanged
from applications.views.said import done
from bureau import divisions, masks, workdays
from bureau.moves import Move
from verification import conclusions


@require_http_methods(["GET", "POST"])
def grant(request: HttpRequest, reference: str) -> HttpResponse:
    """Intend to grant, and put the public notice up."""
    case = _case(request, reference, moves.PUBLISH)
    form = _form(request, case)
    if request.method == "POST" and form.is_valid():
        with unchanged(case, form.cleaned_data["token"]):
            decisions.grant(case, by=staff_of(request), opinion=form.cleaned_data["opinion"])
        return _done(request, case)
    days = deadlines.procedure_on(case.accepted_on or workdays.today()).notice_days
    extra = {
        "masked_name": masks.name(case.applicant_name),
        "street": divisions.place_name(case.office_code),
        "days": days,
        "criteria": _criteria(case),
    }
    return _page(request, case, form, "grant", extra)


@require_http_methods(["GET", "POST"])
def refuse(request: HttpRequest, reference: str) -> HttpResponse:
    """Refuse, after the page has shown what the letter will say."""
    case = _case(request, reference, moves.REFUSE)
    form = _form(request, case)
    if request.method == "POST" and form.is_valid():
        with unchanged(case, form.cleaned_data["token"]):
            decisions.refuse(case, by=staff_of(request), opinion=form.cleaned_data["opinion"])
        return _done(request, case)
    return _page(request, case, form, "refuse", {"failed": _failed(case)})


@require_http_methods(["GET", "POST"])
def recheck(request: HttpRequest, reference: str) -> HttpResponse:
    """Back to the check centre, after an incomplete check or an upheld objection."""
    case = _case(request, reference, moves.RECHECK)
    form = _form(request, case)
    form.fields["opinion"].label = _("Why it is to be checked again")
    if request.method == "POST" and form.is_valid():
        with unchanged(case, form.cleaned_data["token"]):
            decisions.have_checked_again(case, by=staff_of(request), reason=form.cleaned_data["opinion"])
        return _done(request, case)
    return _page(request, case, form, "recheck", {})


def _case(request: HttpRequest, reference: str, move: Move) -> Application:
    """The case, while this person can make the move; a page that could only be refused is not shown."""
    case = case_of(request, reference)
    if request.method == "GET":
        require(request, case, move)
    return case


def _form(request: HttpRequest, case: Application) -> WordsForm:
    return WordsForm(request.POST or None, initial={"token": page_token(case)})


def _conclusion(case: Application) -> Any:
    return getattr(case.current_check, "conclusion", None)


def _failed(case: Application) -> Any:
    """What the letter will name; nothing while there is no conclusion (the move is refused then)."""
    conclusion = _conclusion(case)
    return letters_out.failed_criteria(conclusions.failed_criteria(conclusion)) if conclusion else ()


def _criteria(case: Application) -> Any:
    conclusion = _conclusion(case)
    return conclusions.criteria_for_letter(conclusion) if conclusion else ()


def _page(request: HttpRequest, case: Application, form: WordsForm, name: str, extra: dict[str, Any]) -> HttpResponse:
    looked(request, case, "opinions")
    context = act_frame(request, case, "case_review") | {"form": form, "conclusion": _conclusion(case), **extra}
    return render(request, f"applications/{name}.html", context, status=422 if form.errors else 200)


def _done(request: HttpRequest, case: Application) -> HttpResponse:
    done(request, case)
    return redirect("applications:case_review", case.reference)
