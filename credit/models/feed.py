"""What a receiver was told, batch by batch, and what it made of that."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bureau.fields import ProtectedJSONField, ProtectedTextField
from bureau.models import Staff, append_only, changes_only, kept
from credit.feed_querysets import BatchLineQuerySet
from credit.feeds.differences import Action
from credit.models.receiver import FeedMapping, Receiver
from credit.models.sanction import Sanction
from credit.models.subject import Subject

DIGEST = Q(digest__regex=r"^[0-9a-f]{64}$")


class Batch(models.Model):
    """One file to a receiver. It never changes; what has to be said again goes out under a new number."""

    class Reason(models.TextChoices):
        """Why it was made."""

        REGULAR = "regular", _("What has changed")
        RESEND_REJECTED = "resend_rejected", _("Rejected records again")
        RESEND_ALL = "resend_all", _("Sent anew as a whole")
        CORRECTION = "correction", _("Correction after a reconciliation")

    receiver = models.ForeignKey(Receiver, on_delete=models.PROTECT, related_name="batches")
    mapping = models.ForeignKey(FeedMapping, on_delete=models.PROTECT, related_name="batches")
    name = models.CharField(_("batch number"), max_length=60, unique=True)
    made_on = models.DateField(_("made on"))
    number = models.PositiveIntegerField()  # of the day
    reason = models.CharField(_("reason"), max_length=16, choices=Reason)
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    note = models.CharField(_("note"), max_length=500, blank=True)  # why it was sent anew as a whole
    added = models.PositiveIntegerField(_("added"))
    changed = models.PositiveIntegerField(_("changed"))
    deleted = models.PositiveIntegerField(_("deleted"))
    cursor = models.BigIntegerField()  # of the receiver, once this was made
    file = models.FileField(upload_to="feeds/%Y/%m")
    digest = models.CharField(_("SM3 digest"), max_length=64)
    made_at = models.DateTimeField(_("made at"), default=timezone.now)
    made_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")  # null: the system
    handed_over_at = models.DateTimeField(_("handed over at"), null=True)
    handed_over_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        # Translators: 报送批次
        verbose_name = _("batch")
        verbose_name_plural = _("batches")
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(fields=["receiver", "made_on", "number"], name="batch_number_is_given_once"),
            models.CheckConstraint(
                condition=Q(reason__in=["regular", "correction"], replaces__isnull=True)
                | Q(reason__in=["resend_rejected", "resend_all"], replaces__isnull=False),
                name="batch_sent_anew_says_of_which",
            ),
            models.UniqueConstraint(
                fields=["replaces", "reason"], condition=Q(replaces__isnull=False), name="batch_is_sent_anew_once"
            ),
            models.CheckConstraint(
                condition=Q(added__gt=0) | Q(changed__gt=0) | Q(deleted__gt=0), name="batch_says_something"
            ),
            models.CheckConstraint(condition=DIGEST, name="batch_has_a_digest"),
            models.CheckConstraint(
                condition=Q(handed_over_at__isnull=True, handed_over_by__isnull=True)
                | Q(handed_over_at__isnull=False, handed_over_by__isnull=False),
                name="batch_is_handed_over_by_somebody",
            ),
        )
        triggers = (
            kept("batch_is_kept"),
            changes_only("batch_stays_as_it_was_made", "handed_over_at", "handed_over_by_id"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def lines_count(self) -> int:
        """How many records it tells of."""
        return self.added + self.changed + self.deleted


class BatchLine(models.Model):
    """What a batch says of one record."""

    ACTIONS = {
        Action.ADD.value: _("Add"),
        Action.CHANGE.value: _("Change"),
        Action.DELETE.value: _("Delete"),
    }

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="lines")
    receiver = models.ForeignKey(Receiver, on_delete=models.PROTECT, related_name="+")
    place = models.PositiveIntegerField()
    record_key = models.CharField(_("record key"), max_length=60)
    action = models.CharField(_("action"), max_length=6, choices=ACTIONS)
    values = ProtectedJSONField()  # by column
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, null=True, related_name="+")  # null: not ours
    sanction = models.ForeignKey(Sanction, on_delete=models.PROTECT, null=True, related_name="+")

    objects = BatchLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of a batch")
        verbose_name_plural = _("lines of batches")
        ordering = ("-batch_id", "place")
        constraints = (
            models.UniqueConstraint(fields=["batch", "record_key"], name="record_is_in_a_batch_once"),
            models.UniqueConstraint(fields=["batch", "place"], name="batch_line_has_its_place"),
            models.CheckConstraint(
                condition=Q(action__in=[action.value for action in Action]), name="batch_line_action_is_known"
            ),
        )
        indexes = (models.Index(fields=["receiver", "record_key", "-id"], name="batch_line_of_record"),)
        triggers = (append_only("batch_line_is_kept"),)

    def __str__(self) -> str:
        return f"{self.action} {self.record_key}"


class Receipt(models.Model):
    """What a receiver made of a batch (回执): one for each batch."""

    batch = models.OneToOneField(Batch, on_delete=models.PROTECT, related_name="receipt")
    on = models.DateField(_("day of the receipt"))
    accepted = models.PositiveIntegerField(_("accepted"))
    rejected = models.PositiveIntegerField(_("rejected"))
    refuses_all = models.BooleanField(default=False)  # the batch as a whole
    code = models.CharField(_("error code"), max_length=20, blank=True)  # of a batch that was refused as a whole
    message = ProtectedTextField(_("message"), blank=True)
    file = models.FileField(upload_to="feeds/%Y/%m")
    digest = models.CharField(_("SM3 digest"), max_length=64)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta:
        # Translators: 回执
        verbose_name = _("receipt of a batch")
        verbose_name_plural = _("receipts of batches")
        constraints = (
            models.CheckConstraint(condition=DIGEST, name="receipt_has_a_digest"),
            models.CheckConstraint(
                condition=Q(refuses_all=False, code="") | Q(refuses_all=True, accepted=0) & ~Q(code=""),
                name="receipt_that_refuses_all_says_why",
            ),
        )
        triggers = (append_only("feed_receipt_is_kept"),)

    def __str__(self) -> str:
        return f"{self.batch} {self.on}"


class LineError(models.Model):
    """A record that the receiver did not take, and why."""

    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="errors")
    line = models.OneToOneField(BatchLine, on_delete=models.PROTECT, related_name="error")
    code = models.CharField(_("error code"), max_length=20)
    message = ProtectedTextField(_("message"), blank=True)

    class Meta:
        verbose_name = _("error of a line")
        verbose_name_plural = _("errors of lines")
        ordering = ("line__place",)
        constraints = (models.CheckConstraint(condition=~Q(code=""), name="line_error_has_a_code"),)
        triggers = (append_only("line_error_is_kept"),)

    def __str__(self) -> str:
        return f"{self.line} {self.code}"
