"""What goes in and out at the check centre's addresses: states, outcomes and times, never a source's raw answer."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from bureau.api_shapes import MoveOut, SeenIn, moves_open_to
from verification import assessing, wording
from verification.figures import Criterion
from verification.models import Assessment, Check, Conclusion, Finding, Inquiry, Source
from verification.moves import TABLE


class SourceOut(serializers.ModelSerializer[Source]):
    """A source: what it keeps and how it stands. Its address and keys are the administrator's."""

    name = serializers.CharField(read_only=True)
    resting = serializers.BooleanField(
        source="is_open", read_only=True, help_text=_("It failed too often and is left alone for a while.")
    )

    class Meta:
        model = Source
        fields = ("code", "name", "dialect", "kinds", "policy", "last_known_days", "stale_after_days",
                  "patience_hours", "enabled", "agreement_from", "agreement_to", "resting",
                  "last_success_at", "last_failure_at")  # fmt: skip
        read_only_fields = fields


class InquiryOut(serializers.ModelSerializer[Inquiry]):
    """One check put to one source."""

    check_number = serializers.CharField(source="check_ordered.number", read_only=True)
    source: Any = serializers.CharField(source="source.code", read_only=True)
    source_name = serializers.CharField(source="source.name", read_only=True)
    state_name = serializers.CharField(source="get_state_display", read_only=True)
    outcomes = serializers.DictField(
        child=serializers.CharField(), read_only=True, help_text=_("Per member key: found, none, or why no answer.")
    )

    words = serializers.SerializerMethodField(help_text=_("For who waits: what has happened and what happens next."))

    class Meta:
        model = Inquiry
        fields = ("check_number", "source", "source_name", "state", "state_name", "words", "reason", "outcomes", "runs",
                  "attempts", "not_before", "asked_at", "answered_at", "milliseconds")  # fmt: skip
        read_only_fields = fields

    def get_words(self, inquiry: Inquiry) -> str:
        """Empty where the source has simply answered."""
        return wording.inquiry_words(inquiry)


class FindingOut(serializers.ModelSerializer[Finding]):
    """Something in the answers that a person must look at. It has no consequence until a person confirms it."""

    name = serializers.SerializerMethodField()
    text = serializers.SerializerMethodField(help_text=_("The finding as a sentence."))
    settled_by = serializers.CharField(source="settled_by.name", read_only=True, allow_null=True, default=None)
    taken_back_at = serializers.DateTimeField(
        source="reopening.at",
        read_only=True,
        allow_null=True,
        default=None,
        help_text=_("When the dismissal was taken back."),
    )

    class Meta:
        model = Finding
        fields = ("id", "kind", "name", "text", "member", "source_code", "supports", "state", "settled_by",
                  "settled_at", "reason", "taken_back_at", "created_at")  # fmt: skip
        read_only_fields = fields

    def get_name(self, finding: Finding) -> str:
        """Its kind in words."""
        return wording.finding_name(finding.kind)

    def get_text(self, finding: Finding) -> str:
        """What was declared, what was found."""
        return wording.finding_text(finding.kind, finding.params, names=self.context["source_names"])


class ConclusionOut(serializers.ModelSerializer[Conclusion]):
    """What a person concluded."""

    by = serializers.CharField(source="by.name", read_only=True)
    report: Any = serializers.SlugRelatedField(slug_field="number", read_only=True, allow_null=True)
    report_id = serializers.IntegerField(read_only=True, help_text=_("For `/documents/{id}/pdf`."))

    class Meta:
        model = Conclusion
        fields = ("outcome", "opinion", "by", "at", "report", "report_id")
        read_only_fields = fields


class CheckOut(serializers.ModelSerializer[Check]):
    """A check as a list shows it."""

    status_name = serializers.CharField(source="get_status_display", read_only=True)
    standard = serializers.CharField(source="standard.code", read_only=True)
    ordered_by = serializers.CharField(source="ordered_by.name", read_only=True, allow_null=True, default=None)
    conclusion = ConclusionOut(read_only=True, allow_null=True)

    class Meta:
        model = Check
        fields: tuple[str, ...] = ("number", "purpose", "subject", "office_code", "status", "status_name",
                                   "status_since", "standard", "accepted_on", "as_of", "since", "ordered_by",
                                   "ordered_at", "conclusion")  # fmt: skip
        read_only_fields = fields


class CriterionOut(serializers.Serializer[Criterion]):
    """A criterion of the standard, as the machine worked it out from the answers."""

    name = serializers.CharField(read_only=True)
    value = serializers.CharField(read_only=True, allow_null=True)
    limit = serializers.CharField(read_only=True, allow_null=True)
    unit = serializers.CharField(read_only=True)
    met = serializers.BooleanField(read_only=True, allow_null=True, help_text=_("Empty: it cannot be told yet."))
    reason = serializers.SerializerMethodField()

    def get_reason(self, criterion: Criterion) -> str:
        """Why, as a sentence."""
        return wording.reason_words(criterion, self.context["source_names"])


class AssessmentOut(serializers.ModelSerializer[Assessment]):
    """The newest assessment: proposed to the officer, who concludes."""

    criteria = serializers.SerializerMethodField()
    cautions = serializers.SerializerMethodField(help_text=_("Answers of an earlier check that serve, and old data."))

    class Meta:
        model = Assessment
        fields = ("version", "made_at", "proposed", "asked", "answered", "cautions", "criteria")
        read_only_fields = fields

    @extend_schema_field(CriterionOut(many=True))
    def get_criteria(self, assessment: Assessment) -> Any:
        """Every criterion with its value and limit."""
        criteria: Any = assessing.result_of(assessment).comparison.criteria
        return CriterionOut(criteria, many=True, context=self.context).data

    def get_cautions(self, assessment: Assessment) -> list[str]:
        """One sentence for each source concerned."""
        completeness = assessing.result_of(assessment).statement.completeness
        return wording.cautions(completeness, self.context["source_names"])


class CheckWholeOut(CheckOut):
    """One check whole: every source, every finding, the assessment, and what the caller can do now."""

    inquiries = InquiryOut(many=True, read_only=True)
    findings = FindingOut(many=True, read_only=True)
    assessment = serializers.SerializerMethodField()
    available_moves = serializers.SerializerMethodField()

    class Meta(CheckOut.Meta):
        fields = (*CheckOut.Meta.fields, "assessment", "inquiries", "findings", "available_moves")
        read_only_fields = fields

    @extend_schema_field(AssessmentOut(allow_null=True))
    def get_assessment(self, check: Check) -> Any:
        """The newest, or null while sources are being asked."""
        newest = check.assessments.order_by("-version").first()
        return AssessmentOut(newest, context=self.context).data if newest else None

    @extend_schema_field(MoveOut(many=True))
    def get_available_moves(self, check: Check) -> list[dict[str, str]]:
        """What the page would draw as buttons for the same person."""
        return moves_open_to(check, self.context["request"].user, TABLE)


class ConcludeIn(SeenIn):
    """A conclusion. Unfit needs a failed criterion and a confirmed finding; fit must be what was proposed."""

    outcome = serializers.ChoiceField(choices=Conclusion.Outcome.choices)
    opinion = serializers.CharField(max_length=2000)


class AskAgainIn(SeenIn):
    """Which sources to ask again."""

    sources = serializers.ListField(
        child=serializers.CharField(max_length=30),
        required=False,
        default=list,
        help_text=_("Codes; empty for every source that did not answer for every person."),
    )

    def validate_sources(self, codes: list[str]) -> list[str]:
        """Only codes of sources that there are."""
        unknown = set(codes) - set(Source.objects.filter(code__in=codes).values_list("code", flat=True))
        if unknown:
            raise serializers.ValidationError(
                gettext("There is no source “%(codes)s”.") % {"codes": ", ".join(sorted(unknown))}
            )
        return codes
