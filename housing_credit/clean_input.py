"""A NUL character is in no text that a person types, and PostgreSQL keeps none: such a request is refused as a whole.

JSON bodies are not read here: the shapes of the programmers' door refuse a NUL beside its field.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

NUL = "\0"


class CleanInputMiddleware:
    """Answers 400 to a NUL in the path, the query or a form, before any view or database sees it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if NUL in request.path_info or _has_nul(request.GET):
            return _refusal(request)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """A form is read only here: the CSRF middleware has then turned away a visitor who hung up half-way."""
        return _refusal(request) if _has_nul(request.POST) else None


def _has_nul(values: QueryDict) -> bool:
    return any(NUL in text for name, texts in values.lists() for text in _texts(name, texts))


def _texts(name: str, values: Iterable[object]) -> Iterable[str]:
    return (name, *map(str, values))


def _refusal(request: HttpRequest) -> HttpResponse:
    # Translators: 请求中含有无法处理的字符
    message = _("The request holds a character that no text can hold. Nothing was changed.")
    if request.path_info.startswith("/api/"):
        return JsonResponse({"code": "bad_request", "message": message, "fields": {}}, status=400)
    context = {"message": message, "request_number": request.META.get("REQUEST_NUMBER", "")}
    return render(request, "errors/400.html", context, status=400)
