"""Another connection of a source, between the administrator who proposes it and the one who confirms it."""

import pghistory
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bureau.fields import ProtectedTextField
from bureau.models import Staff, changes_only, kept
from verification.models.source import Source


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), append_only=True, exclude=["secret"])
class SourceChange(models.Model):
    """Another address, key or secret of a source, proposed by one administrator.

    It is in force once another one has confirmed it.
    """

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="changes", verbose_name=_("source"))
    url = models.URLField(_("address"))
    key_id = models.CharField(_("key id"), max_length=60)
    secret = ProtectedTextField(_("secret"), max_length=200)
    proposed_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", verbose_name=_("proposed by"))
    proposed_at = models.DateTimeField(_("proposed at"), default=timezone.now)
    settled_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("settled by")
    )
    settled_at = models.DateTimeField(_("settled at"), null=True)
    confirmed = models.BooleanField(_("confirmed"), null=True)

    class Meta:
        verbose_name = _("change of a connection")
        verbose_name_plural = _("changes of connections")
        ordering = ("-proposed_at",)
        constraints = (
            models.UniqueConstraint(
                fields=["source"], condition=Q(settled_at__isnull=True), name="source_has_one_open_change"
            ),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_by__isnull=True, confirmed__isnull=True)
                | Q(settled_at__isnull=False, settled_by__isnull=False, confirmed__isnull=False),
                name="source_change_is_settled_by_a_person",
            ),
            models.CheckConstraint(
                condition=~Q(confirmed=True) | ~Q(settled_by=models.F("proposed_by")),
                name="source_change_is_confirmed_by_another",
            ),
        )
        triggers = (
            kept("source_change_is_kept"),
            changes_only("source_change_is_settled_once", "settled_by_id", "settled_at", "confirmed"),
        )

    def __str__(self) -> str:
        return f"{self.source} {self.proposed_at:%Y-%m-%d %H:%M}"
