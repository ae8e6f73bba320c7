"""The sanctions that run against the subjects of the registry."""

from datetime import date

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bureau.models import DateRange, Staff
from credit.clocks import Kind
from credit.models.act import SEVERITIES
from credit.models.case import Case
from credit.models.subject import Subject
from credit.querysets import SanctionQuerySet

MEASURES = {
    # Translators: 限制申请
    Kind.BAN.value: _("Ban on benefits"),
    # Translators: 公示
    Kind.PUBLICATION.value: _("Publication"),
    # Translators: 信息共享
    Kind.SHARING.value: _("Sharing"),
}

# Nothing follows from a case that no panel has found and whose notice letter has not legally arrived.
FOUND_AND_SERVED = """
IF NOT EXISTS (
    SELECT 1 FROM credit_service s
    WHERE s.case_id = NEW.case_id AND s.letter = 'notice' AND s.served_on <= NEW.holds_from
) OR (SELECT count(*) FILTER (WHERE finds) * 2 <= count(*) FROM credit_seat p WHERE p.case_id = NEW.case_id)
OR NOT EXISTS (
    SELECT 1 FROM credit_party y WHERE y.case_id = NEW.case_id AND y.subject_id = NEW.subject_id
) THEN
    RAISE EXCEPTION 'a sanction wants a finding of the panel, a notice that was served, and a party'
        USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class Sanction(models.Model):
    """A measure against a subject from a day until a day (the last day not included): no housing benefits, publication,
    sharing with other departments. It ends by itself when that day comes.
    """

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="sanctions")
    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, null=True, related_name="sanctions", verbose_name=_("case")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=MEASURES, default=Kind.BAN)
    severity = models.CharField(_("severity"), max_length=12, choices=SEVERITIES)
    act = models.CharField(_("act"), max_length=200)
    basis = models.CharField(_("legal basis"), max_length=200)
    holds_from = models.DateField(_("holds from"))
    holds_until = models.DateField(_("holds until"), null=True)  # null: until an event that is still to come
    ended_because = models.CharField(max_length=14, blank=True)  # a clock's reason, of a case
    entered_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField(default=timezone.now)
    lifted_on = models.DateField(_("lifted on"), null=True, blank=True)  # earlier than its end: withdrawn or repaired
    lifted_reason = models.CharField(_("reason of lifting"), max_length=200, blank=True)
    disputed = models.BooleanField(_("disputed"), default=False)  # while an objection is open
    end_noted_at = models.DateTimeField(null=True)  # when others were told of its end; it ends without that

    objects = SanctionQuerySet.as_manager()

    class Meta:
        verbose_name = _("sanction")
        verbose_name_plural = _("sanctions")
        ordering = ("-holds_from",)
        constraints = (
            models.CheckConstraint(condition=Q(holds_until__gt=F("holds_from")), name="sanction_ends_after_it_begins"),
            models.CheckConstraint(condition=Q(severity__in=[*SEVERITIES]), name="sanction_severity_is_known"),
            models.CheckConstraint(
                condition=Q(lifted_on__isnull=True) | ~Q(lifted_reason=""), name="sanction_lifting_has_a_reason"
            ),
            models.CheckConstraint(condition=Q(kind__in=[*MEASURES]), name="sanction_kind_is_known"),
            models.CheckConstraint(
                condition=Q(case__isnull=False) | Q(kind=Kind.BAN.value, entered_by__isnull=False),
                name="sanction_without_a_case_is_a_ban_by_a_person",
            ),
            ExclusionConstraint(
                name="sanctions_of_a_subject_do_not_overlap",
                expressions=(
                    ("subject", RangeOperators.EQUAL),
                    (Coalesce("case", 0), RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    (DateRange("holds_from", "holds_until"), RangeOperators.OVERLAPS),
                ),
                condition=Q(lifted_on__isnull=True),
            ),
        )
        indexes = (
            models.Index(fields=["holds_until"], condition=Q(end_noted_at=None), name="sanction_end_to_note"),
            models.Index(fields=["subject", "kind"], name="sanction_of_subject"),
        )
        triggers = (
            pgtrigger.Protect(name="sanction_is_kept", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="sanction_of_a_case_was_found_and_served",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Condition("NEW.case_id IS NOT NULL"),
                func=FOUND_AND_SERVED,
            ),
        )

    def __str__(self) -> str:
        return f"{self.subject} {self.holds_from} – {self.holds_until}"

    def holds(self, on: date) -> bool:
        """Whether it holds on the day."""
        ends = self.ends_on()
        return self.holds_from <= on and (ends is None or on < ends)

    def ends_on(self) -> date | None:
        """The first day on which it no longer holds; None while that is not known."""
        days = [day for day in (self.holds_until, self.lifted_on) if day]
        return min(days, default=None)

    @property
    def record_key(self) -> str:
        """The name of the record of this subject in this case, in everything that is told to others; empty for a ban by
        hand, which is told to nobody.
        """
        return f"{self.case.number}-{self.subject_id}" if self.case else ""
