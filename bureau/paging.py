"""Pages of long lists: put in order by their keys alone, and only what is shown is read whole."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet


def page_of(rows: QuerySet[Any], size: int, number: str | None, *, count: int | None = None) -> Page[Any]:
    """The page of this number, the nearest where there is no such one; `count` where it is known how many there are.

    The database sorts keys, not whole rows with all that is joined to them.
    """
    pages: Paginator[Any] = Paginator(rows.values_list("pk", flat=True), size)
    if count is not None:
        pages.count = count
    page = pages.get_page(number)
    page.object_list = list(rows.filter(pk__in=list(page.object_list)))
    return page
