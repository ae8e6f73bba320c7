"""Ordering the check: first what is sent where, then the order itself."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications import checks, moves
from applications.forms.casework import ConfirmForm
from applications.models import Application
from applications.views import declared as words
from applications.views.frame import act_frame, case_of, looked, page_token, require, staff_of, unchanged
from bureau import workdays
from verification import wording
from verification.models import Source


@require_http_methods(["GET", "POST"])
def order(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask all sources about the household, after the page has told what is sent where."""
    case = case_of(request, reference)
    if request.method == "POST":
        form = ConfirmForm(request.POST)
        form.is_valid()
        with unchanged(case, form.cleaned_data["token"]):
            check = checks.order(case, by=staff_of(request))
        messages.success(request, _("Check %(number)s has been ordered.") % {"number": check.number})
        return redirect("applications:case_check", reference)
    require(request, case, moves.ORDER)
    looked(request, case, "check")
    return render(request, "applications/order.html", act_frame(request, case, "case_check") | _order(case))


def _order(case: Application) -> dict[str, Any]:
    """Who is asked about whom, under which authorisation."""
    grants = checks.grants_of(case)
    today = workdays.today()
    persons = [{**person, "grant": grants.get(person["key"])} for person in words.persons(words.read(case.declaration))]
    covered = [grant for grant in grants.values()]
    sources = [
        {
            "name": source.name,
            "kinds": [wording.record_kind(kind) for kind in source.kinds],
            "persons": sum(grant.covers(source.kinds, today) for grant in covered),
            "policy": source.get_policy_display(),
        }
        for source in Source.objects.in_force(today)
    ]
    return {
        "form": ConfirmForm(initial={"token": page_token(case)}),
        "persons": persons,
        "sources": sources,
        "without_grant": [person["name"] for person in persons if person["grant"] is None],
    }
