"""The monthly reconciliation with a receiver: what it says that it holds beside what it should hold (月度对账)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bureau.models import Staff, append_only, changes_only, kept
from credit.feeds.differences import Kind
from credit.models.feed import DIGEST, Batch
from credit.models.receiver import Receiver
from credit.models.subject import Subject


class Reconciliation(models.Model):
    """What a receiver says that it holds, set beside what it should hold."""

    receiver = models.ForeignKey(Receiver, on_delete=models.PROTECT, related_name="reconciliations")
    on = models.DateField(_("held on"))
    held = models.PositiveIntegerField(_("records held"))
    alike = models.PositiveIntegerField(_("alike"))
    file = models.FileField(upload_to="feeds/%Y/%m")
    digest = models.CharField(_("SM3 digest"), max_length=64)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    # The batch that sets it right.
    batch = models.OneToOneField(Batch, on_delete=models.PROTECT, null=True, related_name="reconciliation")

    class Meta:
        # Translators: 对账
        verbose_name = _("reconciliation")
        verbose_name_plural = _("reconciliations")
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(condition=DIGEST, name="reconciliation_has_a_digest"),
            models.UniqueConstraint(fields=["receiver", "digest"], name="reconciliation_file_is_taken_once"),
        )
        triggers = (kept("reconciliation_is_kept"), changes_only("reconciliation_is_set_right_once", "batch_id"))

    def __str__(self) -> str:
        return f"{self.receiver} {self.on}"


class Discrepancy(models.Model):
    """One record on which a receiver differs from us."""

    KINDS = {
        Kind.MISSING.value: _("Missing there"),
        Kind.LEFT_OVER.value: _("Left over there"),
        Kind.DIFFERENT.value: _("Different there"),
    }

    reconciliation = models.ForeignKey(Reconciliation, on_delete=models.PROTECT, related_name="discrepancies")
    record_key = models.CharField(_("record key"), max_length=60)
    kind = models.CharField(_("difference"), max_length=9, choices=KINDS)
    columns = ArrayField(models.CharField(max_length=100), default=list, verbose_name=_("columns"))
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, null=True, related_name="+")  # null: not ours

    class Meta:
        verbose_name = _("discrepancy")
        verbose_name_plural = _("discrepancies")
        ordering = ("record_key",)
        constraints = (
            models.UniqueConstraint(fields=["reconciliation", "record_key"], name="discrepancy_is_told_once"),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in Kind]), name="discrepancy_kind_is_known"
            ),
        )
        triggers = (append_only("discrepancy_is_kept"),)

    def __str__(self) -> str:
        return f"{self.record_key} {self.kind}"
