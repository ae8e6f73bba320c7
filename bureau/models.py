"""The ground: offices, the people posted to them, what happened, who looked, which documents went out."""

import functools
from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar

import pghistory
import pgtrigger
from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bureau import divisions
from bureau.fields import BlindIndexField, ProtectedJSONField
from bureau.querysets import AuditQuerySet, DocumentQuerySet, OfficeQuerySet, PostingQuerySet, TimelineQuerySet
from bureau.roles import Role, Tier

APPEND_ONLY = "Rows of this table are written once and never changed."


def append_only(name: str) -> pgtrigger.Trigger:
    """A trigger that refuses every change and removal of a row."""
    return pgtrigger.Protect(name=name, operation=pgtrigger.Update | pgtrigger.Delete)


class DateRange(Func):
    """[from, to) as a PostgreSQL date range; an open end when `to` is null."""

    function = "DATERANGE"
    output_field = DateRangeField()


class Office(models.Model):
    """An office of the bureau. Its code is its place: every code below it begins with the same digits."""

    code = models.CharField(_("code"), max_length=12, unique=True)
    name_zh = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=120)
    tier = models.CharField(_("tier"), max_length=10, choices=Tier)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("above")
    )
    area = models.CharField(
        _("management area"),
        max_length=40,
        blank=True,
        help_text=_("When it differs from the division, such as 医药高新区."),
    )
    address = models.CharField(_("address"), max_length=120, blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    opened_on = models.DateField(_("opened on"), default=date(2012, 1, 1))
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        ordering = ("code",)
        constraints = (
            models.CheckConstraint(
                condition=Q(code__regex=r"^\d{6}(\d{3}(\d{3})?)?$"), name="office_code_is_6_9_or_12_digits"
            ),
            models.CheckConstraint(condition=Q(tier__in=Tier.values), name="office_tier_is_known"),
        )
        indexes = (models.Index(fields=["code"], name="office_code_prefix", opclasses=["varchar_pattern_ops"]),)

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_en if (get_language() or "").startswith("en") and self.name_en else self.name_zh


class Staff(AbstractUser):
    """A person who works here. What that person may do follows from the postings held today, never from the account."""

    name = models.CharField(_("name"), max_length=60)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    person_index = BlindIndexField(_("own ID index"), null=True, blank=True, editable=False)
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
        """The postings held today, highest office first; read once per request."""
        return list(self.postings.current().select_related("office").order_by("office__code"))

    @property
    def scopes(self) -> list[str]:
        """The code prefixes of all offices whose cases this person may see; none for a mere administrator."""
        return sorted(
            {divisions.scope_prefix(seat.office.code) for seat in self.seats if seat.role != Role.ADMINISTRATOR}
        )

    def has_role(self, role: str, office_code: str) -> bool:
        """Whether a posting held today gives this role over cases of that office."""
        return any(seat.role == role and divisions.covers(seat.office.code, office_code) for seat in self.seats)

    def is_related_to(self, person_indexes: Iterable[bytes]) -> bool:
        """Whether one of these persons, by blind index, is this person or a relative whom this person has declared."""
        return bool(self._kin) and not self._kin.isdisjoint(bytes(index) for index in person_indexes)

    @functools.cached_property
    def _kin(self) -> set[bytes]:
        """This person and the declared relatives; read once per request, as the seats are."""
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

    def __str__(self) -> str:
        return f"{self.get_role_display()} · {self.office}"


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


class TimelineEntry(models.Model):
    """Something that happened to a case. Written once, shown for ever, newest first."""

    subject_kind = models.CharField(max_length=60)  # model label, such as "applications.application"
    subject_id = models.BigIntegerField()
    event = models.CharField(max_length=40)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")  # null: the system
    office = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.TextField(blank=True)
    facts = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)

    objects = TimelineQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-pk")
        indexes = (models.Index(fields=["subject_kind", "subject_id", "-at"], name="timeline_of_subject"),)
        triggers = (append_only("timeline_is_append_only"),)

    def __str__(self) -> str:
        return f"{self.event} {self.at:%Y-%m-%d %H:%M}"


class AuditEntry(models.Model):
    """One look at a household's data, or one search: who, where, when, which case, why, which fields.

    Rows form chains of keyed SM3 digests, one chain per lane, so that writers do not wait for one another; within a
    lane
    every row carries the digest of the row before it.
    """

    class Action(models.TextChoices):
        """What was done."""

        LOOK = "look", _("Looked at")
        SEARCH = "search", _("Searched")
        # Translators: 显示证件号码
        REVEAL = "reveal", _("Revealed")
        DOWNLOAD = "download", _("Downloaded")
        PRINT = "print", _("Printed")
        API = "api", _("Read by program")

    lane = models.SmallIntegerField()
    place = models.BigIntegerField()  # 1, 2, 3, … within the lane, without gaps
    at = models.DateTimeField()
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    office_code = models.CharField(max_length=12, blank=True)
    action = models.CharField(max_length=20, choices=Action)
    subject_kind = models.CharField(max_length=60, blank=True)
    subject_id = models.BigIntegerField(null=True)
    reference = models.CharField(max_length=40, blank=True)
    purpose = models.CharField(max_length=120)
    fields = ArrayField(models.CharField(max_length=40), default=list)
    request_number = models.CharField(max_length=12, blank=True)
    previous = models.BinaryField(max_length=32)
    digest = models.BinaryField(max_length=32)

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ("-at", "-pk")
        constraints = (models.UniqueConstraint(fields=["lane", "place"], name="audit_lane_has_no_forks"),)
        indexes = (
            models.Index(fields=["subject_kind", "subject_id", "-at"], name="audit_of_subject"),
            models.Index(fields=["staff", "-at"], name="audit_of_staff"),
        )
        triggers = (append_only("audit_is_append_only"),)

    def __str__(self) -> str:
        return f"{self.action} {self.reference} {self.at:%Y-%m-%d %H:%M}"


class AuditHead(models.Model):
    """Where a lane of the audit trail ends, sealed by whoever wrote its newest row, in the same transaction.

    A chain alone does not miss rows that were cut off at its end; the head does.
    """

    lane = models.SmallIntegerField(unique=True)
    place = models.BigIntegerField()  # of the newest row; 0 before the first
    digest = models.BinaryField(max_length=32)  # of the newest row
    seal = models.BinaryField(max_length=32)  # keyed, over lane, place and digest

    class Meta:
        triggers = (
            pgtrigger.Protect(name="audit_head_is_kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="audit_head_only_goes_forward",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition('NEW."lane" <> OLD."lane" OR NEW."place" <= OLD."place"'),
            ),
        )

    def __str__(self) -> str:
        return f"lane {self.lane}: {self.place}"


class NumberSeries(models.Model):
    """The last number given out of one kind and year.

    The row is locked by whoever takes the next, so there are no gaps.
    """

    kind = models.CharField(max_length=20)
    year = models.SmallIntegerField()
    last = models.IntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["kind", "year"], name="number_series_is_one_per_kind_and_year"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.year}: {self.last}"


# What a letter is, once its PDF has been made. Its data are sealed anew when keys change; the digest binds the PDF.
LASTING = (
    *("digest", "pdf", "typeset_at", "number", "issued_on", "check_code", "kind", "title", "lang"),
    *("subject_kind", "subject_id", "reference", "office_code"),
)


def _row(record: str, columns: tuple[str, ...]) -> str:
    return "(" + ", ".join(f'{record}."{column}"' for column in columns) + ")"


class Document(models.Model):
    """A letter or report that went out under a number.

    Its data are kept, so that it can be set again; the PDF is kept with its digest.
    """

    class Kind(models.TextChoices):
        """What went out. The title is fixed in the letter's language; these words follow their reader."""

        RECEIPT = "receipt", _("Receipt")
        COMMITMENT = "commitment", _("Commitment of honesty")
        AUTHORISATION = "authorisation", _("Authorisation to check")
        RETURN_NOTICE = "return_notice", _("Notice of correction")
        CHECK_REPORT = "check_report", _("Check report")
        PUBLIC_NOTICE = "public_notice", _("Public notice")
        APPROVAL = "approval", _("Notice of approval")
        REFUSAL = "refusal", _("Notice of refusal")

    number = models.CharField(_("number"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=20)
    title = models.CharField(_("title"), max_length=80)
    lang = models.CharField(_("language"), max_length=2, default="zh")
    subject_kind = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    reference = models.CharField(max_length=40)
    office_code = models.CharField(max_length=12)
    data = ProtectedJSONField()
    check_code = models.CharField(_("check code"), max_length=16, unique=True)
    issued_on = models.DateField(_("issued on"))
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    pdf = models.FileField(upload_to="documents/%Y/%m", blank=True)
    digest = models.CharField(_("SM3 digest"), max_length=64, blank=True)
    typeset_at = models.DateTimeField(null=True)
    superseded_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="supersedes")

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ("-created_at",)
        indexes = (
            models.Index(fields=["subject_kind", "subject_id"], name="document_of_subject"),
            models.Index(fields=["created_at"], condition=Q(typeset_at__isnull=True), name="document_to_typeset"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(typeset_at__isnull=True, digest="") | (Q(typeset_at__isnull=False) & ~Q(digest="")),
                name="document_has_digest_once_typeset",
            ),
        )
        triggers = (
            pgtrigger.Protect(name="document_is_kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="document_does_not_change_once_typeset",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    f'(OLD."typeset_at" IS NOT NULL AND {_row("OLD", LASTING)} IS DISTINCT FROM {_row("NEW", LASTING)})'
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def kind_in_words(self) -> str:
        """What it is, in the language of its reader."""
        return str(self.Kind(self.kind).label)


def label_of(subject: Any) -> str:
    """The model label under which timeline, audit and documents file a subject."""
    return str(subject._meta.label_lower)
