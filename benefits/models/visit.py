"""Visits to homes that are let: planned, what the visitor found, and what another person made of it."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from applications.models import Application
from benefits.models.exit import Exit
from benefits.models.tenancy import Tenancy
from benefits.querysets import VisitQuerySet
from bureau.fields import ProtectedTextField
from bureau.models import Staff, append_only, changes_only, kept
from credit.models import Lead


class Visit(models.Model):
    """One visit (入户检查). What was found has no consequence until another person has confirmed it."""

    class Status(models.TextChoices):
        """Where it stands."""

        # Translators: 待检查
        PLANNED = "planned", pgettext_lazy("visit", "To be visited")
        # Translators: 正常
        IN_ORDER = "in_order", pgettext_lazy("visit", "In order")
        # Translators: 待核实
        FOUND = "found", pgettext_lazy("visit", "Finding to be confirmed")
        # Translators: 已核实
        CONFIRMED = "confirmed", pgettext_lazy("visit", "Confirmed")
        # Translators: 不成立
        DISMISSED = "dismissed", pgettext_lazy("visit", "Dismissed")
        # Translators: 已取消
        CANCELLED = "cancelled", pgettext_lazy("visit", "Cancelled")

    class Ground(models.TextChoices):
        """Why this home."""

        # Translators: 风险抽查
        RISK = "risk", _("By risk")
        # Translators: 随机抽查
        RANDOM = "random", _("At random")
        # Translators: 群众举报
        REPORT = "report", _("Somebody reported it")
        # Translators: 复查
        AGAIN = "again", _("Second visit")

    class Finding(models.TextChoices):
        """What was found."""

        # Translators: 居住正常
        IN_ORDER = "in_order", _("The household lives there, all in order")
        # Translators: 空置
        VACANT = "vacant", _("Nobody lives there")
        # Translators: 转租、转借
        SUBLET = "sublet", _("Sub-let or lent")
        # Translators: 改变用途
        CHANGED_USE = "changed_use", _("Used for something else")
        # Translators: 损坏、擅自改建
        DAMAGED = "damaged", _("Damaged or rebuilt")

    number = models.CharField(_("number"), max_length=20, unique=True)
    tenancy = models.ForeignKey(Tenancy, on_delete=models.PROTECT, related_name="visits")
    office_code = models.CharField(max_length=12)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PLANNED)
    status_since = models.DateTimeField(default=timezone.now)
    ground = models.CharField(_("ground"), max_length=8, choices=Ground)
    note = models.CharField(_("to look for"), max_length=200, blank=True)
    planned_on = models.DateField(_("planned on"))
    due_on = models.DateField(pgettext_lazy("visit", "to be made by"))
    planned_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    visitor = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    visited_on = models.DateField(_("visited on"), null=True)
    finding = models.CharField(pgettext_lazy("visit", "finding"), max_length=12, choices=Finding, blank=True)
    words = ProtectedTextField(_("what was seen and said"), blank=True)
    settled_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    settled_on = models.DateField(pgettext_lazy("visit", "settled on"), null=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    lead = models.OneToOneField(Lead, on_delete=models.PROTECT, null=True, related_name="visit")
    exit = models.OneToOneField(Exit, on_delete=models.PROTECT, null=True, related_name="visit")

    objects = VisitQuerySet.as_manager()

    class Meta:
        # Translators: 入户检查
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        ordering = ("-planned_on", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(status__in=["planned", "in_order", "found", "confirmed", "dismissed", "cancelled"]),
                name="visit_status_is_known",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["planned", "cancelled"])
                | Q(status="in_order", finding="in_order", visitor__isnull=False, visited_on__isnull=False)
                | Q(
                    status__in=["found", "confirmed", "dismissed"],
                    finding__in=["vacant", "sublet", "changed_use", "damaged"],
                    visitor__isnull=False,
                    visited_on__isnull=False,
                ),
                name="visit_found_what_its_status_says",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["confirmed", "dismissed"])
                | (Q(settled_by__isnull=False, settled_on__isnull=False) & ~Q(reason="")),
                name="visit_is_settled_by_a_person_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(settled_by__isnull=True) | ~Q(settled_by=F("visitor")),
                name="visit_is_settled_by_another_person",
            ),
            models.CheckConstraint(
                condition=Q(status="confirmed") | Q(lead__isnull=True, exit__isnull=True),
                name="visit_has_consequences_once_confirmed",
            ),
            models.UniqueConstraint(
                fields=["tenancy"], condition=Q(status__in=["planned", "found"]), name="home_has_one_open_visit"
            ),
        )
        indexes = (
            models.Index(fields=["office_code"], name="visit_office_prefix", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["status", "due_on"], name="visit_of_status"),
        )
        triggers = (
            kept("visit_is_kept"),
            changes_only(
                "visit_only_goes_on",
                *("status", "status_since", "visitor_id", "visited_on", "finding", "words"),
                *("settled_by_id", "settled_on", "reason", "lead_id", "exit_id"),
                filled_in_once=False,
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def application(self) -> Application:
        """Of the household that is visited."""
        return self.tenancy.application


class Photograph(models.Model):
    """What the visitor photographed: checked for type, size and content, kept encrypted outside the web root."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="photographs")
    scan = models.FileField(_("photograph"), upload_to="visits/%Y/%m")
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField(_("size"))
    digest = models.CharField(max_length=64)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        # Translators: 检查照片
        verbose_name = _("photograph")
        verbose_name_plural = _("photographs")
        ordering = ("-visit_id", "pk")
        constraints = (
            models.CheckConstraint(condition=Q(size__gt=0), name="photograph_is_not_empty"),
            models.UniqueConstraint(fields=["visit", "digest"], name="photograph_is_kept_once"),
        )
        triggers = (append_only("photograph_is_append_only"),)

    def __str__(self) -> str:
        return f"{self.visit} {self.digest[:8]}"
