"""The applications' addresses: lists, the whole case, and the same moves as the pages."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from applications import checks, decisions, intake, result_objections, signing, tiers
from applications.api.filters import ApplicationFilter
from applications.api.shapes import (
    ApplicationOut,
    AuthorisationIn,
    CaseOut,
    NothingIn,
    ObjectionIn,
    OpinionIn,
    TimelineOut,
    body_of,
)
from applications.models import Application, Decision, Opinion
from bureau import audit
from bureau.api_shapes import IF_MATCH, Door, ReasonIn, RecordedList, answer, as_seen, failures
from bureau.models import Staff, TimelineEntry

SEEN = ("applicant_name", "members.name", "members.id_number (masked)", "members.born_on")
OPINION = OpenApiExample("opinion", {"opinion": "材料齐全，同意上报。"}, request_only=True)
REASON = OpenApiExample("reason", {"reason": "异议成立，重新核对。"}, request_only=True)

MEMBER = OpenApiExample("member", {"member": "m2", "reason": "本人要求撤回授权。"}, request_only=True)


def moving(
    summary: Any, shape: type[Serializer[Any]], *, url_path: str = "", example: OpenApiExample | None = None
) -> Callable[[Any], Any]:
    """A POST that makes one move and answers with the case as it then stands."""
    described = extend_schema(
        summary=summary,
        request=shape,
        responses={200: CaseOut, **failures(403, 404, 409, 422)},
        parameters=[IF_MATCH],
        examples=[example] if example else None,
    )

    def decorate(method: Any) -> Any:
        return described(action(detail=True, methods=["post"], url_path=url_path or method.__name__)(method))

    return decorate


@extend_schema_view(
    list=extend_schema(
        summary=_("Applications in your scope"),
        description=_("Names are masked here. Every list is recorded with its filters and the number of cases shown."),
        responses={200: ApplicationOut(many=True), **failures(404, 422)},
    )
)
@extend_schema(tags=["applications"])
class ApplicationDoor(RecordedList, Door):
    """Applications."""

    serializer_class = ApplicationOut
    filterset_class = ApplicationFilter
    lookup_field = "reference"
    lookup_value_regex = r"[A-Z]{2}\d{4}-\d{6,}"
    queryset = Application.objects.none()
    shown_fields = ("applicant_name (masked)",)

    def get_queryset(self) -> QuerySet[Application]:
        """Cases of the caller's offices and those below them."""
        cases: QuerySet[Application] = Application.objects.visible_to(self.staff).select_related("office")
        if self.action == "list":
            return cases
        opinions = Opinion.objects.select_related("office", "by")
        decided = Decision.objects.select_related("by", "letter").order_by("pk")
        return cases.select_related("keyed_by", "current_check__conclusion", "declaration").prefetch_related(
            "members", "notices", Prefetch("opinions", opinions), Prefetch("decisions", decided)
        )

    @extend_schema(summary=_("One application"), responses={200: CaseOut, **failures(404)})
    def retrieve(self, request: Request, reference: str) -> Response:
        """The whole case, with the moves that the caller can make now. The look is recorded."""
        return self._show(self.get_object())

    def _show(self, case: Application) -> Response:
        shown = CaseOut(case, context={"request": self.request}).data
        purpose = audit.purpose_of(self.staff, case.office_code, case.reference)
        audit.look(self.staff, case, purpose=purpose, action="api", fields=SEEN)
        return answer(shown, case)

    def _move(self, work: Callable[..., Any], shape: type[Serializer[Any]]) -> Response:
        """Read the body, make the move on the case as it was seen, and show what became of it."""
        case = self.get_object()
        body = body_of(shape, self.request.data)
        with as_seen(case, self.request, body.pop("status_since", None)):
            work(case, by=self.staff, **body)
        return self._show(self.get_queryset().get(pk=case.pk))

    @extend_schema(
        summary=_("What happened to an application"), responses={200: TimelineOut(many=True), **failures(404, 422)}
    )
    @action(detail=True, filterset_class=None)
    def timeline(self, request: Request, reference: str) -> Response:
        """Newest first. The look is recorded."""
        case = self.get_object()
        page = self.paginate_queryset(TimelineEntry.objects.of(case))
        purpose = audit.purpose_of(self.staff, case.office_code, case.reference)
        audit.look(self.staff, case, purpose=purpose, action="api", fields=["timeline"])
        works = self.staff.works_on(case.office_code)
        context = {"masked": () if works else [member.name for member in case.members.all()]}
        return self.get_paginated_response(TimelineOut(page, many=True, context=context).data)

    @moving(_("Agree and forward"), OpinionIn, example=OPINION)
    def forward(self, request: Request, reference: str) -> Response:
        """The desk agrees and hands the case one tier up."""
        return self._move(tiers.forward, OpinionIn)

    @moving(_("Return for correction"), OpinionIn, url_path="return", example=OPINION)
    def return_for_correction(self, request: Request, reference: str) -> Response:
        """The desk asks the household to correct or complete; the desk's clock stands still meanwhile."""
        return self._move(tiers.return_for_correction, OpinionIn)

    @moving(_("Reject"), OpinionIn, example=OPINION)
    def reject(self, request: Request, reference: str) -> Response:
        """The desk ends the case on what the household itself declared; a letter says why."""
        return self._move(tiers.reject, OpinionIn)

    @moving(_("Order the check"), NothingIn)
    def order(self, request: Request, reference: str) -> Response:
        """One order to all sources; `current_check` names it, its progress is under `/checks`."""
        return self._move(checks.order, NothingIn)

    @moving(_("Grant and publish"), OpinionIn, example=OPINION)
    def publish(self, request: Request, reference: str) -> Response:
        """Intend to grant and put the masked notice up; the approval follows when it has run its days."""
        return self._move(decisions.grant, OpinionIn)

    @moving(_("Refuse"), OpinionIn, example=OPINION)
    def refuse(self, request: Request, reference: str) -> Response:
        """Only on a conclusion of unfit; the letter names every failed criterion in words."""
        return self._move(decisions.refuse, OpinionIn)

    @moving(_("Have it checked again"), ReasonIn, example=REASON)
    def recheck(self, request: Request, reference: str) -> Response:
        """Back to the check centre; the earlier decision is kept as superseded."""
        return self._move(decisions.have_checked_again, ReasonIn)

    @extend_schema(
        summary=_("Object to the result"),
        request={"multipart/form-data": ObjectionIn},
        responses={200: CaseOut, **failures(403, 404, 409, 422)},
        parameters=[IF_MATCH],
    )
    @action(detail=True, methods=["post"], url_path="object-to-result")
    def object_to_result(self, request: Request, reference: str) -> Response:
        """The household disputes lines of its statement, with scanned proof; the objection is under `/objections`."""
        return self._move(_object_to_result, ObjectionIn)

    @moving(_("Withdraw the application"), ReasonIn, example=REASON)
    def withdraw(self, request: Request, reference: str) -> Response:
        """The household takes its application back, without any mark; its check stops."""
        return self._move(intake.withdraw, ReasonIn)

    @moving(_("Withdraw an authorisation"), AuthorisationIn, url_path="withdraw-authorisation", example=MEMBER)
    def withdraw_authorisation(self, request: Request, reference: str) -> Response:
        """A member takes the authorisation to check back; what is still queued about that person is not asked."""
        return self._move(_end_authorisation, AuthorisationIn)

    @moving(_("Discard the draft"), NothingIn)
    def discard(self, request: Request, reference: str) -> Response:
        """Give a draft up; the reference and the timeline stay."""
        return self._move(intake.discard, NothingIn)


def _object_to_result(
    case: Application, *, by: Staff, proofs: Sequence[Any], titles: Sequence[str], **given: Any
) -> None:
    named = [(titles[place] if place < len(titles) else "", file) for place, file in enumerate(proofs)]
    result_objections.object_to_result(case, proofs=named, by=by, **given)


def _end_authorisation(case: Application, *, by: Staff, member: str, reason: str) -> None:
    signing.withdraw_authorisation(case, member, by=by, reason=reason)
