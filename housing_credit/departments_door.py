"""The way of another department's program to its view: without the session, the form token and the pages of persons."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

DOOR = "api/v1/credit/"


class DepartmentsDoorMiddleware:
    """Stands before all that serves persons only, and answers an address of the departments' door at once.

    No person of ours calls there: the door checks the signature itself, and its query log names the department, as the
    history of changes names persons. Every other address goes on inward, an unknown one under the door's included.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(f"/{DOOR}"):
            return self.get_response(request)
        try:
            match = resolve(request.path_info)
        except Resolver404:
            return self.get_response(request)
        if not match.route.startswith(DOOR):
            return self.get_response(request)
        request.get_host()  # a foreign name in the Host header is refused, as for every page
        request.resolver_match = match
        response: HttpResponse = match.func(request, *match.args, **match.kwargs)
        response["Content-Length"] = str(len(response.content))
        return response
