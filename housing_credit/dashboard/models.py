"""Exports of the dashboard and of its lists: made by a worker, kept encrypted, taken by who asked for them."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bureau.models import Staff, kept


class Export(models.Model):
    """One export. The row is the queue: its state, how far it is, and the file once it is made."""

    class Form(models.TextChoices):
        """As what it is made."""

        XLSX = "xlsx", _("Workbook (xlsx)")
        PDF = "pdf", _("PDF")

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", pgettext_lazy("export", "Waiting")
        # Translators: 生成中
        RUNNING = "running", pgettext_lazy("export", "Being made")
        DONE = "done", pgettext_lazy("export", "Ready")
        # Translators: 生成失败
        FAILED = "failed", pgettext_lazy("export", "Failed")

    number = models.CharField(_("number"), max_length=20, unique=True)
    what = models.CharField(max_length=40)  # "dashboard", "fairness", or the code of a figure
    form = models.CharField(_("form"), max_length=4, choices=Form)
    query = models.JSONField(default=dict)  # the filters, as they stood in the address
    lang = models.CharField(max_length=10)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked for at"), default=timezone.now)
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    begun_at = models.DateTimeField(null=True)  # of the newest attempt
    rows = models.PositiveIntegerField(default=0)  # written so far
    total = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    file = models.FileField(upload_to="exports/%Y/%m", blank=True)
    size = models.PositiveIntegerField(default=0)

    class Meta:
        # Translators: 导出
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ("-asked_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False, size__gt=0) & ~Q(file="")
                | Q(state__in=["waiting", "running", "failed"], file="", size=0, done_at__isnull=True),
                name="export_done_has_its_file",
            ),
            models.CheckConstraint(condition=Q(form__in=["xlsx", "pdf"]), name="export_form_is_known"),
        )
        indexes = (
            models.Index(fields=["by", "-asked_at"], name="export_of_staff"),
            models.Index(fields=["asked_at"], condition=Q(state__in=["waiting", "running"]), name="export_to_make"),
        )
        triggers = (kept("export_is_kept"),)

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        """Whether it is still being made."""
        return self.state in {self.State.WAITING, self.State.RUNNING}
