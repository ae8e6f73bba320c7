"""The administration of control persons: who, under which authorisation, and what each source must say of them."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.contrib.admin import site
from django.db.models import Count, Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy
from pghistory.core import event_models
from unfold.admin import StackedInline

from bureau.admin_shapes import KeptAdmin
from verification.control_forms import ControlPersonForm, KnownAnswerForm
from verification.models import ControlPerson, KnownAnswer


class KnownAnswerInline(StackedInline):  # type: ignore[misc]
    """Known answers. One that does not hold any more is switched off, not removed."""

    model = KnownAnswer
    form = KnownAnswerForm
    fields = (("source", "outcome", "in_use"), "known_facts")
    extra = 0

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The front door decides."""
        return site.has_permission(request)

    has_add_permission = has_view_permission
    has_change_permission = has_view_permission

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is removed."""
        return False


@admin.register(ControlPerson)
class ControlPersonAdmin(KeptAdmin):
    """Control persons, shown by what they are called here; name and ID number are entered once and not shown."""

    form = ControlPersonForm
    list_display = ("label", "authorisation", "valid_to", "in_use", "answers")
    list_filter = ("in_use",)
    search_fields = ("label", "authorisation")
    fields = (("label", "in_use"), ("name", "id_number"), ("authorisation", "valid_to"))
    inlines = (KnownAnswerInline,)

    def get_queryset(self, request: HttpRequest) -> Any:
        """With how many sources each is asked of."""
        rows = super().get_queryset(request).defer("name", "id_number")
        return rows.annotate(asked_of=Count("known", Q(known__in_use=True)))

    @admin.display(description=gettext_lazy("sources"), ordering="asked_of")
    def answers(self, person: Any) -> int:
        """Of how many sources the answer is known."""
        return int(person.asked_of)

    def histories(self, subject: Any) -> Iterable[tuple[type[Model], QuerySet[Any]]]:
        """Of the person and of the known answers."""
        yield from super().histories(subject)
        for events in event_models(tracks_model=KnownAnswer):
            yield KnownAnswer, events._default_manager.filter(person_id=subject.pk).select_related("source")
