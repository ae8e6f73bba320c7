"""The registry's search and the credit files. By POST, so that no number and no name gets into an address."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from bureau import audit
from credit import registry
from credit.file_pages import file_context, subject_rows
from credit.forms import RegistryForm
from credit.pages import case_rows, lead_rows
from credit.views.scope import looked, purpose_of, require_registry, staff_of, subject_of


@require_http_methods(["GET", "POST"])
@never_cache
def search(request: HttpRequest) -> HttpResponse:
    """Search first: there is no list of all persons. The search is recorded, and whom it showed."""
    require_registry(request)
    staff, form = staff_of(request), RegistryForm(request.POST or None)
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        found = registry.find(form.cleaned_data["q"], by=staff)
        number = request.META.get("REQUEST_NUMBER", "")
        audit.search(staff, found.shown, found=found.count, request_number=number)
        audit.look_many(
            staff,
            [*found.subjects, *found.cases, *found.leads],
            purpose=purpose_of(staff),
            action="search",
            fields=["name"],
            request_number=number,
        )
        context |= {
            "found": found,
            "subjects": subject_rows(found.subjects, staff),
            "cases": case_rows(found.cases, staff),
            "leads": lead_rows(found.leads, staff),
        }
    return render(request, "credit/registry.html", context, status=422 if form.errors else 200)


@require_GET
@never_cache
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """The file of a household or an employer; `?of=household` merges those of all members of the household."""
    require_registry(request)
    staff, subject = staff_of(request), subject_of(request, pk)
    context = file_context(subject, staff, whole=request.GET.get("of") == "household")
    looked(request, subject, "file")
    number = request.META.get("REQUEST_NUMBER", "")
    fields = ["file"] if context["whole"] else ["name", "grade"]
    audit.look_many(staff, context["beside"], purpose=purpose_of(staff), fields=fields, request_number=number)
    return render(request, "credit/file.html", context)
