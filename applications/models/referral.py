"""A confirmed finding referred to the registry: which one, as which lead, by whom."""

import pgtrigger
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application
from bureau.models import Staff, append_only
from credit.models import Lead
from verification.models import Finding

# What a source told is a finding; a finding is a lead once the person has confirmed it whom the lead names, and while
# no objection to its result is open. The registry does not know findings and the check centre no leads, so it is held
# here.
CONFIRMED_BY_A_PERSON = """
IF NOT EXISTS (
    SELECT 1 FROM verification_finding f
    WHERE f.id = substring(NEW.origin FROM '^finding:([0-9]{1,18})$')::bigint
      AND f.state = 'confirmed' AND f.gone_at IS NULL AND f.settled_by_id = NEW.confirmed_by_id
) THEN
    RAISE EXCEPTION 'a lead of a finding wants the finding that this person has confirmed' USING ERRCODE =
    'check_violation';
END IF;
RETURN NULL;
"""
OF_A_CONCLUDED_CHECK = """
IF NOT EXISTS (
    SELECT 1 FROM verification_finding f
    JOIN verification_check k ON k.id = f.check_ordered_id
    JOIN verification_conclusion c ON c.check_ordered_id = k.id
    JOIN applications_application a ON a.id = NEW.application_id AND a.current_check_id = k.id
    JOIN credit_lead l ON l.id = NEW.lead_id AND l.kind = 'finding' AND l.origin = 'finding:' || f.id
    WHERE f.id = NEW.finding_id AND f.state = 'confirmed' AND f.gone_at IS NULL AND k.status = 'concluded'
      AND NOT EXISTS (
          SELECT 1 FROM verification_objection o
          WHERE o.subject = k.subject AND o.status IN ('received', 'rechecking')
      )
) THEN
    RAISE EXCEPTION 'only a confirmed finding of the check that the case rests on is referred, and no objected one'
        USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class Referral(models.Model):
    """A confirmed finding of a concluded check that somebody referred to the registry (移送): once, for good."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="referrals")
    finding = models.OneToOneField(Finding, on_delete=models.PROTECT, related_name="referral")
    lead = models.OneToOneField(Lead, on_delete=models.PROTECT, related_name="referral")
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("referral")
        verbose_name_plural = _("referrals")
        ordering = ("at", "pk")
        triggers = (
            append_only("referral_is_kept"),
            pgtrigger.Trigger(
                name="referral_is_of_a_confirmed_finding",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=OF_A_CONCLUDED_CHECK,
            ),
        )

    def __str__(self) -> str:
        return f"{self.application} → {self.lead}"


class FindingLead(Lead):
    """A lead that comes from a finding. The registry keeps it; what a finding is, this floor knows."""

    class Meta:
        proxy = True
        verbose_name = _("lead")
        verbose_name_plural = _("leads")
        triggers = (
            # After the row's own constraints, which say first what the registry itself can tell.
            pgtrigger.Trigger(
                name="lead_of_a_finding_rests_on_it",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("kind", "origin", "confirmed_by_id"),  # type: ignore[no-untyped-call]
                condition=pgtrigger.Condition("NEW.kind = 'finding'"),
                func=CONFIRMED_BY_A_PERSON,
            ),
        )
