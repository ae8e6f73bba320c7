"""The registry's subjects and the sanctions that run against them."""

from datetime import date

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bureau.fields import BlindIndexField, ProtectedTextField
from bureau.models import DateRange, Staff
from credit.querysets import SanctionQuerySet


class Severity(models.TextChoices):
    """How grave a dishonest act is (Taizhou 2017): it decides whether the ban lasts 1, 3 or 5 years."""

    GENERAL = "general", _("General")
    MORE_SERIOUS = "more_serious", _("More serious")
    SERIOUS = "serious", _("Serious")


class Subject(models.Model):
    """A person or an employer that the registry knows, found by the blind index of its ID number or unified credit
    code.
    """

    class Kind(models.TextChoices):
        """What sort of subject: families and employers have files of their own (clause B10)."""

        PERSON = "person", _("Person")
        EMPLOYER = "employer", _("Employer")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    name = models.CharField(_("name"), max_length=120)
    identifier = ProtectedTextField(_("ID number or credit code"))
    identifier_index = BlindIndexField(of="identifier")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("subject")
        verbose_name_plural = _("subjects")
        constraints = (
            models.UniqueConstraint(fields=["kind", "identifier_index"], name="subject_is_registered_once"),
            models.CheckConstraint(condition=Q(kind__in=["person", "employer"]), name="subject_kind_is_known"),
        )

    def __str__(self) -> str:
        return self.name


class Sanction(models.Model):
    """A ban on housing benefits from a day until a day (the last day not included);
    it ends by itself when that day comes.
    """

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="sanctions")
    severity = models.CharField(_("severity"), max_length=12, choices=Severity)
    act = models.CharField(_("act"), max_length=200)
    basis = models.CharField(_("legal basis"), max_length=200)
    banned_from = models.DateField(_("banned from"))
    banned_until = models.DateField(_("banned until"))
    entered_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField(default=timezone.now)
    lifted_on = models.DateField(_("lifted on"), null=True, blank=True)  # earlier than its end: withdrawn or repaired
    lifted_reason = models.CharField(_("reason of lifting"), max_length=200, blank=True)

    objects = SanctionQuerySet.as_manager()

    class Meta:
        verbose_name = _("sanction")
        verbose_name_plural = _("sanctions")
        ordering = ("-banned_from",)
        constraints = (
            models.CheckConstraint(
                condition=Q(banned_until__gt=F("banned_from")), name="sanction_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=Q(severity__in=Severity.values), name="sanction_severity_is_known"),
            models.CheckConstraint(
                condition=Q(lifted_on__isnull=True) | ~Q(lifted_reason=""), name="sanction_lifting_has_a_reason"
            ),
            ExclusionConstraint(
                name="sanctions_of_a_subject_do_not_overlap",
                expressions=(
                    ("subject", RangeOperators.EQUAL),
                    (DateRange("banned_from", "banned_until"), RangeOperators.OVERLAPS),
                ),
                condition=Q(lifted_on__isnull=True),
            ),
        )
        triggers = (pgtrigger.Protect(name="sanction_is_kept", operation=pgtrigger.Delete),)

    def __str__(self) -> str:
        return f"{self.subject} {self.banned_from} – {self.banned_until}"

    def ends_on(self) -> date:
        """The first day on which the ban no longer holds."""
        return min(self.banned_until, self.lifted_on) if self.lifted_on else self.banned_until
