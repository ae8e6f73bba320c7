"""The answers are in: what the machine makes of them, before a person looks."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from bureau.fields import ProtectedBytesField
from bureau.models import append_only
from verification.models.check import Check
from verification.models.standard import Standard


class Assessment(models.Model):
    """What the machine makes of the answers:
    statement, comparison, proposed conclusion; with all inputs, so that it replays.
    """

    check_ordered = models.ForeignKey(Check, on_delete=models.PROTECT, related_name="assessments")
    version = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField(default=timezone.now)
    on = models.DateField()
    standard = models.ForeignKey(Standard, on_delete=models.PROTECT)
    rules_version = models.CharField(max_length=20)
    inputs = ProtectedBytesField()  # everything `assess` was given
    result = ProtectedBytesField()  # msgspec JSON of comparison.Assessed
    result_digest = models.CharField(max_length=64)
    proposed = models.CharField(max_length=10)
    asked = models.PositiveSmallIntegerField()
    answered = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("check_ordered", "-version")
        constraints = (
            models.UniqueConstraint(fields=["check_ordered", "version"], name="assessment_version_is_unique"),
            models.CheckConstraint(
                condition=Q(proposed__in=["fit", "unfit", "incomplete"]), name="assessment_proposes_a_known_conclusion"
            ),
        )
        triggers = (append_only("assessment_is_append_only"),)

    def __str__(self) -> str:
        return f"{self.check_ordered} v{self.version}: {self.proposed}"
