"""A dismissal taken back: the finding counts again, and a person settles it anew."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bureau.models import Staff, append_only
from verification.models.check import Check
from verification.models.finding import Finding

MAY_BE_TAKEN_BACK = """
IF NOT EXISTS (SELECT 1 FROM verification_finding WHERE id = NEW.finding_id AND state = 'dismissed') THEN
    RAISE EXCEPTION 'only a dismissal is taken back' USING ERRCODE = 'check_violation';
END IF;
IF NOT EXISTS (
    SELECT 1 FROM verification_check c
    JOIN verification_finding f ON f.id = NEW.finding_id
    JOIN verification_check own ON own.id = f.check_ordered_id AND own.subject = c.subject
    WHERE c.id = NEW.within_id AND c.status = 'assessed' AND c.id >= own.id AND NEW.by_id <> ALL (c.kept_away)
) THEN
    RAISE EXCEPTION 'a dismissal is taken back in an assessed check of the same case, by nobody who keyed it'
    USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class Reopening(models.Model):
    """Who took a dismissal back, why, and in which check of the case. What was said of the finding stays as it was.

    From then on no assessment sets the finding aside; where the answers still hold it, it is to be settled anew.
    """

    finding = models.OneToOneField(Finding, on_delete=models.PROTECT, related_name="reopening")
    within = models.ForeignKey(Check, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    reason = models.TextField()

    class Meta:
        verbose_name = _("dismissal taken back")
        verbose_name_plural = _("dismissals taken back")
        constraints = (models.CheckConstraint(condition=~Q(reason=""), name="reopening_has_a_reason"),)
        triggers = (
            append_only("reopening_is_append_only"),
            pgtrigger.Trigger(
                name="reopening_takes_back_a_dismissal",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=MAY_BE_TAKEN_BACK,
            ),
        )

    def __str__(self) -> str:
        return f"{self.finding}: {self.at:%Y-%m-%d}"
