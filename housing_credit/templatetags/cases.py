"""What a page shows of what lies on other floors: a check of the case behind it, a case of what became of it."""

from typing import Any, NamedTuple

from django import template
from django.urls import reverse

from applications import result_objections
from applications.models import Application
from benefits.models import Grant, Tenancy, Turn
from bureau.models import Staff

register = template.Library()


class Benefit(NamedTuple):
    """Where a household's benefit stands, in words, and its page."""

    label: str
    url: str


# By what was applied for, the furthest first.
PAGES: dict[str, tuple[tuple[str, Any], ...]] = {
    Application.Kind.PUBLIC_RENTAL: (("benefits:tenancy", Tenancy.objects), ("benefits:turn", Turn.objects)),
    Application.Kind.RENTAL_SUBSIDY: (("benefits:subsidy", Grant.objects),),
}


@register.simple_tag
def why_case_waits(reference: str) -> str:
    """Why a case is not decided anew yet after its objection was answered; empty where it does not wait."""
    case = Application.objects.filter(reference=reference).first()
    return "" if case is None else result_objections.why_waiting(case)


@register.simple_tag(takes_context=True)
def benefit_of(context: dict[str, Any], case: Application) -> Benefit | None:
    """What became of an approval: the household's place, tenancy or subsidy, where this person may see it."""
    staff = getattr(context.get("request"), "user", None)
    if case.status not in {Application.Status.APPROVED, Application.Status.CLOSED} or not isinstance(staff, Staff):
        return None
    for name, rows in PAGES[case.kind]:
        found = rows.visible_to(staff).filter(application=case).order_by("-pk").first()
        if found is not None:
            label = f"{found.number} {found.get_status_display()}"
            return Benefit(label, reverse(name, args=[found.number]))
    return None
