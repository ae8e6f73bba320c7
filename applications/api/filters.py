"""By what applications are found. Never by a name or an ID number: what stands in an address is logged on its way."""

from typing import Any, cast

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters

from applications.models import Application
from applications.querysets import ENDED
from bureau import workdays
from bureau.models import Staff


class ApplicationFilter(filters.FilterSet):
    """Which applications."""

    status = filters.MultipleChoiceFilter(
        choices=Application.Status, label=_("One or more: status=at_street&status=at_district.")
    )
    office = filters.CharFilter("office_code", "startswith", label=_("Code prefix of the window, such as 321202."))
    submitted_from = filters.DateFilter("submitted_at", "date__gte")
    submitted_to = filters.DateFilter("submitted_at", "date__lte", label=_("Last day included."))
    accepted_from = filters.DateFilter("accepted_on", "gte")
    accepted_to = filters.DateFilter("accepted_on", "lte", label=_("Last day included."))
    due_by = filters.DateFilter("due_on", "lte", label=_("Due on this day or earlier."))
    overdue = filters.BooleanFilter(method="only_overdue", label=_("Under way and past the due day, or not."))
    mine = filters.BooleanFilter(method="only_mine", label=_("Only what lies on the caller's own desk."))
    ordering = filters.OrderingFilter(
        fields=(("created_at", "created_at"), ("submitted_at", "submitted_at"), ("due_on", "due_on")),
        label=_("A minus sign in front turns the order round."),
    )

    class Meta:
        model = Application
        fields = ("kind", "reference")

    def only_overdue(self, cases: Any, _name: str, value: bool) -> Any:
        """Whether the day on which the present stage was due has gone by."""
        late = cases.filter(due_on__lt=workdays.today()).exclude(status__in=ENDED)
        return late if value else cases.exclude(pk__in=late.values("pk"))

    def only_mine(self, cases: Any, _name: str, value: bool) -> Any:
        """What waits for one of the caller's postings; `mine=false` asks for nothing special."""
        by = cast(HttpRequest, self.request).user
        return cases.on_desk_of(cast(Staff, by).seats) if value else cases
