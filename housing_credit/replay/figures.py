"""What a replay prints: the notice's figures, counted from what the flow has written."""

from typing import Any

from applications.models import Application
from verification.models import Conclusion


def counted() -> dict[str, Any]:
    """The figures by their keys. None: the part of the flow that makes it is not there yet."""
    subjects = Application.objects.values("reference")
    concluded = Conclusion.objects.filter(check_ordered__subject__in=subjects, check_ordered__purpose__in=KINDS)
    return {
        "checked": concluded.count(),
        "unfit": concluded.filter(outcome=Conclusion.Outcome.UNFIT).count(),
        "homes_recovered": None,
        "rent_recovered": None,
        "recorded_changed": None,
        "recorded_arrears": None,
    }


KINDS = Application.Kind.values
