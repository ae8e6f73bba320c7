"""A request list: households whose question went to a source on paper or by file instead of over the wire."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bureau.fields import ProtectedBytesField
from bureau.models import Staff, changes_only, kept
from verification.models.inquiry import Exchange
from verification.models.source import Source
from verification.querysets import ManualRequestQuerySet

LIST_SERIES = "QD"  # how the number of a list begins; no request over the wire is numbered so


class ManualRequest(models.Model):
    """One list to one source: sent, then brought in once or taken back. Its inquiries carry its lease meanwhile."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="manual_requests")
    number = models.CharField(_("number"), max_length=20, unique=True)
    lease = models.UUIDField(unique=True)
    households = models.PositiveIntegerField(_("households"))
    persons = models.PositiveIntegerField(_("persons"))
    exported_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    exported_at = models.DateTimeField(default=timezone.now)
    due_on = models.DateField(_("reply due on"))
    kept_until = models.DateTimeField()  # until then the source is not asked by itself about these households
    questions = ProtectedBytesField(packed=True)  # msgspec JSON of what was asked, with the inquiries
    digest = models.CharField(_("digest"), max_length=64)  # SM3 of the file

    # A filled list that was found in order and awaits its confirmation; it goes into the exchange.
    upload = ProtectedBytesField(packed=True, null=True)
    uploaded_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField(null=True)

    returned_at = models.DateTimeField(null=True)
    imported_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    exchange = models.OneToOneField(Exchange, on_delete=models.PROTECT, null=True, related_name="manual_request")
    brought_in = models.PositiveIntegerField(null=True)  # households; fewer than sent where some were not awaited

    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    take_back_reason = models.CharField(max_length=500, blank=True)

    objects = ManualRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request list")
        verbose_name_plural = _("request lists")
        ordering = ("-exported_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(returned_at__isnull=True, imported_by__isnull=True, exchange__isnull=True)
                | Q(returned_at__isnull=False, imported_by__isnull=False, exchange__isnull=False, upload__isnull=True),
                name="manual_request_is_brought_in_with_evidence",
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at__isnull=True, taken_back_by__isnull=True)
                | (
                    Q(taken_back_at__isnull=False, taken_back_by__isnull=False, returned_at__isnull=True)
                    & Q(upload__isnull=True)
                    & ~Q(take_back_reason="")
                ),
                name="manual_request_is_taken_back_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(upload__isnull=True) | Q(uploaded_by__isnull=False, uploaded_at__isnull=False),
                name="manual_request_upload_is_somebodys",
            ),
        )
        triggers = (
            kept("manual_request_is_kept"),
            changes_only(
                "manual_request_as_sent_stays",
                *("upload", "uploaded_by_id", "uploaded_at", "returned_at", "imported_by_id", "exchange_id"),
                *("brought_in", "taken_back_at", "taken_back_by_id", "take_back_reason"),
                filled_in_once=False,
            ),
            pgtrigger.Protect(
                name="manual_request_once_over_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.returned_at IS NOT NULL OR OLD.taken_back_at IS NOT NULL"),
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        """Whether its reply is awaited."""
        return self.returned_at is None and self.taken_back_at is None

    @property
    def is_overdue(self) -> bool:
        """Whether the reply is awaited and late."""
        return self.is_open and self.due_on < timezone.localdate()
