"""What a page of the check centre shows of the case behind it, of which the check centre knows only the number."""

from django import template

from applications import result_objections
from applications.models import Application

register = template.Library()


@register.simple_tag
def why_case_waits(reference: str) -> str:
    """Why a case is not decided anew yet after its objection was answered; empty where it does not wait."""
    case = Application.objects.filter(reference=reference).first()
    return "" if case is None else result_objections.why_waiting(case)
