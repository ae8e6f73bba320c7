"""Pages that come in parts, some at once, each other by a request of its own (`templates/_later.html`)."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.functional import Promise

Label = str | Promise


def later(parts: Mapping[str, Label], route: str, query: str = "", *, at_once: int = 1) -> list[tuple[str, Label, str]]:
    """All parts but those that come `at_once`: code, label, and the address that answers with it."""
    asked = f"?{query}" if query else ""
    return [(code, label, reverse(route, args=[code]) + asked) for code, label in list(parts.items())[at_once:]]
