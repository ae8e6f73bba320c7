"""What the administration's pages have in common: rows are kept, changes are told, some are only read."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.admin import site
from django.contrib.admin.utils import unquote
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from msgspec import Struct
from pghistory.core import event_models
from unfold.admin import ModelAdmin

from bureau.models import Staff

OWN = ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj", "pgh_context", "id")


class Change(Struct, frozen=True):
    """One field before and after."""

    field: str
    before: str
    after: str


class Told(Struct, frozen=True):
    """One entry of a history: when, by whom (empty: not through a page), what was done, to which fields."""

    at: Any
    by: str
    what: str
    about: str
    changes: tuple[Change, ...]


class KeptAdmin(ModelAdmin):  # type: ignore[misc]
    """Rows that administrators enter and change, and that nobody removes; what is over gets an end date instead."""

    object_history_template = "admin/kept_history.html"
    compressed_fields = True
    list_per_page = 50
    empty_value_display = "--"

    def has_module_permission(self, request: HttpRequest) -> bool:
        """The front door decides (housing_credit.admin_site)."""
        return site.has_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever is in may look."""
        return site.has_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever is in may enter."""
        return site.has_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever is in may change."""
        return site.has_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is removed."""
        return False

    def histories(self, subject: Any) -> Iterable[tuple[type[Model], QuerySet[Any]]]:
        """The event tables to tell from, each with the events of this subject."""
        for events in event_models(tracks_model=type(subject)):
            yield type(subject), events._default_manager.filter(pgh_obj_id=subject.pk)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Every change with field, before and after, newest first; also changes made past these pages."""
        subject = self.get_object(request, unquote(object_id))
        if subject is None:
            raise Http404
        told = [entry for model, events in self.histories(subject) for entry in tell(model, events)]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Change history: %s") % subject,
            "told": sorted(told, key=lambda entry: entry.at, reverse=True),
            "object": subject,
            "opts": self.opts,
            **(extra_context or {}),
        }
        return TemplateResponse(request, self.object_history_template, context)


class ReadOnlyAdmin(KeptAdmin):
    """Rows that are written by the work itself and only read here."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody enters one."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes one."""
        return False


def tell(model: type[Model], events: QuerySet[Any]) -> Iterator[Told]:
    """The events of one model in the order they happened, each compared with the one before of the same row."""
    names = {field.name: field for field in model._meta.concrete_fields}
    words = {"insert": _("Entered"), "update": _("Changed"), "delete": _("Removed")}
    before: dict[Any, Any] = {}
    rows = list(events.select_related("pgh_context").order_by("pgh_id"))
    people = _people(rows)
    for row in rows:
        last = before.get(row.pgh_obj_id)
        fields = [field for field in row._meta.concrete_fields if field.name not in OWN]
        yield Told(
            at=row.pgh_created_at,
            by=people.get(_who(row), ""),
            what=str(words.get(row.pgh_label, row.pgh_label)),
            about=f"{capfirst(model._meta.verbose_name)} {row.pgh_obj_id}",
            changes=tuple(_changes(fields, names, last, row)) if row.pgh_label != "delete" else (),
        )
        before[row.pgh_obj_id] = row


def _changes(fields: Iterable[Any], names: dict[str, Any], last: Any, row: Any) -> Iterator[Change]:
    for field in fields:
        new, old = getattr(row, field.attname), getattr(last, field.attname, None)
        if new != old:
            yield Change(str(capfirst(names[field.name].verbose_name)), _shown(last, field), _shown(row, field))


def _shown(row: Any, field: Any) -> str:
    """A value as the page writes it; long ones are cut."""
    if row is None or getattr(row, field.attname) in (None, ""):
        return "--"
    display = getattr(row, f"get_{field.name}_display", None)
    value = display() if display else getattr(row, field.name)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= 200 else f"{text[:200]} …"


def _who(row: Any) -> Any:
    return (row.pgh_context.metadata if row.pgh_context else {}).get("user")


def _people(rows: Iterable[Any]) -> dict[Any, str]:
    wanted = {_who(row) for row in rows} - {None}
    return {person.pk: str(person) for person in Staff.objects.filter(pk__in=wanted)}
