"""The end of a check: what a person concludes, carried by its assessment and findings."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bureau.models import Document, Staff, changes_only, kept
from verification.models.assessment import Assessment
from verification.models.check import Check
from verification.models.finding import Finding

CARRIED_BY_THE_CHECK = """
IF NEW.outcome = 'unfit' AND NOT EXISTS (
    SELECT 1 FROM verification_finding f
    WHERE f.id = NEW.decisive_finding_id AND f.check_ordered_id = NEW.check_ordered_id
      AND f.state = 'confirmed' AND f.settled_by_id IS NOT NULL AND f.gone_at IS NULL
) THEN
    RAISE EXCEPTION 'an unfit conclusion needs a finding of this check confirmed by a person' USING ERRCODE =
    'check_violation';
END IF;
IF NEW.outcome IN ('fit', 'unfit') AND NOT EXISTS (
    SELECT 1 FROM verification_assessment a
    WHERE a.id = NEW.assessment_id AND a.check_ordered_id = NEW.check_ordered_id AND a.proposed = NEW.outcome
      AND a.version = (SELECT max(version) FROM verification_assessment WHERE check_ordered_id = NEW.check_ordered_id)
) THEN
    RAISE EXCEPTION 'a fit or unfit conclusion needs the newest assessment of its check to propose it' USING ERRCODE =
    'check_violation';
END IF;
RETURN NEW;
"""


class Conclusion(models.Model):
    """What a person concludes from a check.

    Unfit only on a finding that a person confirmed and that the newest assessment still holds, and only where that
    proposes unfit; the database holds that.
    """

    class Outcome(models.TextChoices):
        """The three conclusions."""

        FIT = "fit", _("Fit")
        UNFIT = "unfit", _("Unfit")
        INCOMPLETE = "incomplete", _("Incomplete")

    check_ordered = models.OneToOneField(Check, on_delete=models.PROTECT, related_name="conclusion")
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT)
    outcome = models.CharField(max_length=10, choices=Outcome)
    opinion = models.TextField()
    decisive_finding = models.ForeignKey(Finding, on_delete=models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    report = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("conclusion")
        verbose_name_plural = _("conclusions")
        constraints = (
            models.CheckConstraint(
                condition=Q(outcome__in=["fit", "unfit", "incomplete"]), name="conclusion_outcome_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(outcome="unfit") | Q(decisive_finding__isnull=False),
                name="conclusion_unfit_rests_on_a_finding",
            ),
            models.CheckConstraint(condition=~Q(opinion=""), name="conclusion_has_an_opinion"),
        )
        indexes = (models.Index(fields=["at"], name="conclusion_of_day"),)
        triggers = (
            pgtrigger.Trigger(
                name="conclusion_is_carried_by_its_check",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=CARRIED_BY_THE_CHECK,
            ),
            kept("conclusion_is_kept"),
            changes_only("conclusion_takes_its_report_and_nothing_else", "report_id"),
            pgtrigger.Trigger(
                name="who_is_kept_away_does_not_conclude",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                IF EXISTS (
                    SELECT 1 FROM verification_check
                    WHERE id = NEW.check_ordered_id AND NEW.by_id = ANY (kept_away)
                ) THEN
                    RAISE EXCEPTION 'a conclusion must be of another person than keyed the case' USING ERRCODE =
                    'check_violation';
                END IF;
                RETURN NEW;
                """,
            ),
        )

    def __str__(self) -> str:
        return f"{self.check_ordered}: {self.outcome}"
