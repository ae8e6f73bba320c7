"""Pages that come in parts: the first at once, each other by a request of its own (`templates/_later.html`)."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.functional import Promise

Label = str | Promise


def later(parts: Mapping[str, Label], route: str, query: str = "") -> list[tuple[str, Label, str]]:
    """All parts but the first: code, label, and the address that answers with it."""
    asked = f"?{query}" if query else ""
    return [(code, label, reverse(route, args=[code]) + asked) for code, label in list(parts.items())[1:]]
