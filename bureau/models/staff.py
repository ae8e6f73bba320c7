"""Who works here: the people, their postings from a day to a day, and the relatives they have declared."""

import functools
from collections.abc import Iterable
from typing import ClassVar

import pghistory
import pgtrigger
from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bureau import divisions
from bureau.fields import BlindIndexField
from bureau.models.office import Office
from bureau.querysets import PostingQuerySet
from bureau.roles import CASEWORK, TIERS, Role, belongs_at

ROLE_BELONGS = """
IF NOT EXISTS (
    SELECT 1 FROM bureau_office
    WHERE id = NEW.office_id AND (NEW.role, tier) IN ({})
) THEN
    RAISE EXCEPTION 'the role % is not held at an office of this tier', NEW.role USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
""".format(  # noqa: S608 -- our own words
    ", ".join(f"('{role.value}', '{tier}')" for role in Role for tier in sorted(TIERS[role]))
)


class DateRange(Func):
    """[from, to) as a PostgreSQL date range; an open end when `to` is null."""

    function = "DATERANGE"
    output_field = DateRangeField()


class Staff(AbstractUser):
    """A person who works here. What that person may do follows from the postings held today, never from the account."""

    name = models.CharField(_("name"), max_length=60)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    person_index = BlindIndexField(_("own ID index"), null=True, blank=True, editable=False)
    # Somebody else knows the password: it was set by an administrator. Nothing else opens before it is changed.
    must_change_password = models.BooleanField(_("must change the password"), default=False, editable=False)
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]

    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = _("staff member")
        verbose_name_plural = _("staff")
        ordering = ("username",)

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        """The name, as Django's admin asks for it."""
        return str(self)

    @functools.cached_property
    def seats(self) -> "list[Posting]":
        """The postings held today, highest office first; read once per request.

        One whose role does not belong at the tier of its office entitles to nothing.
        """
        held = self.postings.current().select_related("office").order_by("office__code")
        return [seat for seat in held if belongs_at(seat.role, seat.office.tier)]

    @property
    def scopes(self) -> list[str]:
        """The code prefixes of all offices in which this person has work; none for a mere administrator."""
        return self.scopes_as(*(frozenset(Role) - {Role.ADMINISTRATOR}))

    def scopes_as(self, *roles: str) -> list[str]:
        """The code prefixes of the offices that the postings of these roles cover."""
        return sorted({divisions.scope_prefix(seat.office.code) for seat in self.seats if seat.role in roles})

    def works_on(self, office_code: str) -> bool:
        """Whether casework on cases of that office is this person's; an auditor only reads them, masked."""
        return any(self.has_role(role, office_code) for role in CASEWORK)

    def has_role(self, role: str, office_code: str) -> bool:
        """Whether a posting held today gives this role over cases of that office."""
        return any(seat.role == role and divisions.covers(seat.office.code, office_code) for seat in self.seats)

    def is_related_to(self, person_indexes: Iterable[bytes]) -> bool:
        """Whether one of these persons, by blind index, is this person or a relative whom this person has declared."""
        return bool(self.kin) and not self.kin.isdisjoint(bytes(index) for index in person_indexes)

    @functools.cached_property
    def kin(self) -> set[bytes]:
        """This person and the declared relatives, by blind index; read once per request, as the seats are."""
        known = {bytes(index) for index in self.relatives.values_list("person_index", flat=True)}
        return known | {bytes(self.person_index)} if self.person_index else known

    def holds(self, *roles: str) -> bool:
        """Whether any posting held today has one of these roles, wherever."""
        return any(seat.role in roles for seat in self.seats)

    def office_for(self, role: str, office_code: str) -> Office | None:
        """The office in whose name this person does such work on that office's cases."""
        fitting = [
            seat.office for seat in self.seats if seat.role == role and divisions.covers(seat.office.code, office_code)
        ]
        return fitting[-1] if fitting else None


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), append_only=True)
class Posting(models.Model):
    """A person in a role at an office, from a day to a day (the last day not included)."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="postings", verbose_name=_("staff member"))
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="postings", verbose_name=_("office"))
    role = models.CharField(_("role"), max_length=20, choices=Role)
    from_on = models.DateField(_("from"), default=timezone.localdate)
    to_on = models.DateField(_("until"), null=True, blank=True)

    objects = PostingQuerySet.as_manager()

    class Meta:
        verbose_name = _("posting")
        verbose_name_plural = _("postings")
        ordering = ("office__code", "role")
        constraints = (
            models.CheckConstraint(condition=Q(role__in=Role.values), name="posting_role_is_known"),
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gt=F("from_on")), name="posting_ends_after_it_begins"
            ),
            ExclusionConstraint(
                name="posting_is_held_once_at_a_time",
                expressions=(
                    ("staff", RangeOperators.EQUAL),
                    ("office", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (DateRange("from_on", "to_on"), RangeOperators.OVERLAPS),
                ),
            ),
        )

        triggers = (
            pgtrigger.Trigger(
                name="role_belongs_at_the_tier",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=ROLE_BELONGS,
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_role_display()} · {self.office}"

    def clean(self) -> None:
        """The role belongs at the tier of the office."""
        super().clean()
        if self.role in Role.values and self.office_id and not belongs_at(self.role, self.office.tier):
            raise ValidationError({"role": _("This role is not held at an office of this tier.")})


class Relative(models.Model):
    """A relative whom a member of staff has declared (近亲属备案): their cases are handled by somebody else."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="relatives", verbose_name=_("staff member"))
    person_index = BlindIndexField(_("ID index"), editable=False)
    relation = models.CharField(_("relation"), max_length=40)
    declared_on = models.DateField(_("declared on"), default=timezone.localdate)

    class Meta:
        verbose_name = _("declared relative")
        verbose_name_plural = _("declared relatives")
        constraints = (models.UniqueConstraint(fields=["staff", "person_index"], name="relative_is_declared_once"),)

    def __str__(self) -> str:
        return f"{self.staff} · {self.relation}"
