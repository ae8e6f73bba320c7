"""What a subject can do against a record: object to it (异议), or be freed of it before its time (信用修复)."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bureau.fields import ProtectedTextField
from bureau.models import Staff, kept
from credit.models.case import Case
from credit.models.subject import Subject


class Dispute(models.Model):
    """An objection to a record (信用修复管理办法, art. 18). While it is open, the record is marked as disputed."""

    class Status(models.TextChoices):
        """Where it stands."""

        OPEN = "open", pgettext_lazy("objection to a record", "Open")
        # Translators: 异议成立，撤销认定
        UPHELD = "upheld", pgettext_lazy("objection to a record", "Upheld; finding withdrawn")
        # Translators: 异议不成立，维持记录
        REJECTED = "rejected", pgettext_lazy("objection to a record", "Not upheld; record stands")

    number = models.CharField(_("number"), max_length=20, unique=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="disputes")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="disputes")
    text = ProtectedTextField(_("grounds"))
    received_on = models.DateField(_("received on"))
    due_on = models.DateField(_("due on"))
    answer = ProtectedTextField(_("answer to it"), blank=True)
    answered_on = models.DateField(_("answered on"), null=True)
    office_code = models.CharField(max_length=12)
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.OPEN)
    status_since = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("objection to a record")
        verbose_name_plural = _("objections to a record")
        ordering = ("received_on", "pk")
        constraints = (
            models.CheckConstraint(condition=Q(status__in=["open", "upheld", "rejected"]), name="dispute_is_known"),
            models.UniqueConstraint(
                fields=["case", "subject"], condition=Q(status="open"), name="dispute_is_open_once"
            ),
            models.CheckConstraint(
                condition=Q(answered_on__isnull=True) | Q(answered_on__gte=F("received_on")),
                name="dispute_is_answered_after_it_came",
            ),
        )
        triggers = (kept("dispute_is_kept"),)

    def __str__(self) -> str:
        return self.number


class Repair(models.Model):
    """An application to be freed of publication and sharing before their time (信用修复管理办法, art. 14, 16)."""

    class Status(models.TextChoices):
        """Where it stands."""

        RECEIVED = "received", pgettext_lazy("credit repair", "Received")
        # Translators: 不予受理
        NOT_ACCEPTED = "not_accepted", pgettext_lazy("credit repair", "Not accepted")
        # Translators: 已受理
        ACCEPTED = "accepted", pgettext_lazy("credit repair", "Accepted")
        # Translators: 准予修复
        GRANTED = "granted", pgettext_lazy("credit repair", "Granted")
        # Translators: 不予修复
        REFUSED = "refused", pgettext_lazy("credit repair", "Refused")

    number = models.CharField(_("number"), max_length=20, unique=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="repairs")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="repairs")
    promise = models.CharField(_("public promise"), max_length=200)  # 信用承诺书: the paper
    papers = ProtectedTextField(_("proof that all duties are met"))
    applied_on = models.DateField(_("applied on"))
    accept_by = models.DateField(_("acceptance is told by"))
    accepted_on = models.DateField(_("accepted on"), null=True)
    result_by = models.DateField(_("result is told by"), null=True)
    extended = models.CharField(_("extended because"), max_length=200, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)  # what is missing, or why it was decided so
    decided_on = models.DateField(_("decided on"), null=True)
    office_code = models.CharField(max_length=12)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.RECEIVED)
    status_since = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta:
        # Translators: 信用修复
        verbose_name = _("credit repair")
        verbose_name_plural = _("credit repairs")
        ordering = ("applied_on", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(status__in=["received", "not_accepted", "accepted", "granted", "refused"]),
                name="repair_status_is_known",
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(status__in=["received", "accepted"]),
                name="repair_is_sought_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(accepted_on__isnull=True, result_by__isnull=True)
                | Q(accepted_on__gte=F("applied_on"), result_by__gt=F("accepted_on")),
                name="repair_accepted_has_a_day_for_its_result",
            ),
            models.CheckConstraint(
                condition=Q(decided_on__isnull=True) | ~Q(reason=""), name="repair_decided_says_why"
            ),
            models.CheckConstraint(condition=~Q(promise=""), name="repair_rests_on_a_promise"),
        )
        triggers = (kept("repair_is_kept"),)

    def __str__(self) -> str:
        return self.number
