"""The household's copy of its checked result, shown at the window by who works on the case; every look is recorded."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from applications import household_copies
from applications.forms.copy import CopyForm
from applications.models import Application
from applications.views.frame import case_of, frame, staff_of
from bureau import audit
from bureau.errors import NotAllowedError
from bureau.models import Document
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
    chosen = {"recipient": recipient, "agreed": sorted(agreed)}
    context = _page(request, case, conclusion, form if works else None) | shown | {"chosen": chosen}
    return render(request, "applications/copy.html", context)


@require_http_methods(["GET", "POST"])
def copy_print(request: HttpRequest, reference: str) -> HttpResponse:
    """Number the letter for the member for whom the page was shown; its PDF is opened from the page."""
    case = case_of(request, reference)
    if request.method == "GET":  # somebody signed in again after the form was sent
        return redirect("applications:case_copy", reference)
    if reason := household_copies.why_not_issued(case, staff_of(request)):
        raise NotAllowedError(reason)
    conclusion = household_copies.concluded(case)
    form = CopyForm(request.POST, persons=household_copies.persons_of(conclusion))
    if not form.is_valid():
        return render(request, "applications/copy.html", _page(request, case, conclusion, form), status=422)
    recipient, agreed = form.chosen
    document = household_copies.issue(case, recipient=recipient, agreed=agreed, by=staff_of(request))
    messages.success(request, _("The letter %(number)s is ready to be opened.") % {"number": document.number})
    query = urlencode({"recipient": recipient, "agreed": sorted(agreed)}, doseq=True)
    return redirect(f"{reverse('applications:case_copy', args=[reference])}?{query}")


def _page(request: HttpRequest, case: Application, conclusion: Conclusion, form: CopyForm | None) -> dict[str, Any]:
    letters = Document.objects.of(case).filter(kind="household_copy").defer("data")
    return frame(request, case, "case_statement") | {
        "objecting": household_copies.objecting(case, conclusion),
        "copy_form": form,
        "can_print": not household_copies.why_not_issued(case, staff_of(request)),
        "letters": letters,
        "is_checked_again": household_copies.is_checked_again(case, conclusion),
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
