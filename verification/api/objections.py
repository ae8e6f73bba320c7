"""The addresses of objections to results: what is disputed, how it stands, and the same moves as the pages."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from bureau import audit
from bureau.api_shapes import (
    IF_MATCH,
    Door,
    MoveOut,
    ReasonIn,
    RecordedList,
    SeenIn,
    answer,
    as_seen,
    choice_or_nothing,
    failures,
    moves_open_to,
)
from bureau.models import Staff
from verification import objections
from verification.models import Dispute, Objection, Proof
from verification.objection_moves import TABLE
from verification.pages.objections import grounds_for, lines_told

SUMMARY = ("number", "check_number", "subject", "office_code", "status", "status_name", "status_since", "result_on",
           "received_on", "received_by", "due_on", "outcome", "answer", "answered_by", "answered_at", "letter",
           "recheck")  # fmt: skip


class ObjectionOut(serializers.ModelSerializer[Objection]):
    """A household's objection to the result of its check."""

    check_number = serializers.CharField(source="check_ordered.number", read_only=True)
    status_name = serializers.CharField(source="get_status_display", read_only=True)
    received_by = serializers.CharField(source="received_by.name", read_only=True)
    answered_by = serializers.CharField(source="answered_by.name", read_only=True, allow_null=True, default=None)
    letter: Any = serializers.SlugRelatedField(slug_field="number", read_only=True, allow_null=True)
    recheck: Any = serializers.SlugRelatedField(slug_field="number", read_only=True, allow_null=True)

    outcome = choice_or_nothing(Objection, "outcome")

    class Meta:
        model = Objection
        fields: tuple[str, ...] = SUMMARY
        read_only_fields = fields


class DisputeOut(serializers.ModelSerializer[Dispute]):
    """A disputed line: what its source told, what was done about it and how it ended."""

    source: Any = serializers.CharField(source="source.code", read_only=True)
    text = serializers.SerializerMethodField(help_text=_("What the source told, as a sentence."))
    letter: Any = serializers.SlugRelatedField(slug_field="number", read_only=True, allow_null=True)
    decided_by = serializers.CharField(source="decided_by.name", read_only=True, allow_null=True, default=None)

    act = choice_or_nothing(Dispute, "act")
    reply = choice_or_nothing(Dispute, "reply")
    outcome = choice_or_nothing(Dispute, "outcome")

    class Meta:
        model = Dispute
        fields = ("line", "source", "text", "act", "reason", "decided_by", "decided_at", "letter", "reply_due_on",
                  "reply", "reply_words", "replied_on", "outcome", "settled_at")  # fmt: skip
        read_only_fields = fields

    def get_text(self, dispute: Dispute) -> str:
        """In the caller's language."""
        return str(self.context["told"][dispute.line])


class ProofOut(serializers.ModelSerializer[Proof]):
    """A paper that was brought as proof. It is opened on the pages, where the look is recorded."""

    class Meta:
        model = Proof
        fields = ("title", "content_type", "size", "digest", "uploaded_at")
        read_only_fields = fields


class ObjectionWholeOut(ObjectionOut):
    """One objection with its lines and proofs, and what the caller can do now."""

    grounds = serializers.SerializerMethodField(help_text=_("In the household's words."))
    lines = serializers.SerializerMethodField()
    proofs = ProofOut(many=True, read_only=True)
    available_moves = serializers.SerializerMethodField()

    class Meta(ObjectionOut.Meta):
        fields = (*SUMMARY, "grounds", "lines", "proofs", "available_moves")
        read_only_fields = fields

    def get_grounds(self, objection: Objection) -> str:
        """Names are masked to who only reads."""
        return grounds_for(objection, self.context["request"].user)

    @extend_schema_field(DisputeOut(many=True))
    def get_lines(self, objection: Objection) -> Any:
        """In the order of the statement."""
        rows: Any = objection.disputes.select_related("source", "letter", "decided_by")
        return DisputeOut(rows, many=True, context={"told": lines_told(objection)}).data

    @extend_schema_field(MoveOut(many=True))
    def get_available_moves(self, objection: Objection) -> list[dict[str, str]]:
        """What the page would draw for the same person."""
        return moves_open_to(objection, self.context["request"].user, TABLE)


class DecideIn(SeenIn):
    """What is done about a line."""

    line = serializers.IntegerField(min_value=1, max_value=32767)
    act = serializers.ChoiceField(choices=Dispute.Act.choices)
    reason = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)


class ReplyIn(SeenIn):
    """What a department answered to a correction request."""

    line = serializers.IntegerField(min_value=1, max_value=32767)
    reply = serializers.ChoiceField(choices=Dispute.Reply.choices)
    words = serializers.CharField(max_length=2000)
    replied_on = serializers.DateField()


class AnswerIn(SeenIn):
    """The answer to the household; the outcome follows from the lines."""

    answer = serializers.CharField(max_length=2000)


class NoWordsIn(SeenIn):
    """A move that needs no words."""


class ObjectionFilter(filters.FilterSet):
    """Which objections."""

    status = filters.MultipleChoiceFilter(choices=Objection.Status, label=_("One or more."))
    office = filters.CharFilter("office_code", "startswith", label=_("Code prefix of the office."))
    check = filters.CharFilter("check_ordered__number", label=_("Number of the check."))
    due_to = filters.DateFilter("due_on", "lte", label=_("Last day included."))

    class Meta:
        model = Objection
        fields = ("subject", "outcome")


DECIDE = OpenApiExample("ask again", {"line": 3, "act": "ask_again", "reason": ""}, request_only=True)
REPLY = OpenApiExample(
    "maintained",
    {"line": 3, "reply": "maintained", "words": "经核实无误。", "replied_on": "2026-12-04"},
    request_only=True,
)
ANSWER = OpenApiExample("answer", {"answer": "经再次查询，异议成立。"}, request_only=True)
REASON = OpenApiExample("reason", {"reason": "家庭已核实，撤回异议。"}, request_only=True)


def moving(
    summary: Any, shape: type[Serializer[Any]], example: OpenApiExample | None = None, **path: str
) -> Callable[[Any], Any]:
    """A POST that makes one move and answers with the objection as it then stands."""
    described = extend_schema(
        summary=summary,
        request=shape,
        responses={200: ObjectionWholeOut, **failures(403, 404, 409, 422)},
        parameters=[IF_MATCH],
        examples=[example] if example else None,
    )
    return lambda method: described(action(detail=True, methods=["post"], **path)(method))


@extend_schema_view(
    list=extend_schema(
        summary=_("Objections to results in your scope"), responses={200: ObjectionOut(many=True), **failures(404, 422)}
    )
)
@extend_schema(tags=["objections"])
class ObjectionDoor(RecordedList, Door):
    """Objections to the results of checks. One is taken in at the address of its application."""

    serializer_class = ObjectionOut
    filterset_class = ObjectionFilter
    lookup_field = "number"
    lookup_value_regex = r"[A-Z]{2}\d{4}-\d{6,}"
    queryset = Objection.objects.none()
    shown_fields = ("answer",)

    def get_queryset(self) -> QuerySet[Objection]:
        """Those of the caller's offices."""
        rows: QuerySet[Objection] = Objection.objects.visible_to(self.staff)
        rows = rows.select_related("check_ordered", "received_by", "answered_by", "letter", "recheck")
        return (
            rows.defer("letter__data", "recheck__declared")
            if self.action != "list"
            else rows.defer("grounds", "letter__data", "check_ordered__declared", "recheck__declared")
        )

    @extend_schema(summary=_("One objection to a result"), responses={200: ObjectionWholeOut, **failures(404)})
    def retrieve(self, request: Request, number: str) -> Response:
        """Its lines, its proof, what was done. The look is recorded."""
        return self._show(self.get_object())

    def _show(self, objection: Objection) -> Response:
        shown = ObjectionWholeOut(objection, context={"request": self.request}).data
        check = objection.check_ordered
        purpose = audit.purpose_of(self.staff, objection.office_code, objection.number)
        audit.look(self.staff, check, purpose=purpose, action="api", fields=["objection"])
        return answer(shown, objection)

    def _move(self, work: Callable[..., Any], shape: type[Serializer[Any]]) -> Response:
        objection = self.get_object()
        given = shape(data=self.request.data)
        given.is_valid(raise_exception=True)
        body = dict(given.validated_data)
        with as_seen(objection, self.request, body.pop("status_since", None)):
            work(objection, by=self.staff, **body)
        return self._show(self.get_queryset().get(pk=objection.pk))

    @moving(_("Decide on a line"), DecideIn, DECIDE)
    def decide(self, request: Request, number: str) -> Response:
        """Ask its source again, send a correction request, or refuse with a reason."""
        return self._move(_decide, DecideIn)

    @moving(_("Write down the reply"), ReplyIn, REPLY)
    def reply(self, request: Request, number: str) -> Response:
        """What a department answered to a correction request."""
        return self._move(_write_reply, ReplyIn)

    @moving(_("Check the household again"), NoWordsIn, url_path="check-again")
    def check_again(self, request: Request, number: str) -> Response:
        """The sources concerned are asked again, all else is taken over; `recheck` names the new check."""
        return self._move(objections.check_again, NoWordsIn)

    @moving(_("Answer the objection"), AnswerIn, ANSWER)
    def answer(self, request: Request, number: str) -> Response:
        """With a letter; whether it is upheld follows from its lines."""
        return self._move(_answer, AnswerIn)

    @moving(_("Withdraw the objection"), ReasonIn, REASON)
    def withdraw(self, request: Request, number: str) -> Response:
        """The household takes it back at its window; a new check that still runs is dropped."""
        return self._move(objections.withdraw, ReasonIn)


def _decide(objection: Objection, *, by: Staff, line: int, act: str, reason: str) -> None:
    objections.decide(get_object_or_404(objection.disputes, line=line), act=act, reason=reason, by=by)


def _write_reply(objection: Objection, *, by: Staff, line: int, reply: str, words: str, replied_on: date) -> None:
    dispute = get_object_or_404(objection.disputes, line=line)
    objections.write_reply(dispute, reply=reply, words=words, replied_on=replied_on, by=by)


def _answer(objection: Objection, *, by: Staff, answer: str) -> None:
    objections.answer(objection, text=answer, by=by)
