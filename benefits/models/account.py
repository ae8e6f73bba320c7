"""The rent ledger: accounts, and entries in double entry that only grow.

An entry moves one amount from a book to another, so that the ledger balances by its shape; what was wrong is taken back
by an entry of its own.
"""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from benefits.ledger_querysets import AccountQuerySet, EntryQuerySet
from bureau.models import Staff, append_only, asks_first, changes_only, kept


class Book(models.TextChoices):
    """Where money stands."""

    # Translators: 应收租金
    RECEIVABLE = "receivable", _("Rent receivable")
    # Translators: 租金收入
    INCOME = "income", _("Rent income")
    # Translators: 财政专户
    TREASURY = "treasury", _("Treasury account")
    # Translators: 核销
    WAIVED = "waived", _("Rent waived")


# Nobody owes when it is closed, and it stays closed.
CLOSES_EVEN = """
IF OLD.closed_on IS NULL AND NEW.closed_on IS NOT NULL AND EXISTS (
    SELECT 1 FROM benefits_entry e WHERE e.account_id = NEW.id HAVING sum(
        CASE 'receivable' WHEN e.debit THEN e.amount WHEN e.credit THEN -e.amount ELSE 0 END
    ) <> 0
) THEN
    RAISE EXCEPTION 'an account closes when nothing is owed on it' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""
# The row lock keeps the account from being closed meanwhile.
ACCOUNT_IS_OPEN = """
PERFORM 1 FROM benefits_account a
WHERE a.id = NEW.account_id AND a.closed_on IS NULL AND a.opened_on <= NEW.on FOR SHARE;
IF NOT FOUND THEN
    RAISE EXCEPTION 'an entry wants an account that is open on its day' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""
# A month is billed anew, and the bank's number posted anew, perhaps on another account, once the former was taken back.
# The first time is held by the unique constraints alone, which costs bills in bulk nothing.
ENTERED_ONCE = """
IF NEW.kind = 'bill' AND NEW.turn > 1 AND NEW.turn <> 1 + (
    SELECT count(*) FROM benefits_entry e JOIN benefits_entry r ON r.reverses_id = e.id
    WHERE e.account_id = NEW.account_id AND e.kind = 'bill' AND e.month = NEW.month
) THEN
    RAISE EXCEPTION 'a month is billed once'
        USING ERRCODE = 'unique_violation', CONSTRAINT = 'entry_bills_a_month_once';
END IF;
IF NEW.kind IN ('payment', 'recovery', 'refund') AND NEW.turn > 1 AND NEW.turn <> 1 + (
    SELECT count(*) FROM benefits_entry e JOIN benefits_entry r ON r.reverses_id = e.id
    WHERE e.kind IN ('payment', 'recovery', 'refund') AND e.reference = NEW.reference
) THEN
    RAISE EXCEPTION 'a reference is posted once'
        USING ERRCODE = 'unique_violation', CONSTRAINT = 'entry_reference_is_posted_once';
END IF;
RETURN NEW;
"""
MIRRORS = """
IF NEW.kind = 'reversal' AND NOT EXISTS (
    SELECT 1 FROM benefits_entry e WHERE e.id = NEW.reverses_id AND e.kind <> 'reversal'
      AND (e.account_id, e.amount, e.debit, e.credit) = (NEW.account_id, NEW.amount, NEW.credit, NEW.debit)
) THEN
    RAISE EXCEPTION 'a reversal mirrors what it takes back' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""

# What every entry of a statement brings into the receivables, by account; in the order of accounts, so that two
# statements wait for each other and never both.
KEEPS_BALANCES = """
INSERT INTO benefits_balance (account_id, owed)
SELECT account_id, sum(CASE 'receivable' WHEN debit THEN amount WHEN credit THEN -amount ELSE 0 END)
FROM entered GROUP BY account_id ORDER BY account_id
ON CONFLICT (account_id) DO UPDATE SET owed = benefits_balance.owed + excluded.owed;
RETURN NULL;
"""


class Account(models.Model):
    """What one tenancy owes and has paid."""

    number = models.CharField(_("number"), max_length=20, unique=True)
    office_code = models.CharField(max_length=12)
    opened_on = models.DateField(pgettext_lazy("account", "opened on"))
    closed_on = models.DateField(_("closed on"), null=True)

    objects = AccountQuerySet.as_manager()

    class Meta:
        # Translators: 租金账户
        verbose_name = _("rent account")
        verbose_name_plural = _("rent accounts")
        ordering = ("number",)
        constraints = (
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                name="account_closes_after_it_opens",
            ),
        )
        indexes = (
            models.Index(fields=["office_code"], name="account_office_prefix", opclasses=["varchar_pattern_ops"]),
        )
        triggers = (
            kept("account_is_kept"),
            changes_only("account_only_closes", "closed_on"),
            pgtrigger.Trigger(
                name="account_closes_even", when=pgtrigger.Before, operation=pgtrigger.Update, func=CLOSES_EVEN
            ),
        )

    def __str__(self) -> str:
        return self.number


class Entry(models.Model):
    """One amount, from the book it leaves (`credit`) to the book it enters (`debit`)."""

    class Kind(models.TextChoices):
        """What for."""

        # Translators: 应收租金账单
        BILL = "bill", _("Rent bill")
        PAYMENT = "payment", _("Payment")
        # Translators: 追缴
        RECOVERY = "recovery", _("Recovered")
        # Translators: 减免、核销
        WAIVER = "waiver", _("Waived")
        REFUND = "refund", _("Refund")
        # Translators: 冲正
        REVERSAL = "reversal", _("Reversal")

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="entries", db_index=False)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    debit = models.CharField(max_length=10, choices=Book)
    credit = models.CharField(max_length=10, choices=Book)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    on = models.DateField(_("day"))
    month = models.DateField(_("month"), null=True)  # of a bill: its first day
    due_on = models.DateField(_("due on"), null=True)  # of a bill
    turn = models.PositiveSmallIntegerField(default=1)  # 2 when the first was taken back
    reference = models.CharField(pgettext_lazy("payment", "reference"), max_length=60, blank=True)  # the bank's number
    note = models.CharField(_("reason"), max_length=200, blank=True)
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")  # null: the system

    objects = EntryQuerySet.as_manager()

    class Meta:
        # Translators: 分录
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        ordering = ("on", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=["bill", "payment", "recovery", "waiver", "refund", "reversal"]),
                name="entry_kind_is_known",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="entry_amount_is_positive"),
            models.CheckConstraint(
                condition=Q(kind="bill", debit="receivable", credit="income")
                | Q(kind__in=["payment", "recovery"], debit="treasury", credit="receivable")
                | Q(kind="waiver", debit="waived", credit="receivable")
                | Q(kind="refund", debit="receivable", credit="treasury")
                | Q(kind="reversal") & ~Q(debit=F("credit")),
                name="entry_moves_between_its_books",
            ),
            models.CheckConstraint(
                condition=Q(kind="bill", month__isnull=False, month__day=1, due_on__gte=F("month"))
                | ~Q(kind="bill") & Q(month__isnull=True, due_on__isnull=True),
                name="entry_has_a_month_when_it_bills",
            ),
            models.CheckConstraint(
                condition=Q(turn__gte=1) & (~Q(kind__in=["waiver", "reversal"]) | Q(turn=1)),
                name="entry_turn_counts_what_was_taken_back",
            ),
            models.CheckConstraint(
                condition=Q(kind="reversal", reverses__isnull=False) | ~Q(kind="reversal") & Q(reverses__isnull=True),
                name="entry_reverses_when_it_is_a_reversal",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["waiver", "reversal"]) | ~Q(note=""), name="entry_gives_the_reason"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["payment", "recovery", "refund"]) | ~Q(reference=""),
                name="entry_of_money_has_a_reference",
            ),
            models.UniqueConstraint(
                fields=["account", "month", "turn"], condition=Q(kind="bill"), name="entry_bills_a_month_once"
            ),
            models.UniqueConstraint(
                fields=["reference", "turn"],
                condition=Q(kind__in=["payment", "recovery", "refund"]),
                name="entry_reference_is_posted_once",
            ),
        )
        indexes = (
            # All that a sum over an account asks.
            models.Index(
                fields=["account"],
                include=["kind", "debit", "credit", "amount", "month", "due_on", "id"],
                name="entry_of_account",
            ),
            models.Index(
                fields=["due_on"], include=["account", "amount", "id"], condition=Q(kind="bill"), name="entry_bill_due"
            ),
            models.Index(fields=["reverses"], condition=Q(reverses__isnull=False), name="entry_taken_back"),
            models.Index(fields=["on"], condition=Q(kind="recovery"), name="entry_recovered"),
        )
        triggers = (
            append_only("entry_is_kept"),
            asks_first("entry_wants_an_open_account", ACCOUNT_IS_OPEN),
            asks_first("entry_is_entered_once", ENTERED_ONCE),
            asks_first("entry_mirrors", MIRRORS),
            pgtrigger.Trigger(
                name="entry_keeps_balances",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="entered"),  # type: ignore[no-untyped-call]
                func=KEEPS_BALANCES,
            ),
        )

    def __str__(self) -> str:
        return f"{self.account} {self.get_kind_display()} {self.amount}"


class Balance(models.Model):
    """What is owed on an account, kept by the database with every entry and by nobody else.

    For lists over all accounts: it finds whom to look at, as an index does, and says in the list what is owed. What is
    told of one account, and what follows from it, is summed from the entries.
    """

    account = models.OneToOneField(Account, on_delete=models.PROTECT, primary_key=True, related_name="balance")
    owed = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta:
        # Translators: 租金账户余额
        verbose_name = _("balance of a rent account")
        verbose_name_plural = _("balances of rent accounts")
        triggers = (
            pgtrigger.Protect(
                name="balance_follows_the_entries",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Condition("pg_trigger_depth() = 0"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.account} {self.owed}"


# From which book to which, by kind: (debit, credit). A reversal mirrors what it takes back.
BOOKS_OF = {
    Entry.Kind.BILL: (Book.RECEIVABLE, Book.INCOME),
    Entry.Kind.PAYMENT: (Book.TREASURY, Book.RECEIVABLE),
    Entry.Kind.RECOVERY: (Book.TREASURY, Book.RECEIVABLE),
    Entry.Kind.WAIVER: (Book.WAIVED, Book.RECEIVABLE),
    Entry.Kind.REFUND: (Book.RECEIVABLE, Book.TREASURY),
}
