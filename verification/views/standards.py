"""The pages of standards: which is in force, which is to come, who tried it. Entering one is the administration's."""

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bureau.errors import NotAllowedError
from bureau.roles import Role
from verification.models import Standard
from verification.pages.standards import rows_of_standards, standard_context
from verification.views.scope import staff_of


def require_policy(request: HttpRequest) -> None:
    """Standards and their trials are read by who enters them, who checks by them, and auditors."""
    if not staff_of(request).holds(Role.CHECK_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR):
        raise NotAllowedError(_("Standards are for check officers, auditors and administrators."))


def standard_of(request: HttpRequest, code: str) -> Standard:
    """One of our own standards, or one that is still to come; else 404."""
    require_policy(request)
    shown = Standard.objects.filter(Q(in_use=True) | Q(effective_from__gt=timezone.localdate()) | Q(trials__gt=0))
    found: Standard = get_object_or_404(shown.distinct(), code=code)
    return found


@require_GET
def standard_list(request: HttpRequest) -> HttpResponse:
    """Every standard, what is still to come first."""
    require_policy(request)
    return render(request, "verification/standards.html", {"rows": rows_of_standards()})


@require_GET
def standard_page(request: HttpRequest, code: str) -> HttpResponse:
    """One standard: its lines beside those it replaces, when it begins, its trials."""
    context = standard_context(standard_of(request, code), staff_of(request))
    return render(request, "verification/standard.html", context)
