"""A household that rents on the market and is paid a subsidy."""

from datetime import date, timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from applications.models import Application
from benefits.querysets import GrantQuerySet
from bureau.fields import ProtectedTextField
from bureau.models import Staff, append_only, kept

LIVE = ("awaiting", "running", "stopped")


class Grant(models.Model):
    """A household's monthly subsidy, from the approval to its end."""

    class Status(models.TextChoices):
        """Where it stands."""

        # Translators: 待登记收款账户
        AWAITING = "awaiting", _("Bank account to come")
        # Translators: 发放中
        RUNNING = "running", pgettext_lazy("subsidy", "Paid every month")
        # Translators: 停发
        STOPPED = "stopped", pgettext_lazy("subsidy", "Stopped")
        # Translators: 已终止
        ENDED = "ended", pgettext_lazy("subsidy", "Ended")

    number = models.CharField(_("number"), max_length=20, unique=True)
    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="subsidy")
    office_code = models.CharField(max_length=12)
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.AWAITING)
    status_since = models.DateTimeField(default=timezone.now)
    granted_on = models.DateField(_("granted on"))
    payee = models.CharField(_("payee"), max_length=60)
    bank = models.CharField(_("bank"), max_length=60, blank=True)
    bank_account = ProtectedTextField(_("bank account"), blank=True)
    rent_paid = models.DecimalField(_("rent on the market"), max_digits=10, decimal_places=2, null=True)
    paid_from = models.DateField(null=True)  # the first month that is paid for
    stopped_from = models.DateField(null=True)  # the first month that is no longer paid for

    objects = GrantQuerySet.as_manager()

    class Meta:
        # Translators: 租赁补贴
        verbose_name = pgettext_lazy("granted", "rental subsidy")
        verbose_name_plural = pgettext_lazy("granted", "rental subsidies")
        ordering = ("-granted_on", "-pk")
        constraints = (
            models.CheckConstraint(condition=Q(status__in=[*LIVE, "ended"]), name="grant_status_is_known"),
            models.CheckConstraint(
                condition=~Q(status="running") | Q(paid_from__isnull=False) & ~Q(bank=""),
                name="grant_running_has_an_account",
            ),
            models.CheckConstraint(
                condition=(Q(paid_from__isnull=True) | Q(paid_from__day=1))
                & (Q(stopped_from__isnull=True) | Q(stopped_from__day=1)),
                name="grant_is_of_whole_months",
            ),
        )
        indexes = (
            models.Index(fields=["office_code"], name="grant_office_prefix", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["status", "granted_on"], name="grant_of_status"),
        )
        triggers = (kept("grant_is_kept"),)

    def __str__(self) -> str:
        return self.number


class SubsidyTerm(models.Model):
    """The monthly amount from a month on, with the working. The newest one of a month counts."""

    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="terms")
    from_month = models.DateField(_("from"))  # first day of the month
    amount = models.DecimalField(_("subsidy a month"), max_digits=10, decimal_places=2)
    working = models.JSONField(default=list)  # of rent.Sum: [name, value]
    standard = models.CharField(max_length=60)  # code of the standard
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        # Translators: 补贴标准记录
        verbose_name = _("amount of a subsidy")
        verbose_name_plural = _("amounts of subsidies")
        ordering = ("-grant_id", "-from_month", "-pk")
        constraints = (
            models.CheckConstraint(condition=Q(amount__gte=0, from_month__day=1), name="subsidy_is_of_whole_months"),
        )
        indexes = (models.Index(fields=["grant", "from_month"], name="subsidy_term_of_grant"),)
        triggers = (append_only("subsidy_term_is_kept"),)

    def __str__(self) -> str:
        return f"{self.grant} {self.from_month:%Y-%m}: {self.amount}"


class SubsidyPause(models.Model):
    """Months that stay unpaid between a stop and its end. What was due before the stop is due still."""

    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="pauses")
    from_month = models.DateField()  # the first that is left out
    until_month = models.DateField()  # the first that is paid again
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        # Translators: 补贴停发期间
        verbose_name = _("pause of a subsidy")
        verbose_name_plural = _("pauses of subsidies")
        ordering = ("from_month", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(from_month__day=1, until_month__day=1, until_month__gt=models.F("from_month")),
                name="subsidy_pause_is_of_whole_months",
            ),
        )
        triggers = (append_only("subsidy_pause_is_kept"),)

    def __str__(self) -> str:
        return f"{self.grant} {self.from_month:%Y-%m} - {self.last_month:%Y-%m}"

    @property
    def last_month(self) -> date:
        """The last that is left out, by its first day."""
        return (self.until_month - timedelta(days=1)).replace(day=1)
