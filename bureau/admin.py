"""The administration of the ground: offices, staff, postings, declared relatives. No household's data."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.contrib.admin import site
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from pghistory.core import event_models
from unfold.admin import TabularInline

from bureau.admin_forms import (
    OfficeForm,
    PostingFormSet,
    RelativeForm,
    RelativeFormSet,
    StaffCreationForm,
    StaffForm,
    StaffPasswordForm,
)
from bureau.admin_shapes import KeptAdmin
from bureau.models import Office, Posting, Relative, Staff

site.unregister(Group)  # rights follow from postings alone


@admin.register(Office)
class OfficeAdmin(KeptAdmin):
    """Offices. The code is fixed once entered: every scope and case rests on it."""

    form = OfficeForm
    list_display = ("code", "name_zh", "tier", "parent", "phone", "closed_on")
    list_filter = ("tier",)
    search_fields = ("code", "name_zh", "name_en")
    autocomplete_fields = ("parent",)
    list_select_related = ("parent",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Code and tier of an office that exists."""
        return ("code", "tier") if obj else ()


class PermittedInline(TabularInline):  # type: ignore[misc]
    """Lines on a person's page: for whoever may change the page."""

    extra = 0

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The front door decides."""
        return site.has_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody's own."""
        return site.has_permission(request) and obj != request.user

    has_add_permission = has_change_permission

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Lines are ended, not removed."""
        return False


class PostingInline(PermittedInline):
    """Postings. One that is over keeps its line, with its last day."""

    model = Posting
    formset = PostingFormSet
    fields = ("office", "role", "from_on", "to_on")
    autocomplete_fields = ("office",)


class RelativeInline(PermittedInline):
    """Declared relatives: their cases are handled by somebody else."""

    model = Relative
    form = RelativeForm
    formset = RelativeFormSet
    fields = ("relation", "id_number", "declared_on")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A line entered by mistake can go; not one's own."""
        return self.has_change_permission(request, obj)


@admin.register(Staff)
class StaffAdmin(UserAdmin[Staff], KeptAdmin):  # type: ignore[misc]
    """Staff: accounts, postings, declared relatives. Rights follow from postings alone."""

    form = StaffForm
    add_form = StaffCreationForm
    change_password_form = StaffPasswordForm
    list_display = ("username", "name", "postings_now", "is_active", "last_login")
    list_filter = ("is_active", "postings__role")
    search_fields = ("username", "name")
    ordering = ("username",)
    filter_horizontal = ()
    readonly_fields = ("id_number_known", "last_login", "date_joined", "must_change_password", "is_superuser")
    fieldsets = (
        (None, {"fields": ("username", "name", "phone", "email", "is_active")}),
        (_("Own ID number"), {"fields": ("id_number_known", "id_number")}),
        (_("Account"), {"fields": ("last_login", "date_joined", "must_change_password", "is_superuser")}),
    )
    add_fieldsets = ((None, {"fields": ("username", "name", "usable_password", "password1", "password2")}),)
    inlines = (PostingInline, RelativeInline)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Staff]:
        """With the postings, which the list shows."""
        people: QuerySet[Staff] = super().get_queryset(request)
        return people.prefetch_related("postings__office")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes the own account, its postings or its password here; only a superuser changes a superuser."""
        may: bool = super().has_change_permission(request, obj)
        own = obj is not None and obj == request.user
        by_superuser = bool(getattr(request.user, "is_superuser", False))
        return may and not own and (obj is None or not obj.is_superuser or by_superuser)

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        """Lines join once the account is there."""
        return self.inlines if obj else ()

    def histories(self, subject: Any) -> Iterable[tuple[type[Model], QuerySet[Any]]]:
        """Of a person: the postings."""
        for events in event_models(tracks_model=Posting):
            yield Posting, events._default_manager.filter(staff_id=subject.pk).select_related("office", "staff")

    @admin.display(description=_("Postings today"))
    def postings_now(self, person: Staff) -> str:
        """Role and office of each."""
        today = timezone.localdate()
        held = [
            seat
            for seat in person.postings.all()
            if seat.from_on <= today and (seat.to_on is None or seat.to_on > today)
        ]
        return "；".join(str(seat) for seat in held) or "--"

    @admin.display(description=_("ID number entered"), boolean=True)
    def id_number_known(self, person: Staff) -> bool:
        """Whether the own ID number has been entered."""
        return person.person_index is not None
