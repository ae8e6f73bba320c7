"""The programmers' door to the ground: who I am, the offices, the letters and reports."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import mixins, renderers, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from bureau import audit, letters
from bureau.api_shapes import Door, failures
from bureau.errors import NotAllowedError
from bureau.models import Document, Office, Posting, Staff


class OfficeOut(serializers.ModelSerializer[Office]):
    """An office. Its code is its place: the code of every office below it begins with the same digits."""

    name = serializers.CharField(read_only=True, help_text=_("In the language of the request."))
    parent: Any = serializers.SlugRelatedField(slug_field="code", read_only=True, allow_null=True)

    class Meta:
        model = Office
        fields = ("code", "name", "name_zh", "name_en", "tier", "parent", "area", "address", "phone", "opened_on",
                  "closed_on")  # fmt: skip
        read_only_fields = fields


class PostingOut(serializers.ModelSerializer[Posting]):
    """A posting held today."""

    office = serializers.CharField(source="office.code", read_only=True)
    office_name = serializers.CharField(source="office.name", read_only=True)
    role_name = serializers.CharField(source="get_role_display", read_only=True)

    class Meta:
        model = Posting
        fields = ("office", "office_name", "role", "role_name", "from_on", "to_on")
        read_only_fields = fields


class MeOut(serializers.ModelSerializer[Staff]):
    """The member of staff whose sign-in came with the request."""

    postings = PostingOut(source="seats", many=True, read_only=True)

    class Meta:
        model = Staff
        fields = ("username", "name", "postings")
        read_only_fields = fields


class DocumentOut(serializers.ModelSerializer[Document]):
    """A numbered letter or report. What it says is in its PDF."""

    by = serializers.CharField(source="by.name", read_only=True, allow_null=True, default=None)
    kind_name = serializers.CharField(
        source="kind_in_words", read_only=True, help_text=_("In the language of the request.")
    )
    superseded_by: Any = serializers.SlugRelatedField(slug_field="number", read_only=True, allow_null=True)

    class Meta:
        model = Document
        fields = ("id", "number", "kind", "kind_name", "title", "lang", "reference", "office_code", "issued_on", "by",
                  "created_at", "typeset_at", "digest", "superseded_by")  # fmt: skip
        read_only_fields = fields


class OfficeFilter(filters.FilterSet):
    """Which offices."""

    under = filters.CharFilter("code", "startswith", label=_("Code prefix: 321202 for a district and all below it."))
    open = filters.BooleanFilter(method="only_open", label=_("Only offices that work today."))

    class Meta:
        model = Office
        fields = ("tier",)

    def only_open(self, offices: Any, _name: str, value: bool) -> Any:
        """`open=false` asks for nothing special."""
        return offices.open() if value else offices


class DocumentFilter(filters.FilterSet):
    """Which letters and reports."""

    office = filters.CharFilter("office_code", "startswith", label=_("Code prefix of the office."))
    issued_from = filters.DateFilter("issued_on", "gte")
    issued_to = filters.DateFilter("issued_on", "lte", label=_("Last day included."))

    class Meta:
        model = Document
        fields = ("kind", "reference", "number")


@extend_schema_view(
    list=extend_schema(summary=_("Offices in your scope"), responses={200: OfficeOut(many=True), **failures(404, 422)}),
    retrieve=extend_schema(summary=_("One office"), responses={200: OfficeOut, **failures(404)}),
)
@extend_schema(tags=["offices"])
class OfficeDoor(mixins.ListModelMixin, mixins.RetrieveModelMixin, Door):
    """Offices."""

    serializer_class = OfficeOut
    filterset_class = OfficeFilter
    lookup_field = "code"
    lookup_value_regex = r"\d{6,12}"
    queryset = Office.objects.none()

    def get_queryset(self) -> QuerySet[Office]:
        """Those in the caller's scope, with the office above."""
        offices: QuerySet[Office] = Office.objects.visible_to(self.staff).select_related("parent")
        return offices


@extend_schema(tags=["me"])
class MeDoor(Door):
    """The caller."""

    serializer_class = MeOut
    filter_backends = ()
    pagination_class = None
    queryset = Staff.objects.none()

    @extend_schema(
        summary=_("Who I am and what I am posted to"),
        responses={200: forced_singular_serializer(MeOut), **failures()},  # type: ignore[no-untyped-call]
    )
    def list(self, request: Request) -> Response:
        """The account and the postings held today: every right follows from them."""
        return Response(MeOut(self.staff).data)


class PdfRenderer(renderers.BaseRenderer):
    """Lets a caller ask for `application/pdf`. The PDF itself is sent as it is kept, so nothing is rendered."""

    media_type = "application/pdf"
    format = "pdf"


@extend_schema_view(
    list=extend_schema(
        summary=_("Letters and reports in your scope"), responses={200: DocumentOut(many=True), **failures(404, 422)}
    ),
    retrieve=extend_schema(summary=_("One letter or report"), responses={200: DocumentOut, **failures(404)}),
)
@extend_schema(tags=["documents"])
class DocumentDoor(mixins.ListModelMixin, mixins.RetrieveModelMixin, Door):
    """Letters and reports: numbers, dates and digests; the content is in the PDF."""

    serializer_class = DocumentOut
    filterset_class = DocumentFilter
    lookup_value_regex = r"\d+"
    queryset = Document.objects.none()

    def get_queryset(self) -> QuerySet[Document]:
        """Those of the caller's offices, without their protected data."""
        documents: QuerySet[Document] = Document.objects.visible_to(self.staff)
        return documents.select_related("by", "superseded_by").defer("data")

    @extend_schema(
        summary=_("The PDF of a letter or report"),
        responses={
            (200, "application/pdf"): OpenApiResponse(OpenApiTypes.BINARY, _("The document as it was issued.")),
            **failures(403, 404, 422),
        },
    )
    @action(detail=True, renderer_classes=[PdfRenderer, renderers.JSONRenderer])
    def pdf(self, request: Request, pk: str) -> HttpResponse:
        """Made now when it was not made yet. Its SM3 digest is checked against the one kept, and sent along."""
        document = self.get_object()
        if not document.is_work_of(self.staff):
            raise NotAllowedError(_("An auditor opens papers on the pages, where the reason is asked for."))
        content = letters.pdf_of(document)
        audit.look(self.staff, document, purpose=document.number, action="api", fields=["pdf"])
        headers = {"Content-Disposition": f'attachment; filename="{document.check_code}.pdf"', "SM3": document.digest}
        return HttpResponse(content, content_type="application/pdf", headers=headers)
