"""What the desks say one after another, and what is decided once the check is concluded."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application
from applications.models.declaration import Declaration
from bureau.models import Document, Office, Staff, changes_only, kept
from bureau.roles import Tier
from verification.models import Conclusion

ANOTHER_THAN_KEYED = """
IF EXISTS (SELECT 1 FROM applications_application WHERE id = NEW.application_id AND keyed_by_id = NEW.by_id)
OR EXISTS (SELECT 1 FROM applications_draft WHERE application_id = NEW.application_id AND NEW.by_id = ANY (typed_by))
OR EXISTS (SELECT 1 FROM applications_declaration WHERE application_id = NEW.application_id AND by_id = NEW.by_id)
OR EXISTS (
    SELECT 1 FROM applications_commitment WHERE application_id = NEW.application_id AND recorded_by_id = NEW.by_id
)
THEN
    RAISE EXCEPTION 'an opinion must be of another person than keyed the case' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class Opinion(models.Model):
    """What a desk wrote when it forwarded, returned or rejected.

    Kept for ever; struck through when its facts changed.
    """

    class Outcome(models.TextChoices):
        """What a desk can say."""

        FORWARD = "forward", _("Forwarded")
        RETURN = "return", _("Returned for correction")
        REJECT = "reject", _("Rejected")

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="opinions")
    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="+")
    tier = models.CharField(_("tier"), max_length=10, choices=Tier)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    text = models.TextField(_("opinion"))
    valid = models.BooleanField(default=True)
    invalid_since = models.DateTimeField(null=True)
    invalid_because = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("opinion")
        verbose_name_plural = _("opinions")
        ordering = ("at",)
        constraints = (
            models.CheckConstraint(condition=~Q(text=""), name="opinion_has_words"),
            models.CheckConstraint(condition=Q(tier__in=["street", "district", "city"]), name="opinion_tier_is_known"),
            models.CheckConstraint(
                condition=Q(valid=True) | Q(invalid_since__isnull=False), name="opinion_invalid_has_a_time"
            ),
            models.UniqueConstraint(
                fields=["application", "by"],
                condition=Q(valid=True, outcome="forward"),
                name="nobody_signs_a_case_twice",
            ),
        )
        triggers = (
            kept("opinion_is_kept"),
            changes_only(
                "opinion_words_do_not_change", "valid", "invalid_since", "invalid_because", filled_in_once=False
            ),
            pgtrigger.Protect(
                name="opinion_once_struck_through_stays_so",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("NOT OLD.valid"),
            ),
            pgtrigger.Trigger(
                name="who_keyed_a_case_never_reviews_it",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=ANOTHER_THAN_KEYED,
            ),
        )

    def __str__(self) -> str:
        return f"{self.application} {self.tier}: {self.outcome}"


class Decision(models.Model):
    """The housing officer's decision on a concluded check, with the policy version and the reasons kept."""

    class Outcome(models.TextChoices):
        """What is decided."""

        GRANT = "grant", _("Granted")
        REFUSE = "refuse", _("Refused")

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="decisions")
    conclusion = models.ForeignKey(Conclusion, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome)
    opinion = models.TextField()
    reasons = models.JSONField(default=list)  # failed criteria: name, value, limit, article
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    letter = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")
    superseded_at = models.DateTimeField(null=True)  # by a re-check after an objection

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints = (
            models.UniqueConstraint(
                fields=["application"], condition=Q(superseded_at__isnull=True), name="application_has_one_decision"
            ),
            models.CheckConstraint(condition=~Q(opinion=""), name="decision_has_an_opinion"),
        )
        triggers = (
            kept("decision_is_kept"),
            changes_only("decision_does_not_change", "letter_id", "superseded_at"),
            pgtrigger.Trigger(
                name="decision_agrees_with_the_conclusion",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                IF NOT EXISTS (
                    SELECT 1 FROM verification_conclusion c JOIN applications_application a ON a.id = NEW.application_id
                    WHERE c.id = NEW.conclusion_id AND c.check_ordered_id = a.current_check_id
                      AND c.outcome = CASE NEW.outcome WHEN 'grant' THEN 'fit' ELSE 'unfit' END
                      AND c.by_id <> NEW.by_id
                ) THEN
                    RAISE EXCEPTION 'a decision must agree with the conclusion of the current check, by another person'
                    USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            ),
        )

    def __str__(self) -> str:
        return f"{self.application}: {self.outcome}"

    @property
    def in_words(self) -> str:
        """What was decided; a grant is only intended until its public notice has run."""
        # Translators: 拟准予保障
        return str(_("To be granted") if self.outcome == self.Outcome.GRANT else self.get_outcome_display())
