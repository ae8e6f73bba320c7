"""The one place where a `CaseError` becomes a page, a message or an API answer: 403, 404, 409, 422 with what to do."""

from collections.abc import Callable, Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from bureau.errors import CaseError

STATUSES = {"not_allowed": 403, "not_now": 409, "stale": 409, "invalid": 422}


class CaseErrorMiddleware:
    """Shows a refused request as a page of its own;
    what was typed stays in the browser's form behind the back button.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Only our own errors are answered here; an unknown one stays unknown and is a 500."""
        if not isinstance(exception, CaseError):
            return None
        status = STATUSES.get(exception.code, 400)
        context = {
            "message": str(exception),
            "back": _referrer(request),
            "request_number": request.META.get("REQUEST_NUMBER", ""),
        }
        return render(request, f"errors/{status if status in {403, 409, 422} else 409}.html", context, status=status)


def _referrer(request: HttpRequest) -> str:
    """The page it came from, when that was one of ours; what a browser would read as another host never is."""
    from_page = request.META.get("HTTP_REFERER", "")
    prefix = f"{request.scheme}://{request.get_host()}/"
    page = "/" + from_page.removeprefix(prefix) if from_page.startswith(prefix) else "/"
    return page if url_has_allowed_host_and_scheme(page, allowed_hosts=None) else "/"


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without a valid token: usually a session that ended while the page lay open."""
    return render(request, "errors/csrf.html", {"back": _referrer(request)}, status=403)


def api_error(error: Exception, context: dict[str, Any]) -> Response | None:
    """One shape for every API error: {"code", "message", "fields"}."""
    if isinstance(error, CaseError):
        fields = getattr(error, "fields", {})
        return Response(
            {"code": error.code, "message": str(error), "fields": fields}, status=STATUSES.get(error.code, 400)
        )
    response = exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, exceptions.ValidationError):
        response.status_code = 422
        detail = error.detail if isinstance(error.detail, dict) else {"non_field_errors": error.detail}
        fields = {name: list(_words(each)) for name, each in detail.items()}
        message = _("Correct the fields named here and send it again.")
        response.data = {"code": "invalid", "message": message, "fields": fields}
    elif isinstance(error, Http404):
        message = _("There is no such record, or it is outside your offices.")
        response.data = {"code": "not_found", "message": message, "fields": {}}
    elif isinstance(error, PermissionDenied):
        message = _("Your posting does not include this work.")
        response.data = {"code": "not_allowed", "message": message, "fields": {}}
    elif isinstance(error, exceptions.PermissionDenied):
        response.data = {"code": "not_allowed", "message": str(error.detail), "fields": {}}
    elif isinstance(error, exceptions.APIException):
        response.data = {"code": str(error.default_code), "message": str(error.detail), "fields": {}}
    return response


def _words(detail: Any) -> Iterator[str]:
    """What is wrong with a field, as a list of sentences, also where the field is a list of its own."""
    if isinstance(detail, dict):
        detail = list(detail.values())
    for each in detail if isinstance(detail, list) else [detail]:
        if isinstance(each, list | dict):
            yield from _words(each)
        else:
            yield str(each)
