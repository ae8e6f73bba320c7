"""Who changed what: the person and the address beside each change that a request makes (pghistory)."""

from typing import Any

from django.http import HttpRequest
from pghistory.middleware import HistoryMiddleware

DEPARTMENTS_DOOR = "/api/v1/credit/"


class PersonHistoryMiddleware(HistoryMiddleware):
    """Not at the door of other departments: no person of ours calls there, and all that is written is the log of their
    queries and their own receipts, which name the department themselves.
    """

    def __call__(self, request: HttpRequest) -> Any:
        """Answer, with person and address at hand for the triggers."""
        if request.path.startswith(DEPARTMENTS_DOOR):
            return self.get_response(request)
        return super().__call__(request)  # type: ignore[no-untyped-call]  # pghistory has no types
