"""The administration's front door: who enters, and what a person without that posting is told."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from unfold.sites import UnfoldAdminSite

from bureau.models import Staff
from bureau.roles import Role


class SystemSite(UnfoldAdminSite):  # type: ignore[misc]
    """For administrators only. No household's data is registered here (separation of duties, GB/T 22239)."""

    def has_permission(self, request: HttpRequest) -> bool:
        """Holders of an administrator's posting of today, and the superuser of the installation."""
        person = request.user
        return (
            isinstance(person, Staff) and person.is_active and (person.is_superuser or person.holds(Role.ADMINISTRATOR))
        )

    @login_not_required  # it only leads on to the sign-in page
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """There is one sign-in page, with its lock-out: the house's own."""
        if self.has_permission(request):
            return redirect("admin:index")
        return redirect_to_login(request.GET.get("next", "") or reverse("admin:index"))

    def admin_view(self, view: Callable[..., HttpResponse], cacheable: bool = False) -> Callable[..., HttpResponse]:
        """Somebody signed in without the posting is refused (403), not asked to sign in once more."""
        guarded: Callable[..., HttpResponse] = super().admin_view(view, cacheable)

        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied
            return guarded(request, *args, **kwargs)

        return inner
