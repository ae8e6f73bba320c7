"""What a department was sent of the events of the registry, and what it says that it made of them."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bureau.models import append_only, kept
from credit.models.event import RegistryEvent
from credit.models.partner import Partner, PartnerKey
from credit.partner_querysets import AcknowledgementQuerySet, DeliveryQuerySet


class Delivery(models.Model):
    """One event on its way to a department's webhook. The row is the queue: attempts, and when the next one is due."""

    class State(models.TextChoices):
        """How far it came."""

        WAITING = "waiting", pgettext_lazy("delivery", "Waiting")
        DELIVERED = "delivered", pgettext_lazy("delivery", "Delivered")
        # Translators: 投递失败，不再自动重试
        DEAD = "dead", pgettext_lazy("delivery", "Given up")

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="deliveries")
    event = models.ForeignKey(RegistryEvent, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    not_before = models.DateTimeField(_("next attempt"), default=timezone.now)
    last_error = models.CharField(_("what went wrong"), max_length=200, blank=True)
    delivered_at = models.DateTimeField(_("delivered at"), null=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        # Translators: 事件推送
        verbose_name = _("delivery of an event")
        verbose_name_plural = _("deliveries of events")
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(fields=["partner", "event"], name="delivery_is_one_per_event"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "dead"], delivered_at__isnull=True)
                | Q(state="delivered", delivered_at__isnull=False),
                name="delivery_state_is_known",
            ),
        )
        indexes = (
            models.Index(fields=["not_before"], condition=Q(state="waiting"), name="delivery_due"),
            models.Index(fields=["-id"], condition=Q(state="dead"), name="delivery_dead"),
        )
        triggers = (kept("delivery_is_kept"),)

    def __str__(self) -> str:
        return f"{self.partner} {self.event_id}"


class Acknowledgement(models.Model):
    """What a department says of a record: that it applies it, or that it has lifted what it applied."""

    class State(models.TextChoices):
        """What it did."""

        # Translators: 已采取措施
        APPLIED = "applied", pgettext_lazy("acknowledgement", "Applied")
        # Translators: 已解除措施
        LIFTED = "lifted", pgettext_lazy("acknowledgement", "Lifted")

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="acknowledgements")
    key = models.ForeignKey(PartnerKey, on_delete=models.PROTECT, related_name="+")
    event = models.ForeignKey(RegistryEvent, on_delete=models.PROTECT, related_name="acknowledgements")
    record = models.CharField(_("record"), max_length=40)
    state = models.CharField(_("state"), max_length=7, choices=State)
    at = models.DateTimeField(_("at"), default=timezone.now)

    objects = AcknowledgementQuerySet.as_manager()

    class Meta:
        # Translators: 部门确认
        verbose_name = _("acknowledgement")
        verbose_name_plural = _("acknowledgements")
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(fields=["partner", "event", "state"], name="acknowledgement_is_made_once"),
            models.CheckConstraint(condition=Q(state__in=["applied", "lifted"]), name="acknowledgement_is_known"),
        )
        indexes = (models.Index(fields=["partner", "record", "-id"], name="acknowledgement_of_record"),)
        triggers = (append_only("acknowledgement_is_kept"),)

    def __str__(self) -> str:
        return f"{self.partner} {self.record} {self.state}"
