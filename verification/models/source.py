"""The departments, the province and the banks: whom a check can ask, and how."""

from typing import ClassVar

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bureau.fields import ProtectedTextField
from verification.facts import RecordKind
from verification.querysets import SourceQuerySet

# The limits of a source, each with the least and the most that it may be. Far beyond what any source needs, near enough
# that a slip of the keyboard does not stop the asking of all of them.
LIMITS = {
    "batch_size": (1, 200),  # docs/source-contract.md, section 4
    "concurrency": (1, 100_000),
    "connect_seconds": (0.01, 60),
    "read_seconds": (0.01, 600),
    "total_seconds": (0.01, 600),
    "max_attempts": (1, 20),
    "backoff_seconds": (0.001, 600),
    "per_minute": (1, 1_000_000),
    "circuit_failures": (1, 1000),
    "circuit_seconds": (0.01, 3600),
}


def _within(name: str) -> list[MinValueValidator | MaxValueValidator]:
    least, most = LIMITS[name]
    return [MinValueValidator(least), MaxValueValidator(most)]


class Dialect(models.TextChoices):
    """The wire dialects of docs/source-contract.md."""

    GOV_JSON = "gov_json", _("Government JSON")
    BANK_XML = "bank_xml", _("Bank XML")
    PROVINCE_BATCH = "province_batch", _("Provincial batch")


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    append_only=True,
    # The secret is nobody's to read; how the source fared is not what a person changed.
    exclude=[
        "secret",
        "failures_in_row",
        "open_until",
        "allowance",
        "allowance_at",
        "last_success_at",
        "last_failure_at",
    ],
)
class Source(models.Model):
    """A department, the province or a bank that can be asked:
    how to reach it, how gently, and what its silence means.
    """

    class Policy(models.TextChoices):
        """What follows when the source does not answer."""

        MUST_ANSWER = "must_answer", _("Must answer")
        MAY_BE_MISSING = "may_be_missing", _("May be missing")

    KIND_CHOICES: ClassVar = [(kind.value, kind.value) for kind in RecordKind]

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name_zh = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=80)
    place = models.SmallIntegerField(_("order"), default=0)
    dialect = models.CharField(_("dialect"), max_length=20, choices=Dialect)
    kinds = ArrayField(models.CharField(max_length=20, choices=KIND_CHOICES), verbose_name=_("record kinds"))
    url = models.URLField(_("address"))
    key_id = models.CharField(_("key id"), max_length=60)
    secret = ProtectedTextField(_("secret"), max_length=200, help_text=_("Hexadecimal. Written, never shown."))
    enabled = models.BooleanField(_("in use"), default=True)
    agreement_from = models.DateField(_("agreement from"), null=True, blank=True)
    agreement_to = models.DateField(_("agreement until"), null=True, blank=True)
    policy = models.CharField(_("when it does not answer"), max_length=20, choices=Policy, default=Policy.MUST_ANSWER)
    contact = models.CharField(_("contact"), max_length=120, blank=True)

    batch_size = models.PositiveSmallIntegerField(
        _("households per request"), default=200, validators=_within("batch_size")
    )
    concurrency = models.PositiveIntegerField(
        _("households in flight"), default=2000, validators=_within("concurrency")
    )
    connect_seconds = models.FloatField(_("connect limit (s)"), default=2, validators=_within("connect_seconds"))
    read_seconds = models.FloatField(_("read limit (s)"), default=8, validators=_within("read_seconds"))
    total_seconds = models.FloatField(_("total limit (s)"), default=20, validators=_within("total_seconds"))
    max_attempts = models.PositiveSmallIntegerField(_("attempts"), default=4, validators=_within("max_attempts"))
    backoff_seconds = models.FloatField(
        _("first pause between attempts (s)"), default=2, validators=_within("backoff_seconds")
    )
    per_minute = models.PositiveIntegerField(
        _("households per minute"),
        null=True,
        blank=True,
        validators=_within("per_minute"),
        help_text=_("Over all workers; empty: no limit."),
    )
    quiet_from = models.TimeField(_("not asked daily from"), null=True, blank=True)
    quiet_to = models.TimeField(_("not asked daily until"), null=True, blank=True)
    circuit_failures = models.PositiveSmallIntegerField(
        _("failures that open the circuit"), default=10, validators=_within("circuit_failures")
    )
    circuit_seconds = models.FloatField(
        _("pause of an open circuit (s)"), default=15, validators=_within("circuit_seconds")
    )

    failures_in_row = models.PositiveIntegerField(_("failures in a row"), default=0, editable=False)
    open_until = models.DateTimeField(_("circuit open until"), null=True, editable=False)
    allowance = models.FloatField(default=0, editable=False)  # households that may be asked at once, of `per_minute`
    allowance_at = models.DateTimeField(null=True, editable=False)
    last_success_at = models.DateTimeField(_("last success"), null=True, editable=False)
    last_failure_at = models.DateTimeField(_("last failure"), null=True, editable=False)

    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ("place", "code")
        constraints = (
            models.CheckConstraint(condition=Q(dialect__in=Dialect.values), name="source_dialect_is_known"),
            models.CheckConstraint(
                condition=Q(
                    **{f"{name}__gte": least for name, (least, _most) in LIMITS.items() if name != "per_minute"}
                )
                & (Q(per_minute__isnull=True) | Q(per_minute__gte=1)),
                name="source_limits_are_positive",
            ),
            models.CheckConstraint(  # not a number is more than any number to PostgreSQL
                condition=Q(**{f"{name}__lte": most for name, (_least, most) in LIMITS.items() if name != "per_minute"})
                & (Q(per_minute__isnull=True) | Q(per_minute__lte=LIMITS["per_minute"][1])),
                name="source_limits_are_sensible",
            ),
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_to__isnull=True)
                | Q(quiet_from__isnull=False, quiet_to__isnull=False),
                name="source_quiet_hours_have_both_ends",
            ),
            models.CheckConstraint(
                condition=Q(policy__in=["must_answer", "may_be_missing"]), name="source_policy_is_known"
            ),
        )
        triggers = (
            pgtrigger.Trigger(
                name="source_once_asked_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                func="""
                IF EXISTS (SELECT 1 FROM verification_inquiry WHERE source_id = OLD.id) THEN
                    RAISE EXCEPTION 'a source of which a check is on file stays: switch it off' USING ERRCODE =
                    'foreign_key_violation';
                END IF;
                RETURN OLD;
                """,
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_en if (get_language() or "").startswith("en") else self.name_zh

    @property
    def is_open(self) -> bool:
        """Whether the circuit is open: the source failed too often and is left alone for a while."""
        return self.open_until is not None and self.open_until > timezone.now()
