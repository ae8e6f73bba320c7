"""What keeps a record from a receiver: somebody has to be told before, or the receiver could not take it."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bureau.models import Staff, append_only
from credit.models.case import Case
from credit.models.receiver import Receiver
from credit.models.sanction import Sanction
from credit.models.subject import Subject


class HeldBack(models.Model):
    """A record that cannot go to a receiver yet, with the reason. It is tried again with every batch."""

    receiver = models.ForeignKey(Receiver, on_delete=models.PROTECT, related_name="held_back")
    sanction = models.ForeignKey(Sanction, on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    record_key = models.CharField(_("record key"), max_length=60)
    code = models.CharField(_("reason"), max_length=20)  # credit.feeds.Unfit
    column = models.CharField(_("column"), max_length=100, blank=True)
    since = models.DateTimeField(_("since"), default=timezone.now)

    class Meta:
        # Translators: 暂缓报送
        verbose_name = _("record held back")
        verbose_name_plural = _("records held back")
        ordering = ("since", "pk")
        constraints = (
            models.UniqueConstraint(fields=["receiver", "record_key"], name="record_is_held_back_once"),
            models.CheckConstraint(
                condition=Q(code__in=["no_prior_notice", "missing", "too_long", "no_code"]),
                name="record_held_back_for_a_known_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.record_key} {self.code}"


class PriorNotice(models.Model):
    """A party was told that the record will be sent on (征信业管理条例, art. 15): when, by which proof."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="prior_notices")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="prior_notices")
    on = models.DateField(_("told on"))
    proof = models.CharField(_("proof"), max_length=200)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta:
        # Translators: 事先告知
        verbose_name = _("prior notice")
        verbose_name_plural = _("prior notices")
        ordering = ("on", "pk")
        constraints = (
            models.UniqueConstraint(fields=["case", "subject"], name="prior_notice_is_given_once"),
            models.CheckConstraint(condition=~Q(proof=""), name="prior_notice_has_a_proof"),
        )
        triggers = (append_only("prior_notice_is_kept"),)

    def __str__(self) -> str:
        return f"{self.case} {self.on}"
