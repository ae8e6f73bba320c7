"""The fast lane of households that keep their word (守信快办): why it was given, and papers that may follow later."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application
from applications.models.paper import Attachment
from bureau.fields import ProtectedJSONField
from bureau.models import Staff, changes_only, kept

# Without these nothing is accepted, whoever asks: who the household is, what it promises, whom one may ask about it.
ESSENTIAL_PAPERS = ("identity", "signing", "promise")


class FastLane(models.Model):
    """Why an application goes first: the grade of every member on the day of submission, with its reasons.

    It stays as it was given, whatever becomes of a grade. It ends when other persons hand in, of whom it does not hold.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="fast_lanes")
    household = models.BinaryField(max_length=32, editable=False)  # guards.household_mark
    given_on = models.DateField(_("given on"))
    grades = ProtectedJSONField(default=list)  # member key, letter, why in words
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("fast lane")
        verbose_name_plural = _("fast lanes")
        ordering = ("-given_on", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=["application"], condition=Q(ended_at__isnull=True), name="application_has_one_fast_lane"
            ),
        )
        triggers = (kept("fast_lane_is_kept"), changes_only("fast_lane_only_ends", "ended_at"))

    def __str__(self) -> str:
        return f"{self.application} {self.given_on}"


class Supplement(models.Model):
    """A paper that was missing at acceptance and promised in writing by a day (容缺受理)."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="supplements")
    section = models.CharField(_("kind of paper"), max_length=20)
    promise = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+", verbose_name=_("promise"))
    promised_on = models.DateField(_("promised on"))
    due_on = models.DateField(_("due on"))
    recorded_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    paper = models.OneToOneField(Attachment, on_delete=models.PROTECT, null=True, related_name="+")
    supplied_at = models.DateTimeField(_("brought at"), null=True)

    class Meta:
        verbose_name = _("paper to be brought later")
        verbose_name_plural = _("papers to be brought later")
        ordering = ("due_on", "pk")
        constraints = (
            models.UniqueConstraint(fields=["application", "section"], name="supplement_is_promised_once"),
            models.CheckConstraint(
                condition=Q(due_on__gt=F("promised_on")), name="supplement_is_due_after_the_promise"
            ),
            models.CheckConstraint(
                condition=~Q(section__in=ESSENTIAL_PAPERS), name="supplement_is_of_no_essential_paper"
            ),
            models.CheckConstraint(
                condition=Q(paper__isnull=True, supplied_at__isnull=True)
                | Q(paper__isnull=False, supplied_at__isnull=False),
                name="supplement_is_supplied_with_a_paper",
            ),
        )
        indexes = (models.Index(fields=["due_on"], condition=Q(supplied_at__isnull=True), name="supplement_still_due"),)
        triggers = (
            kept("supplement_is_kept"),
            changes_only("supplement_is_only_supplied", "paper_id", "supplied_at"),
            pgtrigger.Trigger(
                name="supplement_is_for_the_fast_lane",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                IF NOT EXISTS (
                    SELECT 1 FROM applications_fastlane
                    WHERE application_id = NEW.application_id AND ended_at IS NULL
                ) THEN
                    RAISE EXCEPTION 'papers follow later in the fast lane alone' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            ),
        )

    def __str__(self) -> str:
        return f"{self.application} {self.section}"

    @property
    def is_open(self) -> bool:
        """Whether the paper is still to be brought."""
        return self.supplied_at is None
