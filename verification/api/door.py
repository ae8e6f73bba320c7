"""The addresses of checks and findings: progress, what was found, and the officer's moves."""

from collections.abc import Callable
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from bureau import audit
from bureau.api_shapes import IF_MATCH, Door, ReasonIn, RecordedList, answer, as_seen, failures
from verification import conclusions, findings, orders, wording
from verification.api.changes import DeltaOut
from verification.api.filters import CheckFilter, FindingFilter
from verification.api.shapes import AskAgainIn, CheckOut, CheckWholeOut, ConcludeIn, FindingOut
from verification.models import Check, Finding, Inquiry

NUMBER = r"[A-Z]{2}\d{4}-\d{6,}"
CONCLUDE = OpenApiExample("fit", {"outcome": "fit", "opinion": "各项均符合标准。"}, request_only=True)
ASK_AGAIN = OpenApiExample("two banks", {"sources": ["jsb", "njcb"]}, request_only=True)
REASON = OpenApiExample("reason", {"reason": "登记仍在其名下，当事人承认。"}, request_only=True)
CHECK_NUMBER = OpenApiParameter("number", str, OpenApiParameter.PATH, description=_("Number of the check."))
FINDING_ID = OpenApiParameter("id", OpenApiTypes.INT, OpenApiParameter.PATH)


def moving(summary: Any, shape: type[Serializer[Any]], example: OpenApiExample, **path: str) -> Callable[[Any], Any]:
    """A POST that makes one move and answers with the check as it then stands."""
    described = extend_schema(
        summary=summary,
        request=shape,
        responses={200: CheckWholeOut, **failures(403, 404, 409, 422)},
        parameters=[IF_MATCH],
        examples=[example],
    )
    return lambda method: described(action(detail=True, methods=["post"], **path)(method))


@extend_schema_view(
    list=extend_schema(summary=_("Checks in your scope"), responses={200: CheckOut(many=True), **failures(404, 422)})
)
@extend_schema(tags=["checks"])
class CheckDoor(RecordedList, Door):
    """Checks: one household put to all sources."""

    serializer_class = CheckOut
    filterset_class = CheckFilter
    lookup_field = "number"
    lookup_value_regex = NUMBER
    queryset = Check.objects.none()
    shown_fields = ("conclusion",)

    def get_queryset(self) -> QuerySet[Check]:
        """Those of the caller's offices, without what was declared and answered."""
        seen = Check.objects.visible_to(self.staff).defer("declared")
        checks: QuerySet[Check] = seen.select_related(
            "standard", "ordered_by", "conclusion__by", "conclusion__report"
        ).defer("declared", "standard__content", "conclusion__report__data")
        if self.action in {"list", "delta"}:
            return checks
        inquiries = Inquiry.objects.select_related("source", "check_ordered").order_by("source__place")
        return checks.prefetch_related(
            Prefetch(
                "inquiries", inquiries.with_obstacles().defer("answer", "source__secret", "check_ordered__declared")
            ),
            Prefetch("findings", Finding.objects.select_related("settled_by", "reopening")),
        )

    @extend_schema(summary=_("One check"), responses={200: CheckWholeOut, **failures(404)})
    def retrieve(self, request: Request, number: str) -> Response:
        """Every source with its state, the findings, the assessment. The look is recorded."""
        return self._show(self.get_object())

    @extend_schema(summary=_("What changed since the last check"), responses={200: DeltaOut, **failures(404)})
    @action(detail=True, methods=["get"])
    def delta(self, request: Request, number: str) -> Response:
        """Against the last concluded check of the same case, the weightiest change first. The look is recorded."""
        check = self.get_object()
        purpose = audit.purpose_of(self.staff, check.office_code, check.number)
        audit.look(self.staff, check, purpose=purpose, action="api", fields=["changes"])
        return Response(DeltaOut(check, context={"request": request}).data)

    def _show(self, check: Check) -> Response:
        context = {"request": self.request, "source_names": wording.source_names()}
        shown = CheckWholeOut(check, context=context).data
        purpose = audit.purpose_of(self.staff, check.office_code, check.number)
        audit.look(self.staff, check, purpose=purpose, action="api", fields=["findings", "criteria"])
        return answer(shown, check)

    def _move(self, work: Callable[..., Any], shape: type[Serializer[Any]], **renamed: str) -> Response:
        check = self.get_object()
        given = shape(data=self.request.data)
        given.is_valid(raise_exception=True)
        body = {renamed.get(name, name): value for name, value in given.validated_data.items()}
        with as_seen(check, self.request, body.pop("status_since", None)):
            work(check, by=self.staff, **body)
        return self._show(self.get_queryset().get(pk=check.pk))

    @moving(_("Conclude"), ConcludeIn, CONCLUDE)
    def conclude(self, request: Request, number: str) -> Response:
        """Fit, unfit or incomplete; the numbered report follows."""
        return self._move(conclusions.conclude, ConcludeIn)

    @moving(_("Ask again"), AskAgainIn, ASK_AGAIN, url_path="ask-again")
    def ask_again(self, request: Request, number: str) -> Response:
        """Put sources back in the queue; named ones are asked even if they answered."""
        return self._move(orders.ask_again, AskAgainIn, sources="source_codes")

    @moving(_("Cancel the check"), ReasonIn, REASON)
    def cancel(self, request: Request, number: str) -> Response:
        """What is queued is not asked any more."""
        return self._move(orders.cancel, ReasonIn)


@extend_schema_view(
    list=extend_schema(
        summary=_("Findings of a check"),
        parameters=[CHECK_NUMBER],
        responses={200: FindingOut(many=True), **failures(404, 422)},
    )
)
@extend_schema(tags=["checks"])
class FindingDoor(RecordedList, Door):
    """The findings of one check, and a person's word on each."""

    serializer_class = FindingOut
    filterset_class = FindingFilter
    lookup_value_regex = r"\d+"
    queryset = Finding.objects.none()
    shown_fields = ("findings",)

    def get_queryset(self) -> QuerySet[Finding]:
        """Those of the check in the address; 404 when it is out of the caller's scope."""
        checks = Check.objects.visible_to(self.staff).defer("declared")
        check = get_object_or_404(checks, number=self.kwargs["number"])
        rows: QuerySet[Finding] = check.findings.select_related("settled_by", "check_ordered", "reopening")
        return rows.defer("check_ordered__declared")

    def get_serializer_context(self) -> dict[str, Any]:
        """The source names are read once, however many findings there are."""
        return {**super().get_serializer_context(), "source_names": wording.source_names()}

    def _settle(self, work: Callable[..., Finding]) -> Response:
        finding = self.get_object()
        given = ReasonIn(data=self.request.data)
        given.is_valid(raise_exception=True)
        check = finding.check_ordered
        with as_seen(check, self.request, given.validated_data.get("status_since")):
            settled = work(finding, by=self.staff, reason=given.validated_data["reason"])
        purpose = audit.purpose_of(self.staff, check.office_code, check.number)
        audit.look(self.staff, check, purpose=purpose, action="api", fields=["findings"])
        return answer(self.get_serializer(settled).data, check)

    @extend_schema(
        summary=_("Confirm a finding"),
        request=ReasonIn,
        responses={200: FindingOut, **failures(403, 404, 409, 422)},
        parameters=[CHECK_NUMBER, FINDING_ID, IF_MATCH],
        examples=[REASON],
    )
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, number: str, pk: str) -> Response:
        """It is true and material: it may carry a refusal."""
        return self._settle(findings.confirm)

    @extend_schema(
        summary=_("Dismiss a finding"),
        request=ReasonIn,
        responses={200: FindingOut, **failures(403, 404, 409, 422)},
        parameters=[CHECK_NUMBER, FINDING_ID, IF_MATCH],
        examples=[REASON],
    )
    @action(detail=True, methods=["post"])
    def dismiss(self, request: Request, number: str, pk: str) -> Response:
        """It does not hold: what it rests on is set aside, and the household is assessed anew at once."""
        return self._settle(findings.dismiss)

    @extend_schema(
        summary=_("Take back a dismissal"),
        request=ReasonIn,
        responses={200: FindingOut, **failures(403, 404, 409, 422)},
        parameters=[CHECK_NUMBER, FINDING_ID, IF_MATCH],
        examples=[REASON],
    )
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, number: str, pk: str) -> Response:
        """The dismissal was wrong: the newest check of the case is assessed anew without it."""
        return self._settle(findings.reopen)
