"""The address of the scorecard: how each source fared in a month. Read only, and of no household."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from bureau.api_shapes import Door, failures
from verification import scorecards
from verification.models import COUNTERS, ScorecardRow
from verification.scorecards import Line

MONTH = OpenApiParameter("month", str, description=gettext_lazy("Such as 2026-11; without it the running month."))


class FiguresOut(serializers.ModelSerializer[ScorecardRow]):
    """What was counted of a source in a month."""

    in_time_share = serializers.FloatField(
        allow_null=True, read_only=True, help_text=gettext_lazy("Of the asked; null where nobody was asked.")
    )

    class Meta:
        model = ScorecardRow
        fields = (*COUNTERS, "in_time_share", "held_seconds", "median_ms", "p95_ms", "answer_seconds")
        read_only_fields = fields


class LineOut(serializers.Serializer[Line]):
    """A source in a month, or all together."""

    source = serializers.CharField(source="source.code", default="", read_only=True)  # type: ignore[assignment]
    source_name = serializers.CharField(source="source.name", default="", read_only=True)
    figures = FiguresOut(source="row", read_only=True)
    contradicted = serializers.IntegerField(
        read_only=True, help_text=gettext_lazy("Lines that the source has corrected until now; goes on growing.")
    )
    contradicted_share = serializers.FloatField(allow_null=True, read_only=True)
    trend = serializers.FloatField(
        allow_null=True, read_only=True, help_text=gettext_lazy("Of the share in time, against the month before.")
    )


@extend_schema_field({"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$"})
class MonthField(serializers.DateField):
    """A month, such as 2026-11."""


class ScorecardOut(serializers.Serializer[Any]):
    """A month of all sources."""

    month = MonthField(format="%Y-%m", read_only=True)
    frozen = serializers.BooleanField(
        source="is_frozen", read_only=True, help_text=gettext_lazy("Nothing but what is contradicted can still change.")
    )
    as_of = serializers.DateTimeField(read_only=True)
    total = LineOut(read_only=True)
    sources = LineOut(source="lines", many=True, read_only=True)


class ScorecardDoor(Door):
    """The scorecard, for the city's check officers, administrators and auditors."""

    serializer_class = ScorecardOut
    queryset = ScorecardRow.objects.none()
    filter_backends = ()
    pagination_class = None

    @extend_schema(
        tags=["sources"],
        summary=gettext_lazy("How each source fared in a month"),
        parameters=[MONTH],
        responses={200: forced_singular_serializer(ScorecardOut), **failures(403, 422)},  # type: ignore[no-untyped-call]
    )
    def list(self, request: Request) -> Response:
        """Asked, answered in time, errors by sort, contradicted later, median and 95th percentile; and all together."""
        scorecards.require_reader(self.staff)
        wanted = request.query_params.get("month")
        return Response(ScorecardOut(scorecards.card(_month(wanted) if wanted else scorecards.this_month())).data)


def _month(text: str) -> Any:
    try:
        month = datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007 -- a month has no hour
    except ValueError:
        raise exceptions.ValidationError({"month": [_("Enter a month such as 2026-11.")]}) from None
    if not scorecards.EARLIEST <= month <= scorecards.this_month():
        raise exceptions.ValidationError({"month": [_("Enter a month such as 2026-11.")]})
    return month
