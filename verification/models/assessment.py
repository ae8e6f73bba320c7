"""The answers are in: what the machine makes of them, before a person looks."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils import timezone

from bureau.fields import ProtectedBytesField
from bureau.models import append_only
from verification.models.check import Check
from verification.models.round import Round
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
    # Of which round it is and what alone would change the result, within a tenth of its line: for the list of a round.
    round = models.ForeignKey(Round, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    near_criterion = models.CharField(max_length=20, blank=True)
    near_share = models.DecimalField(max_digits=5, decimal_places=4, null=True)  # of the limit

    class Meta:
        ordering = ("-check_ordered_id", "-version")
        constraints = (
            models.UniqueConstraint(fields=["check_ordered", "version"], name="assessment_version_is_unique"),
            models.CheckConstraint(
                condition=Q(proposed__in=["fit", "unfit", "incomplete"]), name="assessment_proposes_a_known_conclusion"
            ),
            models.CheckConstraint(
                condition=Q(near_criterion="", near_share__isnull=True)
                | (~Q(near_criterion="") & Q(near_share__range=(0, Decimal("0.1")))),
                name="assessment_near_has_criterion_and_share",
            ),
        )
        indexes = (
            models.Index(
                fields=["round", "near_share", "id"],
                condition=Q(round__isnull=False, near_share__isnull=False),
                name="assessment_near_in_round",
            ),
        )
        triggers = (append_only("assessment_is_append_only"),)

    def __str__(self) -> str:
        return f"{self.check_ordered} v{self.version}: {self.proposed}"
