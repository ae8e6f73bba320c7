"""How a benefit comes to its end: why, by when, and what was found at the end."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from benefits.models.subsidy import Grant
from benefits.models.tenancy import Tenancy
from benefits.querysets import ExitQuerySet
from bureau.models import Document, Staff, changes_only, kept


class Exit(models.Model):
    """One way out of a tenancy or a subsidy (退出). An order that was taken back stays, with the reason."""

    class Reason(models.TextChoices):
        """The five reasons."""

        # Translators: 情况变化
        CHANGED = "changed", _("Circumstances have changed")
        # Translators: 主动退出
        VOLUNTARY = "voluntary", _("By its own wish")
        # Translators: 不符合条件
        UNFIT = "unfit", _("Was never fit")
        # Translators: 违规违约
        BREACH = "breach", _("Breach of the rules or the contract")
        # Translators: 死亡
        DEATH = "death", _("Death, and nobody lives on there")

    tenancy = models.ForeignKey(Tenancy, on_delete=models.PROTECT, null=True, related_name="exits")
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, null=True, related_name="exits")
    reason = models.CharField(_("reason"), max_length=9, choices=Reason)
    text = models.TextField(_("facts"))
    origin = models.CharField(max_length=60, blank=True)  # what it follows from: "review:12", "visit:3", "case:SX…"
    ordered_on = models.DateField(_("ordered on"))
    leave_by = models.DateField(_("to leave by"), null=True)  # of a home
    letter = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    rescinded_at = models.DateTimeField(null=True)
    rescinded_because = models.CharField(max_length=200, blank=True)
    ended_on = models.DateField(_("ended on"), null=True)  # the keys were handed back, or the last subsidy was paid
    condition = models.CharField(_("condition of the home"), max_length=500, blank=True)
    damage = models.DecimalField(_("cost of damage"), max_digits=10, decimal_places=2, null=True)

    objects = ExitQuerySet.as_manager()

    class Meta:
        # Translators: 退出
        verbose_name = pgettext_lazy("benefit", "exit")
        verbose_name_plural = pgettext_lazy("benefit", "exits")
        ordering = ("-ordered_on", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(reason__in=["changed", "voluntary", "unfit", "breach", "death"]),
                name="exit_reason_is_known",
            ),
            models.CheckConstraint(
                condition=Q(tenancy__isnull=False, grant__isnull=True) | Q(tenancy__isnull=True, grant__isnull=False),
                name="exit_is_out_of_one_benefit",
            ),
            models.UniqueConstraint(
                fields=["tenancy"], condition=Q(rescinded_at__isnull=True), name="tenancy_has_one_standing_exit"
            ),
            models.UniqueConstraint(
                fields=["grant"], condition=Q(rescinded_at__isnull=True), name="grant_has_one_standing_exit"
            ),
            models.CheckConstraint(
                condition=Q(leave_by__isnull=True) | Q(leave_by__gte=F("ordered_on")), name="exit_leaves_time"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="exit_says_why"),
        )
        indexes = (
            models.Index(fields=["ended_on"], name="exit_ended"),
            models.Index(fields=["leave_by"], condition=Q(ended_on__isnull=True), name="exit_to_come"),
        )
        triggers = (
            kept("exit_is_kept"),
            changes_only(
                "exit_is_only_finished",
                *("letter_id", "rescinded_at", "rescinded_because", "ended_on", "condition", "damage"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.tenancy or self.grant}: {self.get_reason_display()}"

    @property
    def is_recovery(self) -> bool:
        """Whether the home came back because it was demanded (收回)."""
        return self.leave_by is not None and self.ended_on is not None

    @property
    def is_standing(self) -> bool:
        """Whether it was not taken back."""
        return self.rescinded_at is None

    def days_late(self) -> int:
        """For how many days the household has stayed on beyond its last day, today; 0 in time."""
        if self.leave_by is None or self.ended_on is not None:
            return 0
        return max(0, (timezone.localdate() - self.leave_by).days)
