"""A household in arrears that was reminded, and what came of it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from benefits.models.tenancy import Tenancy
from bureau.models import Document, changes_only, kept


class Reminder(models.Model):
    """One time of arrears: reminded once, referred once, over when nothing is overdue any more."""

    tenancy = models.ForeignKey(Tenancy, on_delete=models.PROTECT, related_name="reminders")
    since = models.DateField(_("overdue since"))  # the oldest bill on the day of the reminder
    on = models.DateField(_("reminded on"))
    months = models.PositiveSmallIntegerField(_("months"))
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    letter = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")
    referred_on = models.DateField(_("referred on"), null=True)
    lead = models.CharField(_("lead"), max_length=20, blank=True)  # its number
    paid_on = models.DateField(_("nothing overdue since"), null=True)

    class Meta:
        # Translators: 催缴记录
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ("-on", "-pk")
        constraints = (
            models.CheckConstraint(condition=Q(amount__gt=0, months__gt=0), name="reminder_is_of_arrears"),
            models.CheckConstraint(condition=Q(on__gt=F("since")), name="reminder_comes_after_the_last_day"),
            models.CheckConstraint(
                condition=Q(referred_on__isnull=True, lead="") | Q(referred_on__gte=F("on")) & ~Q(lead=""),
                name="reminder_is_referred_by_a_lead",
            ),
            models.CheckConstraint(
                condition=Q(paid_on__isnull=True) | Q(paid_on__gte=F("on")), name="reminder_is_paid_after_it"
            ),
            models.UniqueConstraint(
                fields=["tenancy"], condition=Q(paid_on__isnull=True), name="tenancy_is_reminded_once_at_a_time"
            ),
        )
        triggers = (
            kept("reminder_is_kept"),
            changes_only("reminder_is_only_followed", "letter_id", "referred_on", "lead", "paid_on"),
        )

    def __str__(self) -> str:
        return f"{self.tenancy} {self.on}"
