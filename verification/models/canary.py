"""The control questions to one source before one round, and how it answered them."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bureau.fields import ProtectedJSONField
from bureau.models import kept
from verification.control_querysets import CanaryQuerySet
from verification.models.inquiry import Exchange
from verification.models.round import Round
from verification.models.source import Source


class Canary(models.Model):
    """One source put to the test before a round (校验查询): while it waits, the round asks that source nothing.

    Every try is kept as an exchange of the source; this row leads to the last one.
    """

    class State(models.TextChoices):
        """What came of it."""

        # Translators: 待校验
        WAITING = "waiting", _("Still to be answered")
        # Translators: 与已知结果一致
        RIGHT = "right", _("As is known")
        # Translators: 与已知结果不符
        WRONG = "wrong", _("Not as is known")
        # Translators: 校验查询未反馈
        SILENT = "silent", _("Control questions not answered")
        # Translators: 已无可校验的样本
        DROPPED = "dropped", _("No control person left")

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="canaries")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="canaries")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True)  # a worker has it out until then
    ticket = models.CharField(max_length=80, blank=True)  # of a source that is still at work
    asked_at = models.DateTimeField(null=True)  # the last time
    ended_at = models.DateTimeField(null=True)
    exchange = models.ForeignKey(Exchange, on_delete=models.PROTECT, null=True, related_name="canaries")
    told = ProtectedJSONField(default=list)  # of each control person what must be said and what was

    objects = CanaryQuerySet.as_manager()

    class Meta:
        verbose_name = _("control question")
        verbose_name_plural = _("control questions")
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(fields=["round", "source"], name="canary_is_one_per_round_and_source"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "right", "wrong", "silent", "dropped"]), name="canary_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", ended_at__isnull=True)
                | (~Q(state="waiting") & Q(ended_at__isnull=False) & (Q(exchange__isnull=False) | Q(state="dropped"))),
                name="canary_ended_with_evidence",
            ),
        )
        indexes = (models.Index(fields=["source", "-ended_at"], name="canary_of_source"),)
        triggers = (
            kept("canary_is_kept"),
            pgtrigger.Protect(
                name="canary_once_ended_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.state <> 'waiting'"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.source} · {self.round}"
