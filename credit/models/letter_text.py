"""The texts of the registry's letters: dated, for households and for employers, written by administrators."""

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import gettext_lazy as _

from bureau.models import DateRange, Document
from credit.letter_wording import Kind
from credit.policies import SubjectKind
from credit.querysets import LetterTextQuerySet

LETTER_KINDS = {kind.value: Document.Kind(kind.value).label for kind in Kind}
# Translators: 致家庭 / 致单位
RECIPIENTS = {SubjectKind.PERSON.value: _("Household"), SubjectKind.EMPLOYER.value: _("Employer")}


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), append_only=True)
class LetterText(models.Model):
    """What a letter says, from a day to a day, both included; placeholders in braces (credit.letter_wording)."""

    kind = models.CharField(_("letter"), max_length=20, choices=LETTER_KINDS)
    subject_kind = models.CharField(_("to whom"), max_length=10, choices=RECIPIENTS)
    heading = models.CharField(_("heading"), max_length=60)
    text = models.TextField(_("text"))
    effective_from = models.DateField(_("in force from"))
    effective_to = models.DateField(_("in force until"), null=True, blank=True)

    objects = LetterTextQuerySet.as_manager()

    class Meta:
        # Translators: 文书文本
        verbose_name = _("text of a letter")
        verbose_name_plural = _("texts of letters")
        ordering = ("kind", "subject_kind", "-effective_from")
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=[*LETTER_KINDS]), name="letter_text_kind_is_known"),
            models.CheckConstraint(condition=Q(subject_kind__in=[*RECIPIENTS]), name="letter_text_is_to_somebody"),
            models.CheckConstraint(condition=~Q(heading="") & ~Q(text=""), name="letter_text_says_something"),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gte=F("effective_from")),
                name="letter_text_ends_after_it_begins",
            ),
            ExclusionConstraint(
                name="letter_text_is_one_on_a_day",
                expressions=(
                    ("kind", RangeOperators.EQUAL),
                    ("subject_kind", RangeOperators.EQUAL),
                    (DateRange("effective_from", "effective_to", Value("[]")), RangeOperators.OVERLAPS),
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.get_subject_kind_display()} · {self.effective_from}"
