"""Referring confirmed findings to the registry: which ones, then once more what will be written, then the deed."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from applications import referrals
from applications.forms.casework import ReferralForm
from applications.models import Application
from applications.views.frame import act_frame, case_of, looked, page_token, staff_of, unchanged
from bureau import masks
from bureau.errors import UnfitDataError
from bureau.models import Staff
from credit.models import Act, Lead
from verification import wording


@require_http_methods(["GET", "POST"])
def refer(request: HttpRequest, reference: str) -> HttpResponse:
    """Choose, see what the registry will read, refer."""
    case, staff = case_of(request, reference), staff_of(request)
    referrals.require(case, staff)
    found = referrals.candidates(case)
    open_ones = {each.finding.pk: each for each in found if not each.why_not}
    form = ReferralForm(
        request.POST or None,
        findings=[(pk, each.text) for pk, each in open_ones.items()],
        initial={"token": page_token(case)},
    )
    looked(request, case, "findings")
    chosen: list[referrals.Candidate] = []
    if request.method == "POST" and form.is_valid():
        chosen = [open_ones[pk] for pk in form.cleaned_data["findings"]]
        if form.cleaned_data["confirmed"] and _referred(request, case, form, staff):
            return redirect(reverse("applications:case_statement", args=[reference]) + "#referrals")
    context = act_frame(request, case, "case_statement") | {
        "form": form,
        "held": [each for each in found if each.why_not],
        "chosen": [_told(case, each) for each in chosen],
        "persons": list(case.members.order_by("key").values_list("name", flat=True)),
    }
    status = 422 if form.errors else 200
    return render(
        request, "applications/refer.html", act_frame(request, case, "case_statement") | context, status=status
    )


def _referred(request: HttpRequest, case: Application, form: ReferralForm, staff: Staff) -> bool:
    """Do it; what the work would not take stands above the form then."""
    try:
        with unchanged(case, form.cleaned_data["token"]):
            done = referrals.refer(case, form.cleaned_data["findings"], by=staff)
    except UnfitDataError as error:
        form.add_error(None, str(error))
        return False
    text = ngettext("%(count)s finding has been referred.", "%(count)s findings have been referred.", len(done))
    messages.success(request, text % {"count": len(done)})
    return True


def _told(case: Application, chosen: referrals.Candidate) -> dict[str, Any]:
    """What is written into the lead, and which act it names."""
    act = Act.objects.filter(code=chosen.act_code).order_by("-effective_from").first()
    return {"pk": chosen.finding.pk, "text": referrals.words(case, chosen.finding), "act": act}


def referred(case: Application, staff: Staff) -> list[dict[str, Any]]:
    """What was referred of the case, when and by whom; the lead for who may see it."""
    rows = list(case.referrals.select_related("finding", "by", "lead"))
    seen = set(Lead.objects.visible_to(staff).filter(pk__in=[row.lead_id for row in rows]).values_list("pk", flat=True))
    names = wording.source_names() if rows else {}
    persons = {member.key: masks.name(member.name) for member in case.members.defer("id_number")} if rows else {}
    return [
        {
            "row": row,
            "text": wording.finding_text(
                row.finding.kind, row.finding.params, member=persons.get(row.finding.member, ""), names=names
            ),
            "lead": row.lead if row.lead_id in seen else None,
        }
        for row in rows
    ]
