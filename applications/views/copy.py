"""The household's copy of its checked result, shown at the window by who works on the case; every look is recorded."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from applications import deadlines, household_copies
from applications.forms.copy import CopyForm
from applications.models import Application
from applications.views.frame import case_of, frame, staff_of
from bureau import audit, workdays
from verification import pages
from verification.models import Conclusion

PURPOSE = "household copy"


@require_GET
def copy(request: HttpRequest, reference: str) -> HttpResponse:
    """The statement of the newest conclusion as one member is shown it. An auditor reads it with nothing unmasked."""
    case = case_of(request, reference)
    conclusion = household_copies.concluded(case)
    persons = household_copies.persons_of(conclusion)
    works = staff_of(request).works_on(case.office_code)
    form = CopyForm(request.GET if works and "recipient" in request.GET else None, persons=persons)
    if form.is_bound and not form.is_valid():
        return render(request, "applications/copy.html", _page(request, case, conclusion, form), status=422)
    recipient, agreed = form.chosen if works else ("", frozenset(person.key for person in persons))
    looked(request, case, recipient, agreed)
    shown = pages.copy_context(conclusion, recipient=recipient, agreed=agreed)
    context = _page(request, case, conclusion, form if works else None) | shown
    return render(request, "applications/copy.html", context)


def _page(request: HttpRequest, case: Application, conclusion: Conclusion, form: CopyForm | None) -> dict[str, Any]:
    days = deadlines.procedure_on(workdays.today()).objection_days
    return frame(request, case, "case_statement") | {
        "objection_days": days,
        "object_until": workdays.add_workdays(workdays.today(), days),
        "copy_form": form,
        "is_checked_again": case.current_check_id not in {None, conclusion.check_ordered_id},
    }


def looked(request: HttpRequest, case: Application, recipient: str, agreed: frozenset[str]) -> None:
    """Write down who opened the copy, for which member, with whose consent."""
    staff = staff_of(request)
    audit.look(
        staff,
        case,
        purpose=audit.purpose_of(staff, case.office_code, PURPOSE),
        fields=[f"copy:{recipient}", *(f"agreed:{key}" for key in sorted(agreed))],
        request_number=request.META.get("REQUEST_NUMBER", ""),
    )
