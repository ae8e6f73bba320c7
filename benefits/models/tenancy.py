"""A household in a home: the contracts, the rent from month to month, and how it ends."""

from datetime import timedelta

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from applications.models import Application
from benefits.models.account import Account
from benefits.models.home import Home
from benefits.models.turn import Offer
from benefits.querysets import TenancyQuerySet
from bureau.models import Document, Staff, append_only, changes_only, kept

LIVE = ("signed", "running", "ordered", "court")  # the household holds the home
FIVE_YEARS = timedelta(days=5 * 365 + 2)  # 公共租赁住房管理办法, art. 18: a contract is of five years at most

# Who has given the home back, and owes nothing, is done with; never before.
ENDS_EVEN = """
IF NEW.status = 'ended' AND OLD.status <> 'ended' AND EXISTS (
    SELECT 1 FROM benefits_account a WHERE a.id = NEW.account_id AND a.closed_on IS NULL
) THEN
    RAISE EXCEPTION 'a tenancy ends with a closed account' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class Tenancy(models.Model):
    """A household's right to one home, from the contract to the closed account."""

    class Status(models.TextChoices):
        """Where it stands."""

        # Translators: 已签约待交房
        SIGNED = "signed", _("Signed, to be handed over")
        # Translators: 在租
        RUNNING = "running", _("Tenancy running")
        # Translators: 已责令腾退
        ORDERED = "ordered", _("Ordered to leave")
        # Translators: 诉讼、执行中
        COURT = "court", _("Before the court")
        # Translators: 已退房待结清
        RETURNED = "returned", _("Home given back, account to be settled")
        # Translators: 已终止
        ENDED = "ended", pgettext_lazy("tenancy", "Ended")

    number = models.CharField(_("number"), max_length=20, unique=True)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="tenancies")
    offer = models.OneToOneField(Offer, on_delete=models.PROTECT, related_name="tenancy")
    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="tenancies", verbose_name=_("home"))
    account = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="tenancy")
    office_code = models.CharField(max_length=12)
    tenant_name = models.CharField(_("tenant"), max_length=60)
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.SIGNED)
    status_since = models.DateTimeField(default=timezone.now)
    signed_on = models.DateField(_("signed on"))
    handed_over_on = models.DateField(_("handed over on"), null=True)
    given_back_on = models.DateField(_("given back on"), null=True)
    billed_until = models.DateField(null=True)  # the first day of the newest month that was billed

    objects = TenancyQuerySet.as_manager()

    class Meta:
        # Translators: 租赁
        verbose_name = _("tenancy")
        verbose_name_plural = _("tenancies")
        ordering = ("-signed_on", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(status__in=[*LIVE, "returned", "ended"]), name="tenancy_status_is_known"
            ),
            models.UniqueConstraint(fields=["home"], condition=Q(status__in=LIVE), name="home_has_one_live_tenancy"),
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(status__in=[*LIVE, "returned"]),
                name="household_has_one_live_tenancy",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["signed", "ended"]) | Q(handed_over_on__isnull=False),
                name="tenancy_runs_from_the_handover",
            ),
            models.CheckConstraint(
                condition=Q(handed_over_on__isnull=True) | Q(handed_over_on__gte=F("signed_on")),
                name="tenancy_is_handed_over_after_signing",
            ),
            models.CheckConstraint(
                condition=Q(given_back_on__isnull=True) | Q(given_back_on__gte=F("handed_over_on")),
                name="tenancy_is_given_back_after_the_handover",
            ),
            models.CheckConstraint(
                condition=~Q(status="returned") | Q(given_back_on__isnull=False), name="tenancy_returned_has_a_day"
            ),
        )
        indexes = (
            models.Index(fields=["office_code"], name="tenancy_office_prefix", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["status", "signed_on"], name="tenancy_of_status"),
            models.Index(fields=["given_back_on"], name="tenancy_given_back"),
        )
        triggers = (
            kept("tenancy_is_kept"),
            pgtrigger.Trigger(
                name="tenancy_ends_even", when=pgtrigger.Before, operation=pgtrigger.Update, func=ENDS_EVEN
            ),
        )

    def __str__(self) -> str:
        return self.number


class Contract(models.Model):
    """The lease of a tenancy, of five years at most; a renewal is another one."""

    number = models.CharField(_("number"), max_length=20, unique=True)
    tenancy = models.ForeignKey(Tenancy, on_delete=models.PROTECT, related_name="contracts")
    begins_on = models.DateField(_("begins on"))
    ends_on = models.DateField(_("ends on"))
    deposit = models.DecimalField(_("deposit"), max_digits=10, decimal_places=2, null=True)
    letter = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta:
        # Translators: 租赁合同
        verbose_name = _("lease")
        verbose_name_plural = _("leases")
        ordering = ("-tenancy_id", "-begins_on")
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("begins_on"), ends_on__lte=F("begins_on") + FIVE_YEARS),
                name="lease_is_of_five_years_at_most",
            ),
            models.UniqueConstraint(fields=["tenancy", "begins_on"], name="lease_begins_once"),
        )
        indexes = (models.Index(fields=["ends_on"], name="lease_ends"),)
        triggers = (kept("lease_is_kept"), changes_only("lease_does_not_change", "letter_id"))

    def __str__(self) -> str:
        return self.number


class RentTerm(models.Model):
    """The monthly rent from a month on, with the working. The newest one of a month counts."""

    class Kind(models.TextChoices):
        """Why from then on."""

        CONTRACT = "contract", _("By the contract")
        REVIEW = "review", _("After a review")
        # Translators: 腾退过渡期、逾期占用
        LEAVING = "leaving", _("While the household leaves")

    tenancy = models.ForeignKey(Tenancy, on_delete=models.PROTECT, related_name="rents")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    from_month = models.DateField(_("from"))  # first day of the month
    amount = models.DecimalField(_("rent a month"), max_digits=10, decimal_places=2)
    working = models.JSONField(default=list)  # of rent.Sum: [name, value]
    standard = models.CharField(max_length=60)  # code of the standard
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        # Translators: 租金标准记录
        verbose_name = _("rent of a tenancy")
        verbose_name_plural = _("rents of tenancies")
        ordering = ("-tenancy_id", "-from_month", "-pk")
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=["contract", "review", "leaving"]), name="rent_kind_is_known"),
            models.CheckConstraint(condition=Q(amount__gte=0, from_month__day=1), name="rent_is_of_whole_months"),
        )
        indexes = (models.Index(fields=["tenancy", "from_month"], name="rent_of_tenancy"),)
        triggers = (append_only("rent_is_kept"),)

    def __str__(self) -> str:
        return f"{self.tenancy} {self.from_month:%Y-%m}: {self.amount}"
