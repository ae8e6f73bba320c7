"""What every page of the check centre begins with: who asks, which check, the way back, the look written down."""

from datetime import timedelta

from django.http import HttpRequest
from django.shortcuts import get_object_or_404, resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from bureau import audit
from bureau.errors import NotAllowedError
from bureau.models import AuditEntry, Staff
from bureau.roles import Role
from verification.models import Check

CASE_PURPOSES = frozenset({"public_rental", "rental_subsidy"})  # ordered from the page of a case
ONE_LOOK = timedelta(minutes=10)


def staff_of(request: HttpRequest) -> Staff:
    """The signed-in member of staff; the login middleware lets nobody else come this far."""
    staff: Staff = request.user  # type: ignore[assignment]
    return staff


def check_of(request: HttpRequest, number: str) -> Check:
    """The check in this person's scope, else 404."""
    checks = Check.objects.visible_to(staff_of(request)).select_related("standard", "ordered_by")
    found: Check = get_object_or_404(checks, number=number)
    return found


def require_centre(request: HttpRequest) -> None:
    """The check centre's own pages are for its officers and for auditors; others see a check with its case."""
    if not staff_of(request).holds(Role.CHECK_OFFICER, Role.AUDITOR):
        raise NotAllowedError(_("The check centre's pages are for check officers and auditors."))


def require_officer(request: HttpRequest, check: Check) -> None:
    """What only a check officer of this check's area may do."""
    if not staff_of(request).has_role(Role.CHECK_OFFICER, check.office_code):
        raise NotAllowedError(_("Your posting does not include this work."))


def looked(request: HttpRequest, check: Check, *fields: str, action: str = "look") -> None:
    """Write down that this person saw these parts of the household's data."""
    staff, number = staff_of(request), request.META.get("REQUEST_NUMBER", "")
    purpose = audit.purpose_of(staff, check.office_code, "check")
    audit.look(staff, check, purpose=purpose, action=action, fields=fields, request_number=number)


def require_shown(request: HttpRequest, check: Check) -> None:
    """A check of a case is shown with it to everybody who has the case in scope; any other only in the centre."""
    if check.purpose not in CASE_PURPOSES:
        require_centre(request)


def looked_on(request: HttpRequest, check: Check, *fields: str) -> None:
    """As `looked`, for a part that is fetched every second: once while the same look at check or case goes on."""
    recent = AuditEntry.objects.filter(
        staff=staff_of(request), at__gte=timezone.now() - ONE_LOOK, reference__in=[check.number, check.subject]
    )
    if not recent.exists():
        looked(request, check, *fields)


def back(request: HttpRequest, check: Check) -> str:
    """Where the form came from, when that is one of our own pages; else the page of the check."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return wanted
    return resolve_url("verification:check", check.number)
