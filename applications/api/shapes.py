"""What goes in and out at the applications' addresses. ID numbers go out masked, names only with the whole case."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from applications import intake
from applications.models import Application, Decision, Member, Opinion, PublicNotice
from applications.moves import TABLE
from bureau import masks
from bureau.api_shapes import MoveOut, SeenIn, moves_open_to
from bureau.models import TimelineEntry

SUMMARY = ("reference", "kind", "kind_name", "status", "status_name", "status_since", "office_code", "office_name",
           "applicant", "household_size", "created_at", "submitted_at", "accepted_on", "due_on")  # fmt: skip


class ApplicationOut(serializers.ModelSerializer[Application]):
    """An application as a list shows it: the applicant's name is masked."""

    kind_name = serializers.CharField(source="get_kind_display", read_only=True)
    status_name = serializers.CharField(source="get_status_display", read_only=True)
    office_name = serializers.CharField(source="office.name", read_only=True)
    applicant = serializers.SerializerMethodField()

    class Meta:
        model = Application
        fields: tuple[str, ...] = SUMMARY
        read_only_fields = fields

    def get_applicant(self, case: Application) -> str:
        """As on a public notice."""
        return masks.name(case.applicant_name)


class MemberOut(serializers.ModelSerializer[Member]):
    """A member of the household."""

    id_number = serializers.SerializerMethodField(help_text=_("The first six and the last four characters."))

    class Meta:
        model = Member
        fields = ("key", "name", "relation", "id_number", "born_on")
        read_only_fields = fields

    def get_id_number(self, member: Member) -> str:
        """Masked as casework sees it."""
        return masks.id_number(member.id_number)


class OpinionOut(serializers.ModelSerializer[Opinion]):
    """What a desk wrote. An opinion whose facts have changed since is kept, with `valid` false."""

    office = serializers.CharField(source="office.name", read_only=True)
    by = serializers.CharField(source="by.name", read_only=True)

    class Meta:
        model = Opinion
        fields = ("tier", "office", "by", "at", "outcome", "text", "valid", "invalid_since", "invalid_because")
        read_only_fields = fields


class DecisionOut(serializers.ModelSerializer[Decision]):
    """What was decided. `superseded_at` is set when the household was checked again afterwards."""

    by = serializers.CharField(source="by.name", read_only=True)
    letter: Any = serializers.SlugRelatedField(slug_field="number", read_only=True, allow_null=True)
    reasons = serializers.JSONField(read_only=True, help_text=_("The failed criteria: name, value, limit, article."))

    class Meta:
        model = Decision
        fields = ("outcome", "opinion", "reasons", "by", "at", "letter", "superseded_at")
        read_only_fields = fields


class NoticeOut(serializers.ModelSerializer[PublicNotice]):
    """The masked public notice of an intended grant."""

    class Meta:
        model = PublicNotice
        fields = ("opens_on", "closes_on", "masked_name", "household_size", "closed_at")
        read_only_fields = fields


class CaseOut(ApplicationOut):
    """One application whole: household, opinions, decisions, notices, and what the caller can do now."""

    keyed_by = serializers.CharField(source="keyed_by.name", read_only=True)
    members = serializers.SerializerMethodField()
    opinions = OpinionOut(many=True, read_only=True)
    decisions = DecisionOut(many=True, read_only=True)
    notices = NoticeOut(many=True, read_only=True)
    current_check: Any = serializers.SlugRelatedField(slug_field="number", read_only=True, allow_null=True)
    available_moves = serializers.SerializerMethodField()

    class Meta(ApplicationOut.Meta):
        fields = (*SUMMARY, "keyed_by", "members", "opinions", "decisions", "notices", "current_check",
                  "available_moves")  # fmt: skip
        read_only_fields = fields

    def get_applicant(self, case: Application) -> str:
        """In full to those who work on the case: the look is recorded."""
        works = self.context["request"].user.works_on(case.office_code)
        return case.applicant_name if works else masks.name(case.applicant_name)

    @extend_schema_field(MemberOut(many=True))
    def get_members(self, case: Application) -> list[dict[str, Any]]:
        """Names as that of the applicant."""
        shown = MemberOut(case.members.all(), many=True).data
        if self.context["request"].user.works_on(case.office_code):
            return list(shown)
        return [{**member, "name": masks.name(member["name"])} for member in shown]

    @extend_schema_field(MoveOut(many=True))
    def get_available_moves(self, case: Application) -> list[dict[str, str]]:
        """What the page would draw as buttons for the same person."""
        return moves_open_to(case, self.context["request"].user, TABLE)


class TimelineOut(serializers.ModelSerializer[TimelineEntry]):
    """Something that happened to the case."""

    by = serializers.CharField(
        source="by.name", read_only=True, allow_null=True, default=None, help_text=_("Empty: the system.")
    )
    office = serializers.CharField(source="office.name", read_only=True, allow_null=True, default=None)

    note = serializers.SerializerMethodField()

    class Meta:
        model = TimelineEntry
        fields = ("at", "event", "by", "office", "note")
        read_only_fields = fields

    def get_note(self, entry: TimelineEntry) -> str:
        """What the system noted stands in the language of the request."""
        return masks.names(intake.note_in_words(entry.note), self.context.get("masked", ()))


class OpinionIn(SeenIn):
    """A written opinion."""

    opinion = serializers.CharField(max_length=2000, help_text=_("It is kept for ever and shown to later desks."))


class AuthorisationIn(SeenIn):
    """Whose authorisation ends, and why."""

    member = serializers.CharField(max_length=10, help_text=_("The member's `key`."))
    reason = serializers.CharField(max_length=200)


class ObjectionIn(SeenIn):
    """An objection to the result of the check, as a form with files."""

    received_on = serializers.DateField(help_text=_("When the household received the result; the term runs from it."))
    lines = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=32767), help_text=_("Numbers of the disputed lines.")
    )
    grounds = serializers.CharField(max_length=2000)
    proofs = serializers.ListField(child=serializers.FileField(allow_empty_file=True), max_length=10)
    titles = serializers.ListField(
        child=serializers.CharField(max_length=80, allow_blank=True),
        required=False,
        default=list,
        help_text=_("What each proof is, in the same order."),
    )


class NothingIn(SeenIn):
    """A move that needs no words."""


def body_of(shape: type[serializers.Serializer[Any]], data: Any) -> dict[str, Any]:
    """The body of a request, read; `ValidationError` naming the fields to correct."""
    body = shape(data=data)
    body.is_valid(raise_exception=True)
    return dict(body.validated_data)
