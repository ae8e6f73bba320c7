"""A round: many households put to the sources in one go, and what holds a source back from being asked."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bureau.models import Staff
from verification.models.source import Source
from verification.querysets import HoldQuerySet, RoundQuerySet


class Round(models.Model):
    """Checks of a whole population, ordered in sets and asked behind every single check (核对批次)."""

    class Status(models.TextChoices):
        """Where a round stands."""

        RUNNING = "running", _("In progress")
        PAUSED = "paused", _("Paused")
        CLOSED = "closed", _("Closed")
        CANCELLED = "cancelled", _("Cancelled")

    number = models.CharField(_("number"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=80)
    population = models.JSONField(_("population"), default=dict)  # as the floor that fills the round describes it
    office_code = models.CharField(max_length=12)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.RUNNING)
    status_since = models.DateTimeField(default=timezone.now)
    households = models.PositiveIntegerField(_("households"), default=0)  # ordered so far
    filled_at = models.DateTimeField(null=True)  # when the last household of the population was ordered
    opened_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        ordering = ("-opened_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(status__in=["running", "paused", "closed", "cancelled"]), name="round_status_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(status="closed") | Q(filled_at__isnull=False), name="round_closed_has_been_filled"
            ),
        )
        indexes = (models.Index(fields=["office_code"], name="round_office", opclasses=["varchar_pattern_ops"]),)

    def __str__(self) -> str:
        return self.number


class Hold(models.Model):
    """A source that is not asked for now: in one round, or at all. Released by a person; kept with both reasons."""

    class Ground(models.TextChoices):
        """What led to it."""

        # Translators: 人工暂停
        OFFICER = "officer", _("Held by an officer")
        # Translators: 校验样本反馈不符
        CANARY = "canary", _("Wrong about control persons")
        # Translators: 命中率异常
        FLOOD = "flood", _("Unusual share of hits")
        # Translators: 证据链异常
        EVIDENCE = "evidence", _("Chain of evidence broken")

    class Verdict(models.TextChoices):
        """What becomes of the answers in doubt."""

        # Translators: 反馈属实，予以采用
        STAND = "stand", _("The answers stand")
        # Translators: 重新查询
        ASK_AGAIN = "ask_again", _("They are asked for again")

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="holds")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, null=True, related_name="holds")  # null: everywhere
    ground = models.CharField(max_length=10, choices=Ground)
    reason = models.CharField(max_length=300)
    held_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")  # null: the system
    held_at = models.DateTimeField(default=timezone.now)
    released_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(null=True)
    release_reason = models.CharField(max_length=300, blank=True)
    # What the source told since then over the wire is in doubt (verification.doubt).
    doubted_from = models.DateTimeField(null=True)
    verdict = models.CharField(max_length=10, choices=Verdict, blank=True)  # of the officer, on what is in doubt
    spread_at = models.DateTimeField(null=True)  # when the checks concerned last followed this row

    objects = HoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        ordering = ("-held_at",)
        constraints = (
            models.UniqueConstraint(
                fields=["source", "round"],
                condition=Q(released_at__isnull=True),
                name="source_is_held_in_a_round_once_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["source"],
                condition=Q(released_at__isnull=True, round__isnull=True),
                name="source_is_held_everywhere_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(ground__in=["officer", "canary", "flood", "evidence"]), name="hold_ground_is_known"
            ),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True)
                | (Q(released_by__isnull=False, released_at__gte=F("held_at")) & ~Q(release_reason="")),
                name="hold_is_released_by_a_person_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(verdict="", doubted_from__isnull=True)
                | Q(verdict="", released_at__isnull=True)
                | Q(verdict__in=["stand", "ask_again"], doubted_from__isnull=False, released_at__isnull=False),
                name="hold_in_doubt_is_released_with_a_verdict",
            ),
        )

    def __str__(self) -> str:
        return f"{self.source} · {self.round or '*'}"


class Maintenance(models.Model):
    """A time in which a source announced not to answer; nothing is asked meanwhile, and nothing counts as a failure."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="maintenances")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("maintenance window")
        verbose_name_plural = _("maintenance windows")
        ordering = ("-starts_at",)
        constraints = (
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="maintenance_ends_after_it_begins"),
        )

    def __str__(self) -> str:
        return f"{self.source} {self.starts_at:%Y-%m-%d %H:%M}"
