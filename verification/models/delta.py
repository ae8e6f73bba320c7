"""What changed for a household between the last concluded check of its case and this one."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bureau.fields import ProtectedBytesField
from bureau.models import kept
from verification.models.assessment import Assessment
from verification.models.check import Check
from verification.models.round import Round
from verification.querysets import DeltaQuerySet


class Delta(models.Model):
    """The changes of a check, for the newest version of its assessment; a first check of a case has none.

    Round and office are those of the check, which never change; they stand here for the list of a whole round.
    """

    check_ordered = models.OneToOneField(Check, on_delete=models.PROTECT, related_name="delta")
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="+")
    before = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="+")  # of the last concluded check
    round = models.ForeignKey(Round, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    office_code = models.CharField(max_length=12)
    weight = models.BigIntegerField()  # of all changes together; 0: nothing of the household has changed
    kinds = ArrayField(models.CharField(max_length=20), default=list)
    content = ProtectedBytesField(packed=True)  # msgspec JSON of comparison.Changes

    objects = DeltaQuerySet.as_manager()

    class Meta:
        verbose_name = _("delta")
        verbose_name_plural = _("deltas")
        constraints = (models.CheckConstraint(condition=Q(weight__gte=0), name="delta_has_a_weight"),)
        indexes = (
            models.Index(
                fields=["round", "-weight", "id"], condition=Q(round__isnull=False), name="delta_in_round_by_weight"
            ),
        )
        triggers = (kept("delta_is_kept"),)

    def __str__(self) -> str:
        return f"{self.check_ordered}: {self.weight}"
