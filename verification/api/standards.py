"""The addresses of standards and their trials: which applies when, who tried and signed it, figures. Read only."""

from typing import Any

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import mixins, serializers

from bureau.api_shapes import Door, failures
from bureau.errors import NotAllowedError
from bureau.roles import Role
from verification import trials, trying
from verification.models import Standard, Trial
from verification.pages.standards import state_of

CODE = OpenApiParameter("code", str, OpenApiParameter.PATH, description=_("Code of the standard."))
NUMBER = OpenApiParameter("number", int, OpenApiParameter.PATH, description=_("Number of the trial."))


class TrialOut(serializers.ModelSerializer[Trial]):
    """A trial of a standard: over whom, by whom, and what came of it in figures. No household."""

    run_by = serializers.CharField(source="run_by.name", read_only=True)
    signed_by = serializers.CharField(source="signed_by.name", read_only=True, default=None)
    districts = serializers.SerializerMethodField(help_text=_("Households by district and by what becomes of them."))
    criteria = serializers.SerializerMethodField(help_text=_("Those that differ, by what turned them."))

    class Meta:
        model = Trial
        fields = ("number", "population", "households", "run_by", "run_at", "finished_at", "districts", "criteria",
                  "content_digest", "result_digest", "signed_by", "signed_at", "sign_note")  # fmt: skip
        read_only_fields = fields

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "object"}})
    def get_districts(self, trial: Trial) -> dict[str, dict[str, int]]:
        """By division code; of a trial under way, of the households that are done."""
        return trying.counts_of(trial).districts

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "object"}})
    def get_criteria(self, trial: Trial) -> dict[str, dict[str, int]]:
        """By name of the criterion."""
        return trying.counts_of(trial).criteria


class StandardOut(serializers.ModelSerializer[Standard]):
    """A standard: from when to when, and the trial of its text."""

    state = serializers.SerializerMethodField(help_text=_("coming, off, in_force, superseded or over."))
    trial = serializers.SerializerMethodField(
        help_text=_("The signed one, else the newest; null: not tried as it reads.")
    )

    class Meta:
        model = Standard
        fields = ("code", "name", "city", "programme", "effective_from", "effective_to", "document", "in_use", "state",
                  "trial")  # fmt: skip
        read_only_fields = fields

    def get_state(self, standard: Standard) -> str:
        """Whether it is to come, in force or over today."""
        return state_of(standard, self.context["among"], timezone.localdate())

    @extend_schema_field(TrialOut(allow_null=True))
    def get_trial(self, standard: Standard) -> Any:
        """Of the text as it reads now."""
        trial = self.context["holding"].get(standard.pk)
        return TrialOut(trial).data if trial else None


class StandardFilter(filters.FilterSet):
    """Which standards."""

    class Meta:
        model = Standard
        fields = ("programme", "in_use")


class PolicyDoor(mixins.ListModelMixin, mixins.RetrieveModelMixin, Door):
    """What check officers, auditors and administrators read."""

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        """Signed in, and of one of these roles."""
        super().initial(request, *args, **kwargs)
        if not self.staff.holds(Role.CHECK_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR):
            raise NotAllowedError(gettext("Standards are for check officers, auditors and administrators."))


@extend_schema_view(
    list=extend_schema(
        summary=_("Standards in use and to come"), responses={200: StandardOut(many=True), **failures(403, 404, 422)}
    ),
    retrieve=extend_schema(summary=_("One standard"), responses={200: StandardOut, **failures(403, 404)}),
)
@extend_schema(tags=["standards"])
class StandardDoor(PolicyDoor):
    """Standards: dated policy, and who tried what is still to come."""

    serializer_class = StandardOut
    filterset_class = StandardFilter
    lookup_field = "code"
    lookup_value_regex = r"[-\w]+"
    queryset = Standard.objects.none()

    def get_queryset(self) -> QuerySet[Standard]:
        """Our own, and whatever is still to come."""
        shown = Q(in_use=True) | Q(effective_from__gt=timezone.localdate())
        rows: QuerySet[Standard] = Standard.objects.filter(shown).order_by("programme", "-effective_from")
        return rows

    def get_serializer_context(self) -> dict[str, Any]:
        """The standards among which one is in force, and the trials that hold: read once for all rows."""
        if getattr(self, "swagger_fake_view", False):
            return {**super().get_serializer_context()}
        among = list(self.get_queryset())
        return {**super().get_serializer_context(), "among": among, "holding": trials.that_hold(among)}


@extend_schema_view(
    list=extend_schema(
        summary=_("Trials of a standard"),
        parameters=[CODE],
        responses={200: TrialOut(many=True), **failures(403, 404, 422)},
    ),
    retrieve=extend_schema(
        summary=_("One trial"), parameters=[CODE, NUMBER], responses={200: TrialOut, **failures(403, 404)}
    ),
)
@extend_schema(tags=["standards"])
class TrialDoor(PolicyDoor):
    """Trials of a standard, the newest first: figures, never a household."""

    serializer_class = TrialOut
    lookup_field = "number"
    lookup_value_regex = r"\d{1,4}"
    queryset = Trial.objects.none()

    def get_queryset(self) -> QuerySet[Trial]:
        """Those of the standard in the address; 404 when there is none."""
        standard = get_object_or_404(Standard, code=self.kwargs["code"])
        rows: QuerySet[Trial] = standard.trials.visible_to(self.staff).select_related("run_by", "signed_by")
        return rows.defer("content").order_by("-number")
