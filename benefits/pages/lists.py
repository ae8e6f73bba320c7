"""The lines of the lists of homes, places, tenancies and subsidies, and the tabs above them."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from benefits.models import RentTerm, SubsidyTerm, Turn
from benefits.pages.tones import tone_of
from benefits.waiting import GROUPS


def tabs(request: HttpRequest, address: str, choices: Any, rows: QuerySet[Any]) -> list[dict[str, Any]]:
    """The tabs by status, each with its count, in one query."""
    return tabs_at(request, reverse(address), choices, rows)


def tabs_at(request: HttpRequest, path: str, choices: Any, rows: QuerySet[Any]) -> list[dict[str, Any]]:
    """The same, of a page at this path."""
    current = request.GET.get("tab", "")
    names = [name for name, _label in choices]
    counted = rows.order_by().aggregate(
        every=Count("pk"), **{name: Count("pk", filter=Q(status=name)) for name in names}
    )
    found = []
    for name, label in [("", _("All")), *choices]:
        query = request.GET.copy()
        query.pop("page", None)
        query["tab"] = name
        url = f"{path}?{query.urlencode()}"
        found.append({"label": label, "url": url, "current": name == current, "count": counted[name or "every"]})
    return found


def toned(rows: Iterable[Any]) -> list[dict[str, Any]]:
    """Rows with the tone of their status."""
    return [{"row": row, "tone": tone_of(row)} for row in rows]


def turn_rows(rows: Sequence[Turn]) -> list[dict[str, Any]]:
    """With the place in the order, and the groups of priority in words."""
    places = Turn.objects.places(row.pk for row in rows)
    return [
        {"row": row, "tone": tone_of(row), "place": places.get(row.pk), "groups": [_(GROUPS[c]) for c in row.groups]}
        for row in rows
    ]


def with_rent(tenancies: QuerySet[Any], month: date) -> QuerySet[Any]:
    """Tenancies with the rent of the month and the day on which the last lease ends."""
    terms = RentTerm.objects.filter(tenancy=OuterRef("pk"), from_month__lte=month).order_by("-from_month", "-pk")
    found: QuerySet[Any] = tenancies.annotate(
        rent_now=Subquery(terms.values("amount")[:1]), lease_ends=Max("contracts__ends_on")
    )
    return found


def with_amount(grants: QuerySet[Any]) -> QuerySet[Any]:
    """Subsidies with the newest amount."""
    terms = SubsidyTerm.objects.filter(grant=OuterRef("pk")).order_by("-from_month", "-pk")
    found: QuerySet[Any] = grants.annotate(amount_now=Subquery(terms.values("amount")[:1]))
    return found
