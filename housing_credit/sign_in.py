"""What is kept of a failed sign-in."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from bureau.masks import without_id_numbers

LONGEST_NAME = 150  # characters, as of a user name


def attempted_username(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str:
    """The user name that was tried, as the lock-out keeps it; without the ID number that somebody typed instead.

    Of at most `LONGEST_NAME` characters and without NUL, which the database would not keep.
    """
    given = (credentials or {}).get("username") or request.POST.get("username", "")
    return without_id_numbers(str(given)).replace("\0", "")[:LONGEST_NAME]
