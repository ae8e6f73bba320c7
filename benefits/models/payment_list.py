"""Subsidies of a month as the bank is told to pay them, and what the bank answered."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from benefits.models.subsidy import Grant
from benefits.querysets import PaymentListQuerySet
from bureau.fields import ProtectedTextField
from bureau.models import Staff, append_only, changes_only, kept


class PaymentList(models.Model):
    """One list (补贴发放清册). A later one of a month has only what failed or was added."""

    class Status(models.TextChoices):
        """Where it stands."""

        # Translators: 待审核
        DRAFTED = "drafted", _("To be approved")
        # Translators: 已审核待发送
        APPROVED = "approved", pgettext_lazy("payment list", "Approved, to be sent")
        # Translators: 已发送银行
        SENT = "sent", _("Sent to the bank")
        # Translators: 银行已回执
        ANSWERED = "answered", _("Answered by the bank")
        # Translators: 已作废
        DROPPED = "dropped", pgettext_lazy("payment list", "Discarded")

    number = models.CharField(_("number"), max_length=20, unique=True)
    month = models.DateField(_("month"))
    turn = models.PositiveSmallIntegerField(_("list of the month"))
    office_code = models.CharField(max_length=12)
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.DRAFTED)
    status_since = models.DateTimeField(default=timezone.now)
    households = models.PositiveIntegerField(_("households"))
    persons = models.PositiveIntegerField(_("persons"))
    amount = models.DecimalField(_("sum"), max_digits=14, decimal_places=2)
    drafted_on = models.DateField(_("drafted on"))
    drafted_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    sent_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")

    objects = PaymentListQuerySet.as_manager()

    class Meta:
        # Translators: 补贴发放清册
        verbose_name = _("payment list")
        verbose_name_plural = _("payment lists")
        ordering = ("-month", "-turn")
        constraints = (
            models.CheckConstraint(
                condition=Q(status__in=["drafted", "approved", "sent", "answered", "dropped"]),
                name="payment_list_status_is_known",
            ),
            models.CheckConstraint(condition=Q(month__day=1, amount__gt=0), name="payment_list_is_of_a_month"),
            models.UniqueConstraint(fields=["month", "turn"], name="payment_list_has_a_turn"),
            models.CheckConstraint(
                condition=~Q(status__in=["approved", "sent", "answered"]) | Q(approved_by__isnull=False),
                name="payment_list_was_approved",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["sent", "answered"]) | Q(sent_by__isnull=False), name="payment_list_was_sent"
            ),
            models.CheckConstraint(
                condition=Q(sent_by__isnull=True) | ~Q(sent_by=models.F("approved_by")),
                name="payment_list_takes_two_persons",
            ),
        )
        triggers = (
            kept("payment_list_is_kept"),
            changes_only(
                "payment_list_keeps_its_sums",
                *("status", "status_since", "approved_by_id", "sent_by_id"),
                filled_in_once=False,
            ),
        )

    def __str__(self) -> str:
        return self.number


class PaymentRow(models.Model):
    """One month of one subsidy on a list."""

    class Outcome(models.TextChoices):
        """What the bank said."""

        OPEN = "", _("No answer yet")
        PAID = "paid", pgettext_lazy("subsidy", "Paid")
        FAILED = "failed", pgettext_lazy("subsidy", "Not paid")
        DROPPED = "dropped", pgettext_lazy("payment list", "Discarded")

    list = models.ForeignKey(PaymentList, on_delete=models.PROTECT, related_name="rows")
    place = models.PositiveIntegerField(_("no."))
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="payments")
    month = models.DateField(_("month"))
    amount = models.DecimalField(_("amount"), max_digits=10, decimal_places=2)
    payee = models.CharField(_("payee"), max_length=60)
    bank = models.CharField(_("bank"), max_length=60)
    bank_account = ProtectedTextField(_("bank account"))
    persons = models.PositiveSmallIntegerField(_("persons"))
    tier = models.CharField(_("tier"), max_length=40, blank=True)
    outcome = models.CharField(_("outcome"), max_length=7, choices=Outcome, default=Outcome.OPEN, blank=True)
    why = models.CharField(_("reason"), max_length=200, blank=True)
    answered_on = models.DateField(_("answered on"), null=True)

    class Meta:
        # Translators: 发放明细
        verbose_name = _("row of a payment list")
        verbose_name_plural = _("rows of payment lists")
        ordering = ("-list_id", "place")
        constraints = (
            models.CheckConstraint(
                condition=Q(outcome__in=["", "paid", "failed", "dropped"]), name="payment_outcome_is_known"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0, month__day=1), name="payment_is_of_a_month"),
            models.CheckConstraint(condition=~Q(outcome="failed") | ~Q(why=""), name="payment_fails_for_a_reason"),
            models.UniqueConstraint(fields=["list", "place"], name="payment_has_its_place"),
            models.UniqueConstraint(
                fields=["grant", "month"], condition=Q(outcome__in=["", "paid"]), name="subsidy_is_paid_once_a_month"
            ),
        )
        triggers = (
            kept("payment_is_kept"),
            changes_only("payment_is_answered_once", "outcome", "why", "answered_on"),
        )

    def __str__(self) -> str:
        return f"{self.list} {self.place}"


class PaymentReceipt(models.Model):
    """The bank's answer to a list, as a file that was brought in whole."""

    list = models.OneToOneField(PaymentList, on_delete=models.PROTECT, related_name="receipt")
    digest = models.CharField(max_length=64, unique=True)  # SM3 of the file
    file_name = models.CharField(_("file"), max_length=200)
    at = models.DateTimeField(_("brought in"), default=timezone.now)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta:
        # Translators: 银行发放回执
        verbose_name = _("receipt of the bank")
        verbose_name_plural = _("receipts of the bank")
        ordering = ("-at",)
        triggers = (append_only("payment_receipt_is_kept"),)

    def __str__(self) -> str:
        return f"{self.list} {self.file_name}"
