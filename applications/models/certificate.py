"""What employers certify of incomes, and which of it the sources contradict: the pattern of one employer."""

from decimal import Decimal

import pghistory
import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application
from applications.models.paper import Attachment
from bureau.models import Staff, append_only
from credit.models import Lead
from verification.models import Finding

# A certificate counts against its employer by a finding that a person has confirmed: of a concluded check of the same
# household, about the same member, on wages.
CONTRADICTED_BY_A_PERSON = """
IF NOT EXISTS (
    SELECT 1 FROM applications_certificate t
    JOIN applications_application a ON a.id = t.application_id
    JOIN verification_finding f ON f.id = NEW.finding_id AND f.check_ordered_id = a.current_check_id
    JOIN verification_check k ON k.id = f.check_ordered_id AND k.status = 'concluded'
    JOIN applications_pattern p ON p.id = NEW.pattern_id AND p.employer_code = t.employer_code
    WHERE t.id = NEW.certificate_id AND f.member = t.member_key AND f.kind = 'understated_income'
      AND f.state = 'confirmed' AND f.gone_at IS NULL
) THEN
    RAISE EXCEPTION 'a certificate counts against its employer by a finding that a person has confirmed' USING ERRCODE =
    'check_violation';
END IF;
RETURN NEW;
"""


class Certificate(models.Model):
    """What an employer certifies of a member's income (收入证明), as the clerk reads it off the paper."""

    attachment = models.OneToOneField(Attachment, on_delete=models.PROTECT, related_name="certificate")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="certificates")
    member_key = models.CharField(max_length=10)
    employer_name = models.CharField(_("employer"), max_length=120)
    employer_code = models.CharField(_("credit code"), max_length=18)
    signatory = models.CharField(_("signed for the employer by"), max_length=60)
    monthly_income = models.DecimalField(_("monthly income (CNY)"), max_digits=11, decimal_places=2)
    issued_on = models.DateField(_("issued on"))
    recorded_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("certificate of income")
        verbose_name_plural = _("certificates of income")
        ordering = ("-issued_on", "-pk")
        constraints = (
            models.CheckConstraint(condition=Q(monthly_income__gt=0), name="certificate_has_an_income"),
            models.CheckConstraint(
                condition=Q(employer_code__regex=r"^[0-9A-Z]{18}$") & ~Q(signatory="") & ~Q(member_key=""),
                name="certificate_names_employer_signatory_and_member",
            ),
        )
        indexes = (models.Index(fields=["employer_code", "issued_on"], name="certificate_of_employer"),)
        triggers = (append_only("certificate_is_kept"),)

    def __str__(self) -> str:
        return f"{self.employer_name} {self.issued_on}"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), append_only=True)
class PatternThreshold(models.Model):
    """From when on contradicted certificates of one employer are a pattern; dated, with its basis."""

    effective_from = models.DateField(_("in force from"), unique=True)
    months = models.PositiveSmallIntegerField(
        _("issued within (months)"), default=24, validators=[MinValueValidator(1), MaxValueValidator(120)]
    )
    # By how much the wages found must exceed those certified before a certificate counts as contradicted.
    tolerance = models.DecimalField(_("tolerance"), max_digits=4, decimal_places=2, default=Decimal("0.10"))
    least_contradicted = models.PositiveSmallIntegerField(
        _("least number contradicted"), default=3, validators=[MinValueValidator(1)]
    )
    least_share = models.DecimalField(
        _("least share contradicted"), max_digits=4, decimal_places=2, default=Decimal("0.50")
    )
    basis = models.CharField(_("basis"), max_length=200)

    class Meta:
        verbose_name = _("threshold of an employer's pattern")
        verbose_name_plural = _("thresholds of an employer's pattern")
        ordering = ("-effective_from",)
        constraints = (
            models.CheckConstraint(
                condition=Q(
                    least_share__gt=0, least_share__lte=1, tolerance__gte=0, least_contradicted__gte=1, months__gte=1
                ),
                name="pattern_threshold_is_possible",
            ),
        )

    def __str__(self) -> str:
        return f"{self.effective_from} {self.basis}"


class Pattern(models.Model):
    """A lead that a credit officer opened on an employer for the certificates that persons found contradicted."""

    lead = models.OneToOneField(Lead, on_delete=models.PROTECT, related_name="pattern")
    employer_code = models.CharField(_("credit code"), max_length=18)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("pattern of an employer")
        verbose_name_plural = _("patterns of employers")
        ordering = ("-at", "-pk")
        indexes = (models.Index(fields=["employer_code"], name="pattern_of_employer"),)
        triggers = (append_only("pattern_is_kept"),)

    def __str__(self) -> str:
        return f"{self.employer_code} → {self.lead}"


class PatternCertificate(models.Model):
    """A certificate of a pattern, with the finding that contradicts it; it counts once."""

    pattern = models.ForeignKey(Pattern, on_delete=models.PROTECT, related_name="certificates")
    certificate = models.OneToOneField(Certificate, on_delete=models.PROTECT, related_name="counted")
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("contradicted certificate")
        verbose_name_plural = _("contradicted certificates")
        triggers = (
            append_only("pattern_certificate_is_kept"),
            pgtrigger.Trigger(
                name="certificate_is_contradicted_by_a_person",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=CONTRADICTED_BY_A_PERSON,
            ),
        )

    def __str__(self) -> str:
        return f"{self.pattern} · {self.certificate}"
