"""What is kept of a failed sign-in."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from housing_credit.request_log import without_id_numbers


def attempted_username(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str:
    """The user name that was tried, as the lock-out keeps it; without the ID number that somebody typed instead."""
    given = (credentials or {}).get("username") or request.POST.get("username", "")
    return without_id_numbers(str(given))
