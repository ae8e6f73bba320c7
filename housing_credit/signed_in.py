"""Nobody comes further than the door without a session; what was typed is not to be lost at it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe


class SignedInMiddleware(LoginRequiredMiddleware):
    """Sends everybody without a session to sign in.

    A part of a page that asks by itself is answered 401 instead: a redirect would look like an answer to it, and the
    page, with what stands on it, is to stay open.
    """

    def handle_no_permission(  # type: ignore[override]  # the stub foresees nothing but Django's redirect
        self, request: HttpRequest, view_func: Any
    ) -> HttpResponseBase:
        """To the sign-in page; 401 with words where no page is asked for."""
        if request.headers.get("HX-Request"):
            # Translators: 您已退出登录，请在新窗口登录后再保存。
            words = _("You are signed out. Sign in in a new window, then save again.")
            return HttpResponse(words, status=401, content_type="text/plain; charset=utf-8")
        if request.method == "POST":
            # Translators: 登录已失效，刚才提交的内容没有保存。
            messages.warning(request, _("You were signed out before this was sent, so it was not saved."))
        return super().handle_no_permission(request, view_func)


@require_safe
def session(request: HttpRequest) -> HttpResponse:
    """204: the session stands, else the middleware has answered. A page asks before it sends what somebody typed."""
    return HttpResponse(status=204)
