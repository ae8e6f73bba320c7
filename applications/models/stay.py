"""How long a case lay at each desk: written by the database whenever a case goes on."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application
from applications.querysets import StayQuerySet
from bureau.models import append_only

SUMS_LOCK = 1_212_350_466  # of the advisory lock: stays that come late share it, who sums has it alone
# A stay that comes to a month of the past, so that its sums hold no longer. Those of this month are not summed yet.
COMES_LATE = """
PERFORM pg_advisory_xact_lock_shared(1212350466);
UPDATE applications_summedmonth SET calendar = '' WHERE month = date_trunc('month', NEW.left_on);
RETURN NULL;
"""


class Stay(models.Model):
    """A case at one desk, from the day on which it came there to the day on which it went on. What is typed at the
    window before a case is handed in is none.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="stays", db_index=False)
    stage = models.CharField(_("status"), max_length=12, choices=Application.Status)
    kind = models.CharField(_("kind"), max_length=20, choices=Application.Kind)
    office_code = models.CharField(max_length=12)
    entered_on = models.DateField(_("from"))
    left_on = models.DateField(_("until"))

    objects = StayQuerySet.as_manager()

    class Meta:
        # Translators: 环节用时
        verbose_name = _("time at a desk")
        verbose_name_plural = _("times at desks")
        ordering = ("-left_on", "-pk")
        constraints = (
            models.CheckConstraint(condition=Q(left_on__gte=F("entered_on")), name="stay_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(kind__in=["public_rental", "rental_subsidy"]), name="stay_kind_is_known"
            ),
        )
        indexes = (
            models.Index(
                fields=["left_on"], include=["stage", "entered_on", "office_code", "kind", "id"], name="stay_of_day"
            ),
        )
        triggers = (
            append_only("stay_is_kept"),
            pgtrigger.Trigger(
                name="stay_that_comes_late_undoes_sums",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Condition("NEW.left_on < date_trunc('month', CURRENT_DATE)"),
                func=COMES_LATE,
            ),
        )

    def __str__(self) -> str:
        return f"{self.application_id} {self.stage} {self.left_on}"
