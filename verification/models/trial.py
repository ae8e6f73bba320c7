"""A trial of a standard (标准试算): what one that is not in force yet would make of households checked before."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bureau.fields import ProtectedBytesField
from bureau.models import Staff, append_only, changes_only, kept
from verification.models.assessment import Assessment
from verification.models.check import Check
from verification.models.standard import Standard
from verification.querysets_trials import TrialQuerySet, TrialRowQuerySet

CITY = "321200"


class Trial(models.Model):
    """One run of a standard over a population, with the text that was tried; signed by another than who ran it.

    It holds for the text that it tried: once the standard reads otherwise, it is a trial of something else.
    """

    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, related_name="trials")
    number = models.PositiveSmallIntegerField(_("number"))  # 1, 2, … of the standard
    office_code = models.CharField(max_length=12, default=CITY)
    content = models.JSONField()  # of the standard, as it was tried
    content_digest = models.CharField(max_length=64)
    population = models.JSONField(_("population"), default=dict)  # trying.Population
    population_digest = models.CharField(max_length=64)  # of the assessments that were replayed
    households = models.PositiveIntegerField(_("households"))
    run_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    run_at = models.DateTimeField(default=timezone.now)

    finished_at = models.DateTimeField(null=True)
    counts = models.JSONField(null=True)  # trying.Counts
    result_digest = models.CharField(max_length=64, blank=True)  # the same for the same text, population and rules

    signed_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    sign_note = models.CharField(max_length=500, blank=True)

    objects = TrialQuerySet.as_manager()

    class Meta:
        verbose_name = _("standard trial")
        verbose_name_plural = _("standard trials")
        ordering = ("standard", "-number")
        constraints = (
            models.UniqueConstraint(fields=["standard", "number"], name="trial_number_is_once_per_standard"),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True, counts__isnull=True, result_digest="")
                | (Q(finished_at__isnull=False, counts__isnull=False) & ~Q(result_digest="")),
                name="trial_is_finished_with_a_result",
            ),
            models.CheckConstraint(
                condition=Q(signed_by__isnull=True, signed_at__isnull=True, sign_note="")
                | (Q(signed_by__isnull=False, signed_at__isnull=False, finished_at__isnull=False) & ~Q(sign_note="")),
                name="trial_is_signed_when_finished_with_a_note",
            ),
            models.CheckConstraint(
                condition=Q(signed_by__isnull=True) | ~Q(signed_by=F("run_by")), name="trial_is_signed_by_another"
            ),
        )
        indexes = (models.Index(fields=["id"], condition=Q(finished_at__isnull=True), name="trial_under_way"),)
        triggers = (
            kept("trial_is_kept"),
            changes_only(
                "trial_takes_its_result_and_signature_once",
                *("finished_at", "counts", "result_digest", "signed_by_id", "signed_at", "sign_note"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.standard.code} #{self.number}"

    @property
    def is_finished(self) -> bool:
        """Whether every household has been worked out."""
        return self.finished_at is not None

    @property
    def counted(self) -> dict[str, Any]:
        """The counts; empty until it is finished."""
        counts: dict[str, Any] = self.counts or {}
        return counts


class TrialBatch(models.Model):
    """Some households of a trial, worked out in one transaction; a worker that dies leaves it as it was."""

    trial = models.ForeignKey(Trial, on_delete=models.PROTECT, related_name="batches")
    number = models.PositiveIntegerField()
    assessments = ArrayField(models.BigIntegerField())
    counts = models.JSONField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("trial", "number")
        constraints = (
            models.UniqueConstraint(fields=["trial", "number"], name="trial_batch_is_once"),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, counts__isnull=True) | Q(done_at__isnull=False, counts__isnull=False),
                name="trial_batch_is_done_with_counts",
            ),
        )
        indexes = (
            models.Index(fields=["trial", "number"], condition=Q(done_at__isnull=True), name="trial_batch_to_do"),
        )
        triggers = (
            kept("trial_batch_is_kept"),
            changes_only("trial_batch_is_done_once", "counts", "done_at"),
        )

    def __str__(self) -> str:
        return f"{self.trial} / {self.number}"


class TrialRow(models.Model):
    """A household whose result would be another one, or that could not be worked out."""

    trial = models.ForeignKey(Trial, on_delete=models.PROTECT, related_name="rows", db_index=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="+", db_index=False)
    check_ordered = models.ForeignKey(Check, on_delete=models.PROTECT, related_name="+", db_index=False)
    office_code = models.CharField(max_length=12)
    kind = models.CharField(max_length=10)  # comparison.TRIAL_KINDS
    was = models.CharField(max_length=10)
    now = models.CharField(max_length=10, blank=True)  # empty where it could not be worked out
    criteria = ArrayField(models.CharField(max_length=20), default=list)  # that turned, or "sources"
    content = ProtectedBytesField(packed=True)  # msgspec JSON of comparison.Tried
    failure = models.CharField(max_length=200, blank=True)

    objects = TrialRowQuerySet.as_manager()

    class Meta:
        ordering = ("trial", "assessment")
        constraints = (
            models.UniqueConstraint(fields=["trial", "assessment"], name="trial_row_is_once_per_household"),
            models.CheckConstraint(
                condition=Q(kind="failed", now="") & ~Q(failure="")
                | Q(kind__in=["leaves", "joins", "opens", "settles"], failure="")
                & Q(now__in=["fit", "unfit", "incomplete"])
                & ~Q(now=F("was")),
                name="trial_row_differs_or_failed",
            ),
        )
        indexes = (models.Index(fields=["trial", "kind", "assessment"], name="trial_row_by_kind"),)
        triggers = (append_only("trial_row_is_append_only"),)

    def __str__(self) -> str:
        return f"{self.trial}: {self.check_ordered_id} {self.kind}"
