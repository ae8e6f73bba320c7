"""The dated policy of a city and its catalogue of dishonest acts (clauses B1, B2)."""

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bureau.models import DateRange
from credit.models.subject import KINDS
from credit.policies import Severity, SubjectKind
from credit.querysets import ActQuerySet, PolicyQuerySet

SEVERITIES = {
    Severity.GENERAL.value: _("General"),
    Severity.MORE_SERIOUS.value: _("More serious"),
    Severity.SERIOUS.value: _("Serious"),
}


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), append_only=True)
class Policy(models.Model):
    """A city's policy on dishonest acts, in force from a day to a day, both included."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    city = models.CharField(_("city"), max_length=6, help_text=_("Division code of 6 digits."))
    effective_from = models.DateField(_("in force from"))
    effective_to = models.DateField(_("in force until"), null=True, blank=True)
    document = models.CharField(_("document"), max_length=200)
    content = models.JSONField(_("content"))  # credit.policies.Policy
    in_use = models.BooleanField(
        _("applies to our registry"), default=False, help_text=_("Off for the policies of other cities.")
    )

    objects = PolicyQuerySet.as_manager()

    class Meta:
        # Translators: 失信惩戒政策
        verbose_name = _("policy on dishonest acts")
        verbose_name_plural = _("policies on dishonest acts")
        ordering = ("city", "-effective_from")
        constraints = (
            models.UniqueConstraint(fields=["city", "effective_from"], name="credit_policy_is_one_per_day"),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gt=F("effective_from")),
                name="credit_policy_ends_after_it_begins",
            ),
        )

    def __str__(self) -> str:
        return self.name


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), append_only=True)
class Act(models.Model):
    """A dishonest act of a policy's catalogue: who can do it, at which stage, how grave it is, by which article."""

    class Stage(models.TextChoices):
        """When it is done."""

        APPLYING = "applying", _("When applying or reviewed")
        IN_BENEFIT = "in_benefit", _("While in benefit")
        LEASE = "lease", _("During the tenancy")
        LEAVING = "leaving", _("When leaving")
        CERTIFYING = "certifying", _("When certifying")
        ANY = "any", _("At any time")

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="acts", verbose_name=_("policy"))
    code = models.CharField(_("code"), max_length=6)
    name_zh = models.CharField(_("Chinese name"), max_length=200)
    name_en = models.CharField(_("English name"), max_length=200)
    subject_kind = models.CharField(_("whose act"), max_length=10, choices=KINDS)
    stage = models.CharField(_("stage"), max_length=12, choices=Stage)
    severity = models.CharField(_("severity"), max_length=12, choices=SEVERITIES)
    graver = models.CharField(_("graver severity"), max_length=12, choices=SEVERITIES, blank=True)
    graver_when = models.CharField(_("graver when"), max_length=200, blank=True)
    from_return = models.BooleanField(
        # Translators: 惩戒期自退回住房之日起算
        _("ban counts from the return of the home"),
        default=False,
    )
    evidence = ArrayField(
        models.CharField(max_length=100),
        verbose_name=_("required evidence"),
        help_text=_("What must be on file before a finding is proposed; separated by commas."),
    )
    basis = models.CharField(_("legal basis"), max_length=300)
    effective_from = models.DateField(_("in force from"))
    effective_to = models.DateField(_("in force until"), null=True, blank=True)

    objects = ActQuerySet.as_manager()

    class Meta:
        verbose_name = _("dishonest act")
        verbose_name_plural = _("dishonest acts")
        ordering = ("policy", "code", "effective_from")
        constraints = (
            models.CheckConstraint(condition=Q(subject_kind__in=[*KINDS]), name="act_is_of_a_known_kind"),
            models.CheckConstraint(condition=Q(severity__in=[*SEVERITIES]), name="act_severity_is_known"),
            models.CheckConstraint(
                condition=Q(graver="", graver_when="")
                | (Q(graver__in=[*SEVERITIES]) & ~Q(graver_when="") & ~Q(graver=F("severity"))),
                name="act_graver_severity_says_when",
            ),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gt=F("effective_from")),
                name="act_ends_after_it_begins",
            ),
            models.CheckConstraint(condition=Q(evidence__len__gt=0), name="act_needs_evidence"),
            models.CheckConstraint(
                condition=Q(subject_kind=SubjectKind.PERSON.value) | Q(from_return=False),
                name="act_of_employer_has_no_home",
            ),
            ExclusionConstraint(
                name="act_stands_once_in_a_catalogue",
                expressions=(
                    ("policy", RangeOperators.EQUAL),
                    ("code", RangeOperators.EQUAL),
                    (DateRange("effective_from", "effective_to", Value("[]")), RangeOperators.OVERLAPS),
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def name(self) -> str:
        """In the reader's language."""
        return self.name_zh if (get_language() or "zh").startswith("zh") else self.name_en


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), append_only=True)
class Threshold(models.Model):
    """From how many months on an act that lasts, such as arrears or vacancy, has a severity; none is a reminder."""

    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="thresholds", verbose_name=_("act"))
    months = models.PositiveSmallIntegerField(_("months"))
    severity = models.CharField(
        _("severity"), max_length=12, choices=SEVERITIES, blank=True, help_text=_("Blank: a reminder only.")
    )

    class Meta:
        verbose_name = _("threshold")
        verbose_name_plural = _("thresholds")
        ordering = ("act", "months")
        constraints = (
            models.UniqueConstraint(fields=["act", "months"], name="threshold_is_one_per_length"),
            models.CheckConstraint(condition=Q(months__gt=0), name="threshold_is_some_months"),
            models.CheckConstraint(condition=Q(severity__in=["", *SEVERITIES]), name="threshold_severity_is_known"),
        )

    def __str__(self) -> str:
        return f"{self.act.code} ≥ {self.months}"
