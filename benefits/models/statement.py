"""Statements of the bank, as imported: every line, and what became of it."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from benefits.models.account import Account, Entry
from bureau.models import Staff, append_only, kept

# A line that was posted on the wrong account waits again once its entry was taken back; nothing else is settled twice.
SETTLED_ONCE = """
IF OLD.state = 'waiting' OR (OLD.state = 'posted' AND EXISTS (
    SELECT 1 FROM benefits_entry r WHERE r.reverses_id = OLD.entry_id
)) THEN
    IF (OLD.statement_id, OLD.row, OLD.on, OLD.amount, OLD.payer, OLD.remark, OLD.reference)
       = (NEW.statement_id, NEW.row, NEW.on, NEW.amount, NEW.payer, NEW.remark, NEW.reference) THEN
        RETURN NEW;
    END IF;
END IF;
RAISE EXCEPTION 'a line of a statement is settled once' USING ERRCODE = 'check_violation';
"""


class Statement(models.Model):
    """One file of the bank about its account of ours, taken whole."""

    number = models.CharField(_("number"), max_length=20, unique=True)
    bank = models.CharField(_("bank"), max_length=60)
    account = models.CharField(_("bank account"), max_length=40)
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"))
    lines_count = models.PositiveIntegerField(_("lines"))
    total = models.DecimalField(_("sum"), max_digits=14, decimal_places=2)
    digest = models.CharField(max_length=64, unique=True)  # SM3 of the file
    file_name = models.CharField(_("file"), max_length=200)
    at = models.DateTimeField(_("brought in"), default=timezone.now)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta:
        # Translators: 银行对账单
        verbose_name = _("bank statement")
        verbose_name_plural = _("bank statements")
        ordering = ("-at", "-pk")
        constraints = (
            models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="bank_statement_has_a_period"),
            models.CheckConstraint(condition=Q(total__gt=0, lines_count__gt=0), name="bank_statement_has_lines"),
        )
        triggers = (append_only("bank_statement_is_kept"),)

    def __str__(self) -> str:
        return self.number


class StatementLine(models.Model):
    """One receipt of money: posted on an account, or waiting for a person, who ends it with a reason."""

    class State(models.TextChoices):
        """What became of it."""

        # Translators: 已入账
        POSTED = "posted", pgettext_lazy("statement line", "Posted")
        # Translators: 待处理
        WAITING = "waiting", pgettext_lazy("statement line", "Waiting for a person")
        # Translators: 与租金无关
        IGNORED = "ignored", pgettext_lazy("statement line", "No rent")
        # Translators: 已退回付款人
        RETURNED = "returned", pgettext_lazy("statement line", "Returned to the payer")

    class Why(models.TextChoices):
        """Why it waits."""

        NONE = "", "--"
        # Translators: 未匹配到租赁
        UNMATCHED = "unmatched", _("No tenancy fits")
        # Translators: 同时匹配多个租赁
        SEVERAL = "several", _("More than one tenancy fits")
        # Translators: 账户已结清销户
        CLOSED = "closed", _("The account is closed")
        # Translators: 流水号已入账
        KNOWN = "known", _("This reference has been posted already")
        # Translators: 早于开户日
        EARLY = "early", _("Paid before the account was opened")

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="lines")
    row = models.PositiveIntegerField(_("row"))  # of the file
    on = models.DateField(_("day"))
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    payer = models.CharField(_("payer"), max_length=100)
    remark = models.CharField(_("remark"), max_length=200, blank=True)
    reference = models.CharField(pgettext_lazy("payment", "reference"), max_length=60)
    state = models.CharField(_("state"), max_length=8, choices=State)
    why = models.CharField(_("why it waits"), max_length=9, choices=Why, blank=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="lines")
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, null=True, related_name="line")
    note = models.CharField(_("reason"), max_length=200, blank=True)
    settled_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        # Translators: 对账单明细
        verbose_name = _("line of a bank statement")
        verbose_name_plural = _("lines of bank statements")
        ordering = ("-statement_id", "row")
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=["posted", "waiting", "ignored", "returned"]), name="line_state_is_known"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="line_amount_is_positive"),
            models.CheckConstraint(
                condition=Q(state="posted", entry__isnull=False, account__isnull=False) | ~Q(state="posted"),
                name="line_posted_has_an_entry",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", why__in=["unmatched", "several", "closed", "known", "early"])
                | ~Q(state="waiting"),
                name="line_waits_for_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["ignored", "returned"])
                | ~Q(note="") & Q(settled_by__isnull=False, settled_at__isnull=False),
                name="line_ended_by_a_person_with_a_reason",
            ),
            models.UniqueConstraint(fields=["statement", "row"], name="line_is_taken_once"),
            models.UniqueConstraint(fields=["statement", "reference"], name="line_has_a_reference_of_its_own"),
        )
        indexes = (models.Index(fields=["state", "on"], name="line_of_state"),)
        triggers = (
            kept("line_is_kept"),
            pgtrigger.Trigger(
                name="line_is_settled_once",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.* IS DISTINCT FROM NEW.*"),
                func=SETTLED_ONCE,
            ),
        )

    def __str__(self) -> str:
        return f"{self.statement} {self.row}"
