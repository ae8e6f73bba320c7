"""What goes beyond the bureau: the lawyer's letter (律师函), and proceedings before courts and reviewing bodies."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bureau.fields import ProtectedTextField
from bureau.models import Document, Staff, append_only, kept
from credit.models.case import Case


class LawyersLetter(models.Model):
    """A demand by lawyers to do what is still left to be done, with its last day (clause B7)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="lawyers_letters")
    firm = models.CharField(_("law firm"), max_length=120)
    lawyer = models.CharField(_("lawyer"), max_length=60)
    telephone = models.CharField(_("telephone"), max_length=40)
    until = models.DateField(_("to be done until"))
    sent_on = models.DateField(_("sent on"))
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta:
        # Translators: 律师函
        verbose_name = _("lawyer's letter")
        verbose_name_plural = _("lawyer's letters")
        ordering = ("sent_on", "pk")
        constraints = (
            models.CheckConstraint(condition=Q(until__gt=F("sent_on")), name="lawyers_letter_leaves_time"),
            models.CheckConstraint(condition=~Q(firm="") & ~Q(lawyer=""), name="lawyers_letter_is_of_somebody"),
        )
        triggers = (append_only("lawyers_letter_is_kept"),)

    def __str__(self) -> str:
        return f"{self.case} · {self.firm}"


class Proceeding(models.Model):
    """A case before a court or a reviewing body: brought by the subject against the finding, or by the bureau against
    who does not do what is due.
    """

    class Kind(models.TextChoices):
        """Who is against whom."""

        # Translators: 行政复议
        RECONSIDERATION = "reconsideration", _("Reconsideration")
        # Translators: 行政诉讼
        LAWSUIT = "lawsuit", _("Lawsuit against the finding")
        # Translators: 民事起诉
        SUIT = "suit", _("Suit of the bureau")
        # Translators: 申请强制执行
        ENFORCEMENT = "enforcement", _("Application for enforcement")

    class Outcome(models.TextChoices):
        """How it ended."""

        # Translators: 维持
        UPHELD = "upheld", pgettext_lazy("proceeding", "Finding upheld")
        # Translators: 撤销
        REVOKED = "revoked", pgettext_lazy("proceeding", "Finding revoked")
        # Translators: 胜诉
        WON = "won", pgettext_lazy("proceeding", "Won")
        # Translators: 部分胜诉
        PARTLY = "partly", pgettext_lazy("proceeding", "Won in part")
        # Translators: 败诉
        LOST = "lost", pgettext_lazy("proceeding", "Lost")
        # Translators: 和解
        SETTLED = "settled", pgettext_lazy("proceeding", "Settled")
        # Translators: 执行完毕
        ENFORCED = "enforced", pgettext_lazy("proceeding", "Enforced")
        # Translators: 终结执行
        ENDED = "ended", pgettext_lazy("proceeding", "Ended without result")
        # Translators: 撤回
        DROPPED = "dropped", pgettext_lazy("proceeding", "Taken back")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="proceedings")
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    body = models.CharField(_("court or body"), max_length=120)
    number = models.CharField(_("case number"), max_length=60)
    filed_on = models.DateField(_("filed on"))
    claim = ProtectedTextField(_("claim"))
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2, null=True, blank=True)
    stayed_on = models.DateField(_("stopped by order since"), null=True)
    outcome = models.CharField(_("outcome"), max_length=9, choices=Outcome, blank=True)
    outcome_on = models.DateField(_("day of the outcome"), null=True)
    paper = models.CharField(_("judgment or decision"), max_length=120, blank=True)
    recovered = models.DecimalField(_("amount recovered"), max_digits=12, decimal_places=2, null=True, blank=True)
    home_recovered = models.BooleanField(_("home recovered"), default=False)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta:
        # Translators: 复议诉讼与执行
        verbose_name = _("proceeding")
        verbose_name_plural = _("proceedings")
        ordering = ("filed_on", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=["reconsideration", "lawsuit", "suit", "enforcement"]),
                name="proceeding_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", outcome_on__isnull=True, paper="")
                | Q(kind__in=["reconsideration", "lawsuit"], outcome__in=["upheld", "revoked", "dropped"])
                & Q(outcome_on__gte=F("filed_on"))
                & ~Q(paper="")
                | Q(kind="suit", outcome__in=["won", "partly", "lost", "settled", "dropped"])
                & Q(outcome_on__gte=F("filed_on"))
                & ~Q(paper="")
                | Q(kind="enforcement", outcome__in=["enforced", "ended", "settled", "dropped"])
                & Q(outcome_on__gte=F("filed_on"))
                & ~Q(paper=""),
                name="proceeding_outcome_fits_its_kind",
            ),
            models.CheckConstraint(
                condition=Q(recovered__isnull=True, home_recovered=False) | ~Q(outcome=""),
                name="proceeding_recovers_with_its_outcome",
            ),
            models.UniqueConstraint(fields=["body", "number"], name="proceeding_is_entered_once"),
            models.CheckConstraint(condition=~Q(body="") & ~Q(number=""), name="proceeding_names_body_and_number"),
        )
        triggers = (kept("proceeding_is_kept"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"
