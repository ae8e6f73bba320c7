"""The board of employers whose certificates the sources contradict, one employer, and the lead that is opened on it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from applications import employers
from applications.models import Pattern, PatternThreshold, Referral
from applications.views.frame import staff_of
from bureau import audit, masks, workdays
from bureau.errors import MoveRefusedError, NotAllowedError
from bureau.models import Staff
from bureau.roles import Role
from credit.models import Case, Lead
from verification import wording
from verification.models import Finding

PAGE_SIZE = 25


class SearchForm(forms.Form):
    """An employer by its credit code, or a part of its name."""

    q = forms.CharField(label=gettext_lazy("Name or credit code"), max_length=60, required=False)


@require_GET
@never_cache
def board(request: HttpRequest) -> HttpResponse:
    """Every employer of certificates that count today, those with most contradictions first."""
    staff, threshold = _reader(request)
    form = SearchForm(request.GET)
    wanted = form.cleaned_data["q"].strip() if form.is_valid() else ""
    page = Paginator(employers.board(staff, threshold, wanted=wanted), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = employers.described(staff, threshold, list(page.object_list))
    context = {"form": form, "page": page, "rows": [_shown(row, staff) for row in rows], "threshold": threshold}
    return render(request, "applications/employers.html", context)


@require_GET
@never_cache
def employer(request: HttpRequest, code: str) -> HttpResponse:
    """One employer: its certificates, what contradicts each, and where the household's own finding went."""
    staff, threshold = _reader(request)
    found = _found(staff, threshold, code)
    rows = employers.certificates(staff, threshold).filter(employer_code=code)
    chosen = list(rows.select_related("application").order_by("-contradicted", "-told", "-issued_on", "-pk"))
    cases = {row.application_id: row.application for row in chosen}
    number = request.META.get("REQUEST_NUMBER", "")
    purpose = "credit" if staff.holds(Role.CREDIT_OFFICER) else "audit"
    audit.look_many(staff, list(cases.values()), purpose=purpose, fields=["certificates"], request_number=number)
    context = {
        "employer": _shown(found, staff),
        "threshold": threshold,
        "rows": _certificates(chosen, staff),
        "patterns": _patterns(code, staff),
        "may_open": staff.holds(Role.CREDIT_OFFICER) and not found.why_not,
    }
    return render(request, "applications/employer.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
def open_lead(request: HttpRequest, code: str) -> HttpResponse:
    """Open a lead on the employer, after the page has shown what the registry will read."""
    staff, threshold = _reader(request)
    found = _found(staff, threshold, code)
    if request.method == "POST":
        pattern = employers.open_lead(code, by=staff)
        messages.success(request, _("Lead %(number)s has been entered.") % {"number": pattern.lead.number})
        return redirect("credit:lead", pattern.lead.number)
    if not staff.holds(Role.CREDIT_OFFICER):
        raise NotAllowedError(_("Your posting does not include this work."))
    if found.why_not:
        raise MoveRefusedError(found.why_not)
    lines = employers.words(found, threshold, list(employers.fresh_of(staff, threshold, code))).split("\n")
    numbers = [f"{number}" for number in range(1, len(lines))]
    context = {
        # Translators: 将 %(name)s 列为线索
        "title": _("Open a lead on %(name)s") % {"name": found.total.name},
        "warning": _("One lead on the employer, for all certificates named below"),
        # Translators: 线索只涉及单位，不涉及家庭；是否立案另行决定。
        "consequence": _("It is about the employer alone, and about no family. A case is opened of it or not."),
        "summary": list(zip([_("What the registry will read"), *numbers], lines, strict=True)),
        "form": forms.Form(),
        "action": _("Open a lead"),
        "cancel_url": reverse("applications:employer", args=[code]),
    }
    return render(request, "_parts/confirm_page.html", context)


def _reader(request: HttpRequest) -> tuple[Staff, PatternThreshold]:
    staff = staff_of(request)
    employers.require_reader(staff)
    return staff, employers.threshold_on(workdays.today())


def _found(staff: Staff, threshold: PatternThreshold, code: str) -> employers.Employer:
    rows = [row for row in employers.board(staff, threshold, wanted=code) if row["employer_code"] == code]
    if not rows:
        raise Http404
    return employers.described(staff, threshold, rows)[0]


def _shown(row: employers.Employer, staff: Staff) -> dict[str, Any]:
    """An employer as this reader is shown it: who signed, masked for an auditor."""
    shown = str if staff.holds(Role.CREDIT_OFFICER) else masks.name
    return {
        "code": row.code,
        "total": row.total,
        "fresh": row.fresh,
        "why_not": row.why_not,
        "signatories": [{"name": shown(each.name), "counted": each} for each in row.signatories],
    }


def _certificates(chosen: list[Any], staff: Staff) -> list[dict[str, Any]]:
    against = Finding.objects.in_bulk([row.against for row in chosen if row.against])
    referred = dict(Referral.objects.filter(finding__in=against).values_list("finding", "lead"))
    seen = Lead.objects.visible_to(staff).filter(pk__in=referred.values()).in_bulk()
    opened = {case.lead_id: case for case in Case.objects.visible_to(staff).filter(lead__in=seen)}
    shown = str if staff.holds(Role.CREDIT_OFFICER) else masks.name
    names = wording.source_names() if against else {}
    rows = []
    for row in chosen:
        finding, lead = against.get(row.against), seen.get(referred.get(row.against, 0))
        rows.append(
            {
                "row": row,
                "signatory": shown(row.signatory),
                "finding": finding,
                "source": names.get(finding.source_code, finding.source_code) if finding else "",
                "found": wording.money_of(finding.params["found"]) if finding else "",
                "lead": lead,
                "case": opened.get(lead.pk) if lead else None,
            }
        )
    return rows


def _patterns(code: str, staff: Staff) -> list[dict[str, Any]]:
    """The leads that were opened on this employer before, with their cases."""
    visible = Lead.objects.visible_to(staff)
    rows = Pattern.objects.filter(employer_code=code, lead__in=visible).select_related("lead__case", "by")
    return [{"row": row, "case": getattr(row.lead, "case", None)} for row in rows]
