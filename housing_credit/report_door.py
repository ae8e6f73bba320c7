"""The check reports at the programmers' door: documents of the ground, found by the cases and checks above it."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view

from bureau.api import DocumentDoor, DocumentFilter, DocumentOut
from bureau.api_shapes import failures
from bureau.models import Document
from verification.models import Check


class ReportFilter(DocumentFilter):
    """Which reports."""

    kind = None  # there is only one
    reference = filters.CharFilter(method="of_case_or_check", label=_("Reference of the case or number of the check."))

    def of_case_or_check(self, reports: Any, _name: str, value: str) -> Any:
        """A report is filed under its check; a case is found by the checks that it commissioned."""
        checks = Check.objects.filter(subject=value).values("number")
        return reports.filter(Q(reference=value) | Q(reference__in=checks))


@extend_schema_view(
    list=extend_schema(
        summary=_("Check reports in your scope"), responses={200: DocumentOut(many=True), **failures(404, 422)}
    ),
    retrieve=extend_schema(summary=_("One check report"), responses={200: DocumentOut, **failures(404)}),
)
@extend_schema(tags=["reports"])
class ReportDoor(DocumentDoor):
    """Check reports: the documents that carry a conclusion."""

    filterset_class = ReportFilter

    def get_queryset(self) -> QuerySet[Document]:
        """The reports among the caller's documents."""
        return super().get_queryset().filter(kind=Document.Kind.CHECK_REPORT)
