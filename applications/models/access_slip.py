"""What a person was told at the window of who looked at the own data."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.querysets import AccessSlipQuerySet
from bureau.fields import BlindIndexField, ProtectedTextField
from bureau.models import Office, Staff, append_only


class AccessSlip(models.Model):
    """An access slip that was handed out: to whom, for which days, why. What it told is kept with its document."""

    number = models.CharField(_("number"), max_length=20, unique=True)
    id_number = ProtectedTextField(_("ID number"))
    id_index = BlindIndexField(of="id_number")
    since = models.DateField(_("from"))
    until = models.DateField(_("until"))  # the last day that it covers
    reason = ProtectedTextField(_("reason"))
    asked_by = ProtectedTextField(_("guardian or agent"), blank=True)  # with the paper; empty: the person
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    office_code = models.CharField(max_length=12)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    objects = AccessSlipQuerySet.as_manager()

    class Meta:
        # Translators: 查询记录告知单
        verbose_name = _("access slip")
        verbose_name_plural = _("access slips")
        ordering = ("-at",)
        constraints = (
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="access_slip_covers_days_in_order"),
        )
        indexes = (models.Index(fields=["id_index"], name="access_slip_of_person"),)
        triggers = (append_only("access_slip_is_kept"),)

    def __str__(self) -> str:
        return self.number
