"""Arrears that a household pays off in instalments. Whether it is kept is worked out from the days and the ledger."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from benefits.models.account import Account
from bureau.models import Staff, append_only, changes_only, kept


class Plan(models.Model):
    """An agreement over what was overdue on its day (分期缴纳协议). Its state: `plans.states_of`."""

    number = models.CharField(_("number"), max_length=20, unique=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="plans")
    agreed_on = models.DateField(_("agreed on"))
    total = models.DecimalField(_("arrears covered"), max_digits=14, decimal_places=2)
    after = models.BigIntegerField(default=0)  # the newest entry that the total reckons with; what follows pays it off
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    cancelled_on = models.DateField(_("cancelled on"), null=True)
    cancelled_because = models.CharField(_("reason"), max_length=200, blank=True)
    over_on = models.DateField(null=True)  # the sweep has noted in the timeline how it ended

    class Meta:
        # Translators: 分期缴纳协议
        verbose_name = _("instalment plan")
        verbose_name_plural = _("instalment plans")
        ordering = ("-agreed_on", "-pk")
        constraints = (
            models.CheckConstraint(condition=Q(total__gt=0), name="plan_is_over_arrears"),
            models.CheckConstraint(
                condition=Q(cancelled_on__isnull=True, cancelled_because="")
                | Q(cancelled_on__gte=F("agreed_on")) & ~Q(cancelled_because=""),
                name="plan_is_cancelled_with_a_reason",
            ),
        )
        triggers = (
            kept("plan_is_kept"),
            changes_only("plan_is_only_ended", "cancelled_on", "cancelled_because", "over_on"),
        )

    def __str__(self) -> str:
        return self.number


class Instalment(models.Model):
    """What is to be paid by a day, besides the rent that goes on."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="instalments")
    due_on = models.DateField(_("due on"))
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)

    class Meta:
        # Translators: 分期
        verbose_name = _("instalment")
        verbose_name_plural = _("instalments")
        ordering = ("-plan_id", "due_on")
        constraints = (
            models.CheckConstraint(condition=Q(amount__gt=0), name="instalment_is_some_money"),
            models.UniqueConstraint(fields=["plan", "due_on"], name="instalment_is_due_on_a_day_of_its_own"),
        )
        triggers = (append_only("instalment_is_kept"),)

    def __str__(self) -> str:
        return f"{self.plan} {self.due_on}: {self.amount}"
