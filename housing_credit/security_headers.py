"""The headers that keep a page to itself: no foreign script, no inline script, no frame, no cache of personal data."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

COMMON = "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; img-src 'self' data:"
PAGES = f"default-src 'self'; style-src 'self'; script-src 'self'; {COMMON}"
# The admin theme and the API browser have inline styles and scripts; they serve administrators and programmers.
INLINE = "style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; font-src 'self' data:"
TOOLS = f"default-src 'self'; {INLINE}; {COMMON}"
TOOL_PATHS = ("/admin/", "/api/docs/")


class SecurityHeadersMiddleware:
    """Adds the content security policy, and forbids caches to keep what is not a static file."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Content-Security-Policy", TOOLS if request.path.startswith(TOOL_PATHS) else PAGES)
        response.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        if not request.path.startswith("/static/"):
            response.setdefault("Cache-Control", "no-store")
        return response
