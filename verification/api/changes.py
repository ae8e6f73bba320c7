"""What goes out of what changed since the last check of a case."""

from functools import cached_property
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from verification import deltas, wording
from verification.comparison import CHANGE_KINDS, Change
from verification.models import Check, Delta
from verification.wording.changes import change_text


class ChangeOut(serializers.Serializer[Change]):
    """One change. Amounts are strings in `unit`, empty where there is none."""

    kind = serializers.ChoiceField(choices=CHANGE_KINDS, read_only=True)
    weight = serializers.IntegerField(
        read_only=True, help_text=_("Roughly in CNY; a criterion that turned comes first.")
    )
    name = serializers.CharField(read_only=True, help_text=_("A criterion, a kind of finding, or a section."))
    text = serializers.SerializerMethodField(help_text=_("The change as a sentence."))
    source: Any = serializers.CharField(read_only=True)
    members = serializers.ListField(child=serializers.CharField(), read_only=True)
    was = serializers.CharField(read_only=True)
    now = serializers.CharField(read_only=True)
    unit = serializers.CharField(read_only=True)
    verdicts = serializers.ListField(
        child=serializers.CharField(), read_only=True, help_text=_("How a criterion stood and stands.")
    )

    def get_text(self, change: Change) -> str:
        """In the caller's language."""
        return change_text(change, self.context["source_names"], {})


class DeltaOut(serializers.Serializer[Check]):
    """What changed for a household; without `before` it is the first check of its case."""

    check_number = serializers.CharField(source="number", read_only=True)
    before = serializers.SerializerMethodField(help_text=_("Number of the last concluded check of the case."))
    before_on = serializers.SerializerMethodField(help_text=_("The day as of which that was."))
    changes = serializers.SerializerMethodField()

    @cached_property
    def _delta(self) -> Delta | None:
        rows = Delta.objects.select_related("before__check_ordered").defer("before__check_ordered__declared")
        return rows.defer("before__inputs", "before__result").filter(check_ordered=self.instance).first()

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_before(self, check: Check) -> str | None:
        """None for a first check."""
        return self._delta.before.check_ordered.number if self._delta else None

    @extend_schema_field(serializers.DateField(allow_null=True))
    def get_before_on(self, check: Check) -> Any:
        """None for a first check."""
        return self._delta.before.on if self._delta else None

    @extend_schema_field(ChangeOut(many=True))
    def get_changes(self, check: Check) -> Any:
        """The weightiest first."""
        found: Any = deltas.changes_of(self._delta) if self._delta else ()
        return ChangeOut(found, many=True, context={"source_names": wording.source_names()}).data
