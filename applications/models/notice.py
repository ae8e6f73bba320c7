"""The public notice between an intended grant and its approval, and what is objected to it."""

from datetime import date, timedelta

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application
from applications.querysets import NoticeQuerySet
from bureau.fields import ProtectedTextField
from bureau.models import Document, Staff, changes_only, kept


class PublicNotice(models.Model):
    """The masked notice of an intended grant: what is published, from when to when."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="notices")
    opens_on = models.DateField(_("opens on"))
    closes_on = models.DateField(_("closes on"))  # the first day on which it no longer runs
    masked_name = models.CharField(_("applicant"), max_length=60)
    household_size = models.PositiveSmallIntegerField(_("persons"))
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("public notice")
        verbose_name_plural = _("public notices")
        ordering = ("-opens_on",)
        constraints = (
            models.CheckConstraint(condition=Q(closes_on__gt=models.F("opens_on")), name="notice_runs_at_least_a_day"),
            models.UniqueConstraint(
                fields=["application"], condition=Q(closed_at__isnull=True), name="notice_runs_once_at_a_time"
            ),
        )
        triggers = (kept("notice_is_kept"), changes_only("notice_only_closes", "document_id", "closed_at"))

    def __str__(self) -> str:
        return f"{self.application} {self.opens_on} – {self.closes_on}"

    @property
    def last_day(self) -> date:
        """The last day on which it runs."""
        return self.closes_on - timedelta(days=1)


ANOTHER_THAN_DECIDED = """
IF EXISTS (
    SELECT 1 FROM applications_publicnotice n JOIN applications_decision d ON d.application_id = n.application_id
    WHERE n.id = NEW.notice_id AND d.superseded_at IS NULL AND d.by_id = NEW.settled_by_id
) AND (TG_OP = 'INSERT' OR OLD.settled_by_id IS NULL) THEN
    RAISE EXCEPTION 'an objection must be answered by another person than decided' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class NoticeObjection(models.Model):
    """What somebody brought forward against a notice, and what was found.

    While one is open the notice does not close.
    """

    notice = models.ForeignKey(PublicNotice, on_delete=models.PROTECT, related_name="objections")
    received_on = models.DateField(_("received on"), default=timezone.localdate)
    objector = ProtectedTextField(_("objector"), blank=True, default="")  # may stay anonymous
    text = ProtectedTextField(_("objection"))  # it may name neighbours
    recorded_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    upheld = models.BooleanField(null=True)
    answer = models.TextField(_("answer"), blank=True)

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        ordering = ("received_on", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True)
                | (Q(settled_by__isnull=False, upheld__isnull=False) & ~Q(answer="")),
                name="objection_is_settled_by_a_person_with_an_answer",
            ),
        )
        triggers = (
            kept("objection_is_kept"),
            changes_only("objection_is_answered_once", "settled_at", "settled_by_id", "upheld", "answer"),
            pgtrigger.Trigger(
                name="objection_is_answered_by_another_than_decided",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Condition("NEW.settled_by_id IS NOT NULL"),
                func=ANOTHER_THAN_DECIDED,
            ),
        )

    def __str__(self) -> str:
        return f"{self.notice} {self.received_on}"
