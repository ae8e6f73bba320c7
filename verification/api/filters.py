"""By what checks and inquiries are found. Never by a name or an ID number."""

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters

from verification.models import Check, Conclusion, Finding, Inquiry, Source


class CheckFilter(filters.FilterSet):
    """Which checks."""

    status = filters.MultipleChoiceFilter(choices=Check.Status, label=_("One or more."))
    office = filters.CharFilter("office_code", "startswith", label=_("Code prefix of the office."))
    subject = filters.CharFilter("subject", label=_("Reference of the case."))
    conclusion = filters.ChoiceFilter("conclusion__outcome", choices=Conclusion.Outcome)
    ordered_from = filters.DateFilter("ordered_at", "date__gte")
    ordered_to = filters.DateFilter("ordered_at", "date__lte", label=_("Last day included."))
    ordering = filters.OrderingFilter(
        fields=(("ordered_at", "ordered_at"), ("status_since", "status_since")),
        label=_("A minus sign in front turns the order round."),
    )

    class Meta:
        model = Check
        fields = ("purpose",)


class InquiryFilter(filters.FilterSet):
    """Which inquiries."""

    check = filters.CharFilter("check_ordered__number", label=_("Number of the check."))
    source = filters.CharFilter("source__code", label=_("Code of the source."))
    state = filters.MultipleChoiceFilter(choices=Inquiry.State, label=_("One or more."))
    asked_from = filters.DateFilter("asked_at", "date__gte")
    asked_to = filters.DateFilter("asked_at", "date__lte", label=_("Last day included."))

    class Meta:
        model = Inquiry
        fields = ("reason",)


class FindingFilter(filters.FilterSet):
    """Which findings of the check."""

    class Meta:
        model = Finding
        fields = ("state", "kind", "member")


class SourceFilter(filters.FilterSet):
    """Which sources."""

    class Meta:
        model = Source
        fields = ("enabled", "dialect", "policy")
