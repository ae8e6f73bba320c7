"""The administration's front door: who enters, and what a person without that posting is told."""

from collections.abc import Callable
from typing import Any

from django.contrib.admin.apps import AdminConfig
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from unfold.sites import UnfoldAdminSite

from bureau.models import Staff
from bureau.roles import Role


class SystemSite(UnfoldAdminSite):
    """For administrators only. No household's data is registered here (separation of duties, GB/T 22239)."""

    def has_permission(self, request: HttpRequest) -> bool:
        """Holders of an administrator's posting of today, and the superuser of the installation."""
        person = request.user
        return (
            isinstance(person, Staff)
            and person.is_active
            and (person.is_superuser or person.holds(Role.ADMINISTRATOR))
        )

    def admin_view(self, view: Callable[..., HttpResponse], cacheable: bool = False) -> Callable[..., HttpResponse]:
        """Somebody signed in without the posting is refused (403), not asked to sign in once more."""
        guarded: Callable[..., HttpResponse] = super().admin_view(view, cacheable)

        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied
            return guarded(request, *args, **kwargs)

        return inner


class SystemAdminConfig(AdminConfig):
    """Django's admin with our front door (INSTALLED_APPS)."""

    default_site = "housing_credit.admin_site.SystemSite"
