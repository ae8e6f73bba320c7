"""How a program signs in: a name and a password with every request, and how often either may be wrong."""

from typing import Any

from django.utils.translation import gettext_lazy
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import exceptions
from rest_framework.authentication import BasicAuthentication
from rest_framework.throttling import SimpleRateThrottle


class LockedOut(exceptions.APIException):
    """Too many failed sign-ins under this name from this place (GB/T 22239)."""

    status_code = 429
    default_code = "locked_out"
    default_detail = gettext_lazy("Too many failed sign-ins. Try again in half an hour.")


class FailedSignIns(SimpleRateThrottle):
    """How many passwords may be wrong from one address in a minute, whatever names they are tried under.

    Beyond that none is looked at: to look at one costs a quarter of a second.
    """

    scope = "failed_sign_in"
    num_requests: int
    duration: int

    def get_cache_key(self, request: Any, view: Any = None) -> str:
        """By the address that speaks to us; what it forwards for is anybody's word."""
        return f"failed-sign-ins-{request.META.get('REMOTE_ADDR', '')}"

    def are_too_many(self, request: Any) -> bool:
        """Whether the next one has to wait."""
        return self.rate is not None and len(self._recent(request)) >= self.num_requests

    def note(self, request: Any) -> None:
        """One more."""
        if self.rate is not None:
            self.cache.set(self.get_cache_key(request), [*self._recent(request), self.timer()], self.duration)

    def _recent(self, request: Any) -> list[float]:
        since = self.timer() - self.duration
        return [moment for moment in self.cache.get(self.get_cache_key(request), []) if moment > since]


MUST_CHANGE = gettext_lazy("An administrator set this password. Sign in to the pages and change it first.")


class StaffBasicAuthentication(BasicAuthentication):
    """User name and password with every request; five failures lock the door, as on the sign-in page."""

    www_authenticate_realm = "housing-credit"

    def authenticate_credentials(self, userid: str, password: str, request: Any = None) -> Any:
        """The member of staff; AuthenticationFailed, or `LockedOut` after too many failures.

        Nobody's name holds a NUL, and the database takes none: that is refused unasked.
        """
        if "\0" in userid:
            raise exceptions.AuthenticationFailed
        failed = FailedSignIns()
        if failed.are_too_many(request):
            raise exceptions.Throttled(wait=failed.duration)
        try:
            found = super().authenticate_credentials(userid, password, request)
        except exceptions.AuthenticationFailed:
            failed.note(request)
            if getattr(request, "axes_locked_out", False):
                raise LockedOut from None
            raise
        if found[0].must_change_password:
            raise exceptions.PermissionDenied(MUST_CHANGE)
        return found


class StaffBasicScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Names the scheme in the OpenAPI document."""

    target_class = "bureau.api_sign_in.StaffBasicAuthentication"
    name = "basicAuth"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """As OpenAPI writes HTTP Basic."""
        return {"type": "http", "scheme": "basic"}
