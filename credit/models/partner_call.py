"""The query log: what each department asked about whom, and what it was told."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bureau.fields import BlindIndexField
from bureau.models import append_only
from credit.models.partner import Endpoint, Partner, PartnerKey, Purpose
from credit.models.subject import KINDS


class PartnerCall(models.Model):
    """One subject that a department asked about, or one request that was refused or read events.

    Written with every request, so as light as can be: what it points to is kept for ever, and is not looked up again.
    """

    HIT, NONE, TOLD, TAKEN = "hit", "none", "told", "taken"
    ANSWERS = {
        # Translators: 有失信信息
        HIT: _("Hit"),
        # Translators: 无失信信息
        NONE: _("None"),
        # Translators: 已读取事件
        TOLD: _("Events read"),
        # Translators: 已收到确认
        TAKEN: _("Acknowledged"),
    }

    at = models.DateTimeField(_("at"), default=timezone.now)
    partner = models.ForeignKey(
        Partner, on_delete=models.PROTECT, db_constraint=False, db_index=False, null=True, related_name="calls"
    )
    key = models.ForeignKey(
        PartnerKey, on_delete=models.PROTECT, db_constraint=False, db_index=False, null=True, related_name="+"
    )
    claimed = models.CharField(_("key id"), max_length=64, blank=True)  # as sent, of a refused request
    endpoint = models.CharField(_("endpoint"), max_length=16, choices=Endpoint)
    purpose = models.ForeignKey(
        Purpose,
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
        verbose_name=_("purpose"),
    )
    subject_kind = models.CharField(_("kind"), max_length=10, choices=KINDS, blank=True)
    subject_index = BlindIndexField(null=True)
    day = models.DateField(_("asked about the day"), null=True)
    outcome = models.CharField(_("answer"), max_length=24)  # one of ANSWERS, or why it was refused (credit.refusals)
    request_number = models.CharField(_("request"), max_length=12, blank=True)
    nonce = models.UUIDField(null=True)  # of the first row of a request

    class Meta:
        # Translators: 部门查询记录
        verbose_name = _("query of a partner")
        verbose_name_plural = _("queries of partners")
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["key", "nonce"], condition=Q(nonce__isnull=False), name="partner_nonce_is_used_once"
            ),
        )
        indexes = (
            models.Index(fields=["partner", "-id"], name="partner_call_of_partner"),
            # Who asked about this person?
            models.Index(
                fields=["subject_index", "-id"],
                condition=Q(subject_index__isnull=False),
                name="partner_call_about_subject",
            ),
        )
        triggers = (append_only("partner_call_is_kept"),)

    def __str__(self) -> str:
        return f"{self.endpoint} {self.outcome} {self.at:%Y-%m-%d %H:%M}"
