"""What happened to a case and who looked at it: the tables that only grow, filed under the case's label."""

from typing import Any

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bureau.models.office import Office
from bureau.models.staff import Staff
from bureau.querysets import AuditQuerySet, TimelineQuerySet

APPEND_ONLY = "Rows of this table are written once and never changed."


def append_only(name: str) -> pgtrigger.Trigger:
    """A trigger that refuses every change and removal of a row."""
    return pgtrigger.Protect(name=name, operation=pgtrigger.Update | pgtrigger.Delete)


def kept(name: str) -> pgtrigger.Trigger:
    """A trigger that refuses the removal of a row."""
    return pgtrigger.Protect(name=name, operation=pgtrigger.Delete)


def asks_first(name: str, func: str) -> pgtrigger.Trigger:
    """A trigger that lets a new row in only when `func`, PL/pgSQL that ends with RETURN NEW, raises nothing."""
    return pgtrigger.Trigger(name=name, when=pgtrigger.Before, operation=pgtrigger.Insert, func=func)


def changes_only(name: str, *columns: str, filled_in_once: bool = True) -> pgtrigger.Trigger:
    """A trigger that lets nothing but these columns of a row change, and each of them only while it is empty.

    Columns are named as in the database. Columns that join the table later are protected from the start.
    """
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition("OLD.* IS DISTINCT FROM NEW.*"),
        func=_CHANGES_ONLY.format(
            columns=", ".join(f"'{column}'" for column in columns), once="true" if filled_in_once else "false"
        ),
    )


# Compares the rows as JSON, so that one trigger serves every table. Empty is null, and '' for words.
_CHANGES_ONLY = """
DECLARE
    free CONSTANT text[] := ARRAY[{columns}]::text[];
    before CONSTANT jsonb := to_jsonb(OLD);
    after CONSTANT jsonb := to_jsonb(NEW);
BEGIN
    IF before - free IS DISTINCT FROM after - free OR ({once} AND EXISTS (
        SELECT 1 FROM unnest(free) AS name
        WHERE before -> name IS DISTINCT FROM after -> name AND before ->> name <> ''
    )) THEN
        RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END;
"""


def label_of(subject: Any) -> str:
    """The model label under which timeline, audit and documents file a subject."""
    return str(subject._meta.label_lower)


class TimelineEntry(models.Model):
    """Something that happened to a case. Written once, shown for ever, newest first."""

    subject_kind = models.CharField(max_length=60)  # model label, such as "applications.application"
    subject_id = models.BigIntegerField()
    event = models.CharField(max_length=40)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")  # null: the system
    office = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.TextField(blank=True)
    facts = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)

    objects = TimelineQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-pk")
        indexes = (models.Index(fields=["subject_kind", "subject_id", "-at"], name="timeline_of_subject"),)
        triggers = (append_only("timeline_is_append_only"),)

    def __str__(self) -> str:
        return f"{self.event} {self.at:%Y-%m-%d %H:%M}"


class AuditEntry(models.Model):
    """One look at a household's data, or one search: who, where, when, which case, why, which fields.

    Rows form chains of keyed SM3 digests, one chain per lane, so that writers do not wait for one another; within a
    lane
    every row carries the digest of the row before it.
    """

    class Action(models.TextChoices):
        """What was done."""

        LOOK = "look", _("Looked at")
        SEARCH = "search", _("Searched")
        # Translators: 显示证件号码
        REVEAL = "reveal", _("Revealed")
        DOWNLOAD = "download", _("Downloaded")
        PRINT = "print", _("Printed")
        API = "api", _("Read by program")

    lane = models.SmallIntegerField()
    place = models.BigIntegerField()  # 1, 2, 3, … within the lane, without gaps
    at = models.DateTimeField()
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    office_code = models.CharField(max_length=12, blank=True)
    action = models.CharField(max_length=20, choices=Action)
    subject_kind = models.CharField(max_length=60, blank=True)
    subject_id = models.BigIntegerField(null=True)
    reference = models.CharField(max_length=40, blank=True)
    purpose = models.CharField(max_length=120)
    fields = ArrayField(models.CharField(max_length=40), default=list)
    request_number = models.CharField(max_length=12, blank=True)
    previous = models.BinaryField(max_length=32)
    digest = models.BinaryField(max_length=32)

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ("-at", "-pk")
        constraints = (models.UniqueConstraint(fields=["lane", "place"], name="audit_lane_has_no_forks"),)
        indexes = (
            models.Index(fields=["subject_kind", "subject_id", "-at"], name="audit_of_subject"),
            models.Index(fields=["staff", "-at"], name="audit_of_staff"),
        )
        triggers = (append_only("audit_is_append_only"),)

    def __str__(self) -> str:
        return f"{self.action} {self.reference} {self.at:%Y-%m-%d %H:%M}"


class ChainHead(models.Model):
    """Where a lane of a chain ends, sealed by whoever wrote its newest row, in the same transaction.

    A chain alone does not miss rows that were cut off at its end; the head does.
    """

    chain = models.CharField(max_length=60)  # "audit", or "exchange:" and the code of a source
    lane = models.SmallIntegerField()
    place = models.BigIntegerField()  # of the newest row; 0 before the first
    digest = models.BinaryField(max_length=32)  # of the newest row
    seal = models.BinaryField(max_length=32)  # keyed, over chain, lane, place and digest

    class Meta:
        constraints = (models.UniqueConstraint(fields=["chain", "lane"], name="chain_has_one_head_per_lane"),)
        triggers = (
            pgtrigger.Protect(name="chain_head_is_kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="chain_head_only_goes_forward",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    'NEW."chain" <> OLD."chain" OR NEW."lane" <> OLD."lane" OR NEW."place" <= OLD."place"'
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.chain}, lane {self.lane}: {self.place}"
