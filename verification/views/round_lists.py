"""The lists of a round: what changed since the last check, and who stands near a line. A look at each page is kept."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bureau import audit
from bureau.models import Office
from bureau.roles import Tier
from verification import wording
from verification.comparison import CHANGE_KINDS
from verification.forms import RoundFilterForm
from verification.models import Round
from verification.pages.changes import changed_in, changed_rows, counts_of, tabs_of
from verification.pages.near import near_in, near_rows
from verification.views.rounds import round_of
from verification.views.scope import staff_of
from verification.wording.changes import change_name
from verification.wording.criteria import CRITERIA

PAGE_SIZE = 25
FIELDS = {"round_changes": "changes", "round_near": "statement"}  # of the access log
NEVER_NEAR = {"vehicles", "one_benefit"}  # counted in pieces: nobody is a tenth of one away


@require_GET
def changes(request: HttpRequest, number: str) -> HttpResponse:
    """What changed since the last check of each household, the weightiest first."""
    found = round_of(request, number)
    kinds = [(kind, change_name(kind)) for kind in CHANGE_KINDS if kind != "standard_changed"]
    # Translators: 变化类型
    form = _filter(request, kinds, _("Kind of change"))
    rows = changed_in(found, **_wanted(form, "kind"))
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "rows": changed_rows(page.object_list), "counts": counts_of(found)}
    return _answer(request, "round_changes", found, form, context)


@require_GET
def near(request: HttpRequest, number: str) -> HttpResponse:
    """Households that one fact would put on the other side of a line, the nearest first."""
    found = round_of(request, number)
    criteria = [(name, wording.criterion_name(name)) for name in CRITERIA if name not in NEVER_NEAR]
    # Translators: 条件
    form = _filter(request, criteria, _("Criterion"))
    page = Paginator(near_in(found, **_wanted(form, "criterion")), PAGE_SIZE).get_page(request.GET.get("page"))
    return _answer(request, "round_near", found, form, {"page": page, "rows": near_rows(page.object_list)})


def _filter(request: HttpRequest, what: list[tuple[str, str]], label: str) -> RoundFilterForm:
    districts = Office.objects.visible_to(staff_of(request)).filter(tier=Tier.DISTRICT)
    choices = [(office.code, office.name) for office in districts]
    return RoundFilterForm(request.GET, districts=choices, what=what, label=label)


def _wanted(form: RoundFilterForm, name: str) -> dict[str, str]:
    """What the filter asks for; a wrong one leaves everything."""
    wanted = form.cleaned_data if form.is_valid() else {}
    return {"district": wanted.get("district", ""), name: wanted.get("what", "")}


def _answer(
    request: HttpRequest, name: str, found: Round, form: RoundFilterForm, context: dict[str, Any]
) -> HttpResponse:
    staff, shown = staff_of(request), [row["check"] for row in context["rows"]]
    purpose, request_number = (
        audit.purpose_of(staff, found.office_code, "check"),
        request.META.get("REQUEST_NUMBER", ""),
    )
    audit.look_many(staff, shown, purpose=purpose, fields=[FIELDS[name]], request_number=request_number)
    context |= {"round": found, "form": form, "tabs": tabs_of(found, name)}
    return render(request, f"verification/{name}.html", context, status=200 if form.is_valid() else 422)
