"""What an assessment found strange: a person settles each before the check is concluded."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bureau.models import Staff, changes_only, kept
from verification.models.check import Check
from verification.querysets import FindingQuerySet


class Finding(models.Model):
    """Something in the answers that a person must look at.

    It has no consequence until a person confirms it, with a reason.
    """

    class State(models.TextChoices):
        """Where a finding stands."""

        OPEN = "open", _("To be settled")
        CONFIRMED = "confirmed", _("Confirmed")
        DISMISSED = "dismissed", pgettext_lazy("finding", "Dismissed")
        LAPSED = "lapsed", _("No longer there")

    check_ordered = models.ForeignKey(Check, on_delete=models.PROTECT, related_name="findings")
    fingerprint = models.CharField(max_length=64)
    kind = models.CharField(max_length=40)
    member = models.CharField(max_length=10, blank=True)
    source_code = models.CharField(max_length=30, blank=True)
    # By which it is known again in other checks of the case (verification.statement.fingerprints).
    marks = ArrayField(models.CharField(max_length=64), default=list)
    about = models.CharField(max_length=64, blank=True)
    amount = models.DecimalField(max_digits=24, decimal_places=2, null=True)  # in the unit of its kind
    turn = models.PositiveSmallIntegerField(default=1)  # one more each time that a dismissal of it was taken back
    weight = models.BigIntegerField(default=0)
    params = models.JSONField(default=dict)
    supports = ArrayField(models.CharField(max_length=40), default=list)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    settled_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    gone_at = models.DateTimeField(null=True)  # confirmed, and the newest assessment does not hold it any more

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ("-weight", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["check_ordered", "fingerprint", "turn"], name="finding_is_one_per_check_and_fingerprint"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "confirmed", "dismissed", "lapsed"]), name="finding_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "lapsed"])
                | (Q(settled_by__isnull=False, settled_at__isnull=False) & ~Q(reason="")),
                name="finding_is_settled_by_a_person_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(gone_at__isnull=True) | Q(state="confirmed"), name="finding_gone_was_confirmed"
            ),
        )
        indexes = (models.Index(fields=["fingerprint"], name="finding_fingerprint"),)
        triggers = (
            kept("finding_is_kept"),
            changes_only(
                "finding_is_settled_and_not_rewritten",
                *("state", "settled_by_id", "settled_at", "reason", "gone_at"),
                filled_in_once=False,  # it lapses and opens again; what a person said of it is held by the next
            ),
            pgtrigger.Trigger(
                name="who_is_kept_away_settles_no_finding",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Condition("NEW.settled_by_id IS NOT NULL"),
                func="""
                IF EXISTS (
                    SELECT 1 FROM verification_check
                    WHERE id = NEW.check_ordered_id AND NEW.settled_by_id = ANY (kept_away)
                ) THEN
                    RAISE EXCEPTION 'a finding must be settled by another person than keyed the case' USING ERRCODE =
                    'check_violation';
                END IF;
                RETURN NEW;
                """,
            ),
            pgtrigger.Protect(
                name="finding_is_settled_while_it_is_open",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.state = 'lapsed' AND NEW.state IN ('confirmed', 'dismissed')"),
            ),
            pgtrigger.Protect(
                name="finding_once_settled_stays_settled",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "(OLD.state IN ('confirmed', 'dismissed') AND"
                    " (OLD.state, OLD.settled_by_id, OLD.settled_at, OLD.reason)"
                    " IS DISTINCT FROM (NEW.state, NEW.settled_by_id, NEW.settled_at, NEW.reason))"
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} ({self.state})"
