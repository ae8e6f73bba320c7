"""Rents and subsidies from month to month, with their working and the standard by its name."""

from collections.abc import Iterable
from typing import Any

from benefits import words
from verification.models import Standard


def rows(terms: Iterable[Any]) -> list[dict[str, Any]]:
    """Each amount with the working in words."""
    chosen = list(terms)
    names = names_of(term.standard for term in chosen)
    return [
        {"row": term, "working": words.working(term.working), "standard": names.get(term.standard, term.standard)}
        for term in chosen
    ]


def names_of(codes: Iterable[str]) -> dict[str, str]:
    """The names of standards by their codes, in one query."""
    return dict(Standard.objects.filter(code__in=set(codes)).values_list("code", "name"))
