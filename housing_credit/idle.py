"""When a session was last used, written down once a minute: not with every page, which would have to wait for it."""

import time
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase

SEEN, EVERY = "seen", 60  # seconds; so much earlier than after SESSION_COOKIE_AGE an idle session may end


def begun(request: HttpRequest, **_: Any) -> None:
    """Somebody has signed in: told with the session that is saved then anyway."""
    request.session[SEEN] = int(time.time())


class IdleMiddleware:
    """Puts the end of a session that is in use off. Stands just inside Django's `SessionMiddleware`, which saves it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        session = request.session
        if session.is_empty():
            return response
        seen = session.get(SEEN, 0)  # reads it: one that is over, or never was, is empty from here on
        if not session.is_empty() and abs(time.time() - seen) >= EVERY:
            session[SEEN] = int(time.time())
        return response
