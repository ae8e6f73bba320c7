"""A check as it was ordered: whose, for which case and purpose, with what was declared."""

import msgspec
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bureau.fields import ProtectedBytesField, blind_index
from bureau.models import Staff, kept
from verification.facts import Declared
from verification.models.round import Round
from verification.models.standard import Standard
from verification.querysets import CheckQuerySet

# What was ordered, and of whom. Only the authorisations may shrink afterwards.
ORDERED = (
    *("number", "purpose", "subject", "office_code", "declared", "standard_id", "accepted_on", "as_of", "since"),
    *("ordered_by_id", "ordered_at", "round_id", "kept_away"),
)


def _row(record: str, columns: tuple[str, ...]) -> str:
    return "(" + ", ".join(f'{record}."{column}"' for column in columns) + ")"


class Check(models.Model):
    """One household put to all sources for one purpose (核对)."""

    class Status(models.TextChoices):
        """Where a check stands."""

        ASKING = "asking", _("Asking the sources")
        SETTLED = "settled", _("Answers complete")
        ASSESSED = "assessed", _("Awaiting conclusion")
        CONCLUDED = "concluded", _("Concluded")
        CANCELLED = "cancelled", _("Cancelled")

    number = models.CharField(max_length=30, unique=True)
    purpose = models.CharField(max_length=20)
    subject = models.CharField(max_length=40)  # the reference of the case that commissioned it
    office_code = models.CharField(max_length=12)
    status = models.CharField(max_length=12, choices=Status, default=Status.ASKING)
    status_since = models.DateTimeField(default=timezone.now)
    declared = ProtectedBytesField()  # msgspec JSON of facts.Declared
    authorisations = models.JSONField(default=dict)  # member key -> {"number", "kinds", "valid_to"}
    standard = models.ForeignKey(Standard, on_delete=models.PROTECT)
    accepted_on = models.DateField()  # chooses the policy version
    as_of = models.DateField()
    since = models.DateField()
    ordered_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    ordered_at = models.DateTimeField(default=timezone.now)
    # Ids of staff who keyed the case: whoever commissions a check says who has nothing to do in it.
    kept_away = ArrayField(models.BigIntegerField(), default=list, editable=False)
    queue = models.CharField(max_length=10, default="checks")  # checks: one household; rounds: many
    assess_failures = models.PositiveSmallIntegerField(default=0)  # in a row, since the answers were complete
    assess_failed_at = models.DateTimeField(null=True)
    assess_failure = models.CharField(max_length=200, blank=True)  # what went wrong and where in the code
    assess_after = models.DateTimeField(null=True)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, null=True, related_name="checks")

    objects = CheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("check")
        verbose_name_plural = _("checks")
        ordering = ("-ordered_at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(status__in=["asking", "settled", "assessed", "concluded", "cancelled"]),
                name="check_status_is_known",
            ),
            models.UniqueConstraint(
                fields=["subject", "purpose"],
                condition=Q(status__in=["asking", "settled", "assessed"]),
                name="check_is_open_once_per_case_and_purpose",
            ),
            models.CheckConstraint(
                condition=Q(assess_failed_at__isnull=True, assess_after__isnull=True, assess_failure="")
                | (Q(assess_failed_at__isnull=False, assess_after__isnull=False) & ~Q(assess_failure="")),
                name="check_failed_with_a_reason_and_is_tried_again",
            ),
        )
        indexes = (
            models.Index(fields=["status", "status_since"], name="check_by_status"),
            models.Index(fields=["office_code"], name="check_office_prefix", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["subject"], name="check_of_subject"),
            models.Index(fields=["subject"], condition=Q(status="concluded"), name="check_concluded"),
            models.Index(fields=["-ordered_at", "-id"], name="check_newest"),
            models.Index(fields=["id"], condition=Q(status="asking", queue="checks"), name="check_single_asking"),
            # What lists and figures ask of the checks that they join, so that they read no whole row.
            models.Index(
                fields=["id"], include=["office_code", "purpose", "status", "status_since"], name="check_in_short"
            ),
            models.Index(fields=["round", "status"], condition=Q(round__isnull=False), name="check_of_round"),
        )
        triggers = (
            kept("check_is_kept"),
            pgtrigger.Protect(
                name="check_once_ended_stays_ended",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.status IN ('concluded', 'cancelled') AND NEW.status IS DISTINCT FROM OLD.status"
                ),
            ),
            pgtrigger.Protect(
                name="check_order_does_not_change",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(f"({_row('OLD', ORDERED)} IS DISTINCT FROM {_row('NEW', ORDERED)})"),
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def is_stuck(self) -> bool:
        """Whether the answers are complete and could not be assessed; it is tried again, and may be asked again."""
        failed = self.assess_failed_at is not None and self.assess_failed_at >= self.status_since
        return self.status == self.Status.SETTLED and failed

    def person_indexes(self) -> list[bytes]:
        """The blind indexes of the household's ID numbers."""
        declared = msgspec.json.decode(self.declared, type=Declared)
        return [blind_index(person.id_number) for person in declared.persons]
