"""The administration of the registry: policies, the catalogue of acts, receivers of feeds. Subjects and sanctions are
persons' data and are not shown to administrators.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pghistory.core import event_models
from unfold.admin import TabularInline

from bureau.admin_shapes import KeptAdmin
from credit.admin_forms import ActForm, FeedMappingForm, PartnerForm, PolicyForm
from credit.letter_text_admin import LetterTextAdmin
from credit.models import Act, FeedMapping, LetterText, Partner, Policy, Purpose, Receiver, Threshold

admin.site.register(LetterText, LetterTextAdmin)


@admin.register(Policy)
class PolicyAdmin(KeptAdmin):
    """Policies on dishonest acts: grades with their clocks, and the time limits of a case."""

    form = PolicyForm
    list_display = ("name", "city", "effective_from", "effective_to", "in_use", "unconfirmed")
    list_filter = ("in_use", "city")
    search_fields = ("code", "name", "document")
    readonly_fields = ("code", "name", "city", "effective_from", "document", "unconfirmed")
    fieldsets = (
        (None, {"fields": ("in_use", "effective_to", "content")}),
        (gettext_lazy("Taken from the content"), {"fields": readonly_fields}),
    )

    # Translators: 待主管部门确认
    @admin.display(description=gettext_lazy("to be confirmed by the bureau"))
    def unconfirmed(self, policy: Policy) -> str:
        """What was preset and not found in a published text."""
        return _("; ").join(policy.content.get("unconfirmed", ())) if policy.content else ""


class ThresholdInline(TabularInline):  # type: ignore[misc]
    """From how many months on an act that lasts has a severity."""

    model = Threshold
    extra = 0

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        """A threshold that no longer holds goes with a new row of the act, from a later day."""
        return False


@admin.register(Act)
class ActAdmin(KeptAdmin):
    """The catalogue of dishonest acts (clauses B1, B2)."""

    form = ActForm
    inlines = (ThresholdInline,)
    list_display = (
        "code",
        "name",
        "policy",
        "subject_kind",
        "stage",
        "severity",
        "graver",
        "effective_from",
        "effective_to",
    )
    list_filter = ("policy", "subject_kind", "stage", "severity")
    search_fields = ("code", "name_zh", "name_en", "basis")
    list_select_related = ("policy",)

    @admin.display(description=gettext_lazy("name"), ordering="name_zh")
    def name(self, act: Act) -> str:
        """In the reader's language."""
        return act.name

    def histories(self, subject: Any) -> Iterable[tuple[type[Model], QuerySet[Any]]]:
        """Those of the act and those of its thresholds."""
        yield from super().histories(subject)
        for events in event_models(tracks_model=Threshold):
            yield Threshold, events._default_manager.filter(act_id=subject.pk)


@admin.register(Receiver)
class ReceiverAdmin(KeptAdmin):
    """Those who are told of records by file."""

    fields = ("code", "name", "in_use")
    list_display = ("name", "code", "in_use")
    list_filter = ("in_use",)


@admin.register(FeedMapping)
class FeedMappingAdmin(KeptAdmin):
    """The layouts of their files."""

    form = FeedMappingForm
    list_display = ("name", "receiver", "effective_from", "effective_to")
    list_filter = ("receiver",)
    list_select_related = ("receiver",)
    readonly_fields = ("code", "name", "effective_from", "document")
    fieldsets = (
        (None, {"fields": ("receiver", "effective_to", "content")}),
        (gettext_lazy("Taken from the content"), {"fields": readonly_fields}),
    )


@admin.register(Purpose)
class PurposeAdmin(KeptAdmin):
    """To what purposes departments ask."""

    fields = ("code", "name_zh", "name_en", "active")
    list_display = ("code", "name_zh", "name_en", "active")

    def get_readonly_fields(self, request: Any, obj: Any = None) -> tuple[str, ...]:
        """Programs send the code, so it stays."""
        return ("code",) if obj else ()


@admin.register(Partner)
class PartnerAdmin(KeptAdmin):
    """The departments that ask by program. What they may ask and their keys are on the pages of the registry."""

    form = PartnerForm
    list_display = ("code", "name_zh", "name_en", "active", "quota_day", "quota_minute")
    list_filter = ("active",)

    def get_readonly_fields(self, request: Any, obj: Any = None) -> tuple[str, ...]:
        """Its keys begin with the code, so it stays."""
        return ("code",) if obj else ()
