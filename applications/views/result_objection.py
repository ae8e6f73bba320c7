"""At the window: the household objects to the result of its check, with the lines it disputes and its proof."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications import deadlines, guards, moves, result_objections
from applications.forms.objecting import ResultObjectionForm
from applications.models import Application
from applications.views.frame import act_frame, case_of, looked, page_token, require, staff_of, unchanged
from bureau import workdays
from bureau.errors import UnfitDataError
from verification.models import Objection
from verification.pages.objections import lines_to_dispute


@require_http_methods(["GET", "POST"])
def object_to(request: HttpRequest, reference: str) -> HttpResponse:
    """Take the objection in; the page shows which lines can be disputed and until when."""
    case = case_of(request, reference)
    require(request, case, moves.OBJECT)
    form = _form(request, case)
    if request.method == "POST" and form.is_valid():
        try:
            objection = _taken_in(request, case, form)
        except UnfitDataError as error:
            form.note(error.fields, str(error))
        else:
            # Translators: 已受理核对结果异议 %(number)s，%(day)s 前答复。
            text = _("Objection %(number)s has been taken in; it is to be answered by %(day)s.")
            messages.success(request, text % {"number": objection.number, "day": objection.due_on})
            return redirect("verification:objection", objection.number)
    looked(request, case, "statement")
    context = act_frame(request, case, "case_statement") | {"form": form, **_terms(case)}
    return render(request, "applications/object_to_result.html", context, status=422 if form.errors else 200)


def _form(request: HttpRequest, case: Application) -> ResultObjectionForm:
    initial = {"token": page_token(case), "received_on": guards.result_told_on(case)}
    lines = lines_to_dispute(case.current_check) if case.current_check else []
    return ResultObjectionForm(request.POST or None, request.FILES or None, lines=lines, initial=initial)


def _taken_in(request: HttpRequest, case: Application, form: ResultObjectionForm) -> Objection:
    given = form.cleaned_data
    with unchanged(case, given["token"]):
        return result_objections.object_to_result(
            case,
            grounds=given["grounds"],
            lines=given["lines"],
            proofs=form.proofs(),
            received_on=given["received_on"],
            by=staff_of(request),
        )


def _terms(case: Application) -> dict[str, Any]:
    procedure = deadlines.procedure_on(case.accepted_on or workdays.today())
    report = getattr(getattr(case.current_check, "conclusion", None), "report", None)
    return {
        "report": report,
        "objection_days": procedure.objection_days,
        "recheck_days": procedure.recheck_days,
        "told_on": guards.result_told_on(case),
    }
