"""The addresses of sources and inquiries: who was asked, when, and what came of it. Read only."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins

from bureau.api_shapes import Door, RecordedList, failures
from verification.api.filters import InquiryFilter, SourceFilter
from verification.api.shapes import InquiryOut, SourceOut
from verification.models import Check, Inquiry, Source


@extend_schema_view(
    list=extend_schema(summary=_("The sources"), responses={200: SourceOut(many=True), **failures(404, 422)}),
    retrieve=extend_schema(summary=_("One source"), responses={200: SourceOut, **failures(404)}),
)
@extend_schema(tags=["sources"])
class SourceDoor(mixins.ListModelMixin, mixins.RetrieveModelMixin, Door):
    """Sources: no household's data, so everybody who works here may read them."""

    serializer_class = SourceOut
    filterset_class = SourceFilter
    lookup_field = "code"
    lookup_value_regex = r"[a-z_]+"
    queryset = Source.objects.order_by("place", "code").defer("secret")


@extend_schema_view(
    list=extend_schema(
        summary=_("Inquiries of the checks in your scope"), responses={200: InquiryOut(many=True), **failures(404, 422)}
    )
)
@extend_schema(tags=["inquiries"])
class InquiryDoor(RecordedList, Door):
    """Inquiries: state, outcomes and times, never the raw answers."""

    serializer_class = InquiryOut
    filterset_class = InquiryFilter
    queryset = Inquiry.objects.none()
    shown_fields = ("outcomes",)

    def get_queryset(self) -> QuerySet[Inquiry]:
        """Those of the caller's checks, newest check first."""
        checks = Check.objects.visible_to(self.staff)
        inquiries = (
            Inquiry.objects.filter(check_ordered__in=checks).select_related("check_ordered", "source").with_obstacles()
        )
        ordered: QuerySet[Inquiry] = inquiries.defer("answer", "check_ordered__declared", "source__secret").order_by(
            "-check_ordered_id", "source__place"
        )
        return ordered
