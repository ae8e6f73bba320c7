"""What the times at desks of a month come to, so that years of them are counted from few rows.

Sums are worked out from `Stay` and say nothing that it does not. A month that is past is summed once; a stay that
comes to it later, or another calendar of working days, has it summed anew, and meanwhile its stays are counted.
"""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application


class SummedMonth(models.Model):
    """A month of which the sums hold."""

    month = models.DateField(_("month"), unique=True)  # its first day
    calendar = models.CharField(max_length=64)  # the digest of the working days with which it was reckoned
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        # Translators: 环节用时月度汇总
        verbose_name = _("summed month of times at desks")
        verbose_name_plural = _("summed months of times at desks")
        ordering = ("-month",)

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class StaySum(models.Model):
    """How many stays at a desk ended in a month after so many working days, of a district and a kind."""

    of = models.ForeignKey(SummedMonth, on_delete=models.PROTECT, related_name="sums", db_index=False)
    stage = models.CharField(_("status"), max_length=12, choices=Application.Status)
    kind = models.CharField(_("kind"), max_length=20, choices=Application.Kind)
    district = models.CharField(max_length=6)
    workdays = models.SmallIntegerField()
    stays = models.PositiveIntegerField()

    class Meta:
        # Translators: 环节用时汇总
        verbose_name = _("sum of times at desks")
        verbose_name_plural = _("sums of times at desks")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=["public_rental", "rental_subsidy"]), name="stay_sum_kind_is_known"
            ),
            models.UniqueConstraint(
                fields=["of", "stage", "kind", "district", "workdays"], name="stay_sum_is_one_of_its_kind"
            ),
        )

    def __str__(self) -> str:
        return f"{self.of} {self.district} {self.stage} {self.workdays}: {self.stays}"
