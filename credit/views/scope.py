"""What every page of the registry begins with: who asks, which lead or case, the look written down."""

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from bureau import audit
from bureau.errors import NotAllowedError
from bureau.models import Staff
from bureau.roles import Role
from credit.models import Announcement, Case, Lead, Subject


def staff_of(request: HttpRequest) -> Staff:
    """The signed-in member of staff; the login middleware lets nobody else come this far."""
    staff: Staff = request.user  # type: ignore[assignment]
    return staff


def require_registry(request: HttpRequest, *more: Role) -> None:
    """The registry's pages are for its officers and for auditors; `more` names who else sees this one."""
    if not staff_of(request).holds(Role.CREDIT_OFFICER, Role.AUDITOR, *more):
        raise NotAllowedError(_("The registry's pages are for credit officers, its panel and auditors."))


def require_officer(request: HttpRequest) -> None:
    """What only a credit officer may do."""
    if not staff_of(request).holds(Role.CREDIT_OFFICER):
        raise NotAllowedError(_("Your posting does not include this work."))


def lead_of(request: HttpRequest, number: str) -> Lead:
    """The lead in this person's scope, else 404."""
    found: Lead = get_object_or_404(Lead.objects.visible_to(staff_of(request)).select_related("act"), number=number)
    return found


def case_of(request: HttpRequest, number: str) -> Case:
    """The case in this person's scope, else 404."""
    rows = Case.objects.visible_to(staff_of(request)).select_related("act", "policy", "lead", "opened_by")
    rows = rows.prefetch_related("services")
    found: Case = get_object_or_404(rows, number=number)
    return found


def announcement_of(request: HttpRequest, number: str) -> Announcement:
    """The announcement in this person's scope, else 404."""
    rows = Announcement.objects.visible_to(staff_of(request))
    rows = rows.select_related("case__act", "case__policy", "written_by", "checked_by", "document")
    found: Announcement = get_object_or_404(rows, number=number)
    return found


def looked(request: HttpRequest, subject: Lead | Case | Subject, *fields: str) -> None:
    """Write down that this person saw a lead, a case or a file."""
    staff = staff_of(request)
    number = request.META.get("REQUEST_NUMBER", "")
    audit.look(staff, subject, purpose=purpose_of(staff), fields=fields, request_number=number)


def opened(request: HttpRequest, case: Case, field: str, *, reason: str) -> None:
    """Write down that this person opened a paper of a case; an auditor with the reason that was given."""
    staff = staff_of(request)
    number = request.META.get("REQUEST_NUMBER", "")
    purpose = f"{purpose_of(staff)}{audit.REASON}{reason}" if reason else purpose_of(staff)
    audit.look(staff, case, purpose=purpose, action="download", fields=[field], request_number=number)


def purpose_of(staff: Staff) -> str:
    """To what purpose this person reads in the registry: the work, or audit by who only reads."""
    return "credit" if staff.holds(Role.CREDIT_OFFICER, Role.PANEL_MEMBER) else "audit"


def subject_of(request: HttpRequest, pk: int) -> Subject:
    """Whom the registry knows, in this person's scope, else 404."""
    found: Subject = get_object_or_404(Subject.objects.visible_to(staff_of(request)), pk=pk)
    return found


def tabs_of(request: HttpRequest, address: str, choices: Any, counted: dict[str, int]) -> list[dict[str, Any]]:
    """The tabs above a list, by status, each with its count."""
    current = request.GET.get("tab", "")
    found = []
    for name, label in [("", _("All")), *choices]:
        query = request.GET.copy()
        query.pop("page", None)
        query["tab"] = name
        url = f"{reverse(address)}?{query.urlencode()}"
        found.append({"label": label, "url": url, "current": name == current, "count": counted[name or "all"]})
    return found
