"""What others are to know of the registry, in the order in which it came true here."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bureau.models import append_only
from credit.models.sanction import MEASURES, Sanction
from credit.models.subject import Subject


class RegistryEvent(models.Model):
    """A measure began, changed, ended, or was taken back. The key is the cursor of whoever reads on: whoever has read
    up to one key misses nothing before it (credit.stream writes them one transaction after the other).
    """

    class What(models.TextChoices):
        """What came about."""

        RECORDED = "recorded", pgettext_lazy("event of the registry", "Recorded")
        CHANGED = "changed", pgettext_lazy("event of the registry", "Changed")
        LIFTED = "lifted", pgettext_lazy("event of the registry", "Lifted")
        WITHDRAWN = "withdrawn", pgettext_lazy("event of the registry", "Withdrawn")

    what = models.CharField(_("what"), max_length=9, choices=What)
    sanction = models.ForeignKey(Sanction, on_delete=models.PROTECT, related_name="events")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(_("kind"), max_length=12, choices=MEASURES)
    on = models.DateField(_("day"))  # from which it counts, whenever it became known
    holds_from = models.DateField(_("holds from"))
    holds_until = models.DateField(_("holds until"), null=True)
    because = models.CharField(_("reason"), max_length=200, blank=True)
    disputed = models.BooleanField(_("disputed"), default=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("event of the registry")
        verbose_name_plural = _("events of the registry")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(what__in=["recorded", "changed", "lifted", "withdrawn"]), name="registry_event_is_known"
            ),
            models.CheckConstraint(condition=Q(kind__in=[*MEASURES]), name="registry_event_kind_is_known"),
        )
        indexes = (
            models.Index(fields=["kind", "id"], name="registry_event_of_kind"),
            models.Index(fields=["subject", "id"], name="registry_event_of_subject"),
        )
        triggers = (append_only("registry_event_is_kept"),)

    def __str__(self) -> str:
        return f"{self.what} {self.on}"
