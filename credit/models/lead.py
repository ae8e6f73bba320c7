"""What may be a dishonest act, before anybody has looked into it."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bureau.fields import ProtectedTextField
from bureau.models import Staff, kept
from credit.models.act import Act
from credit.models.subject import Subject
from credit.querysets import LeadQuerySet


class Lead(models.Model):
    """A reason to look into what a subject did. Opened as a case or dismissed, each by a person with a reason.

    What a source answered is no lead: a finding becomes one once a person has confirmed it.
    """

    class Kind(models.TextChoices):
        """Where it comes from."""

        FINDING = "finding", _("Confirmed finding")
        ARREARS = "arrears", _("Rent in arrears")
        MISUSE = "misuse", _("Misuse of the home")
        # Translators: 未履行在保义务（不参加年审、逾期不退出）
        DUTY = "duty", _("A duty of who is in benefit not done")
        REPORT = "report", _("Report by the public")
        DEPARTMENT = "department", _("Another department")
        PATTERN = "pattern", _("Pattern of an employer's certificates")

    class Status(models.TextChoices):
        """Where it stands."""

        RECEIVED = "received", _("Received")
        OPENED = "opened", _("Opened as a case")
        DISMISSED = "dismissed", _("No case opened")

    number = models.CharField(_("number"), max_length=20, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    subjects = models.ManyToManyField(Subject, related_name="leads", verbose_name=_("subjects"))
    act = models.ForeignKey(Act, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("act"))
    text = ProtectedTextField(_("facts"))
    reporter = ProtectedTextField(_("reported by"), blank=True)  # empty: anonymous, or not a report
    origin = models.CharField(_("origin"), max_length=60, blank=True)  # in the floor that refers it, such as a finding
    confirmed_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True)
    office_code = models.CharField(max_length=12)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.RECEIVED)
    status_since = models.DateTimeField(default=timezone.now)
    received_on = models.DateField(_("received on"))
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")

    objects = LeadQuerySet.as_manager()

    class Meta:
        verbose_name = _("lead")
        verbose_name_plural = _("leads")
        ordering = ("-received_on", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=["finding", "arrears", "misuse", "duty", "report", "department", "pattern"]),
                name="lead_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["received", "opened", "dismissed"]), name="lead_status_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(kind="finding")
                | (Q(confirmed_by__isnull=False, confirmed_at__isnull=False) & ~Q(origin="")),
                name="lead_of_a_finding_was_confirmed_by_a_person",
            ),
            models.UniqueConstraint(fields=["kind", "origin"], condition=~Q(origin=""), name="lead_is_taken_once"),
        )
        indexes = (models.Index(fields=["status", "received_on"], name="lead_of_status"),)
        triggers = (kept("lead_is_kept"),)

    def __str__(self) -> str:
        return self.number
