"""A check on its way to each source: the queue of inquiries, and the round trips that carried them."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bureau.fields import ProtectedBytesField
from bureau.models import append_only, kept
from verification.facts import Outcome
from verification.models.check import Check
from verification.models.round import Round
from verification.models.source import Source
from verification.querysets import ExchangeQuerySet, InquiryQuerySet, LeaseQuerySet

OF_A_CHECK_AND_A_SOURCE = """
IF EXISTS (
    SELECT 1 FROM (SELECT DISTINCT check_ordered_id AS id FROM asked) a
    WHERE NOT EXISTS (SELECT 1 FROM verification_check c WHERE c.id = a.id)
) OR EXISTS (
    SELECT 1 FROM (SELECT DISTINCT source_id AS id FROM asked) a
    WHERE NOT EXISTS (SELECT 1 FROM verification_source s WHERE s.id = a.id)
) THEN
    RAISE EXCEPTION 'an inquiry must be of a check and to a source that exist' USING ERRCODE = 'foreign_key_violation';
END IF;
RETURN NULL;
"""


class Inquiry(models.Model):
    """One check put to one source. The row is the queue: its state, attempts and lease say who may ask and when."""

    class State(models.TextChoices):
        """Where an inquiry stands."""

        OPEN = "open", _("Waiting for the answer")
        ANSWERED = "answered", _("Answered")
        FAILED = "failed", _("No answer")
        NOT_ASKED = "not_asked", _("Not asked")
        CANCELLED = "cancelled", _("Cancelled")

    # No index of their own for foreign keys: each would be written at every answer. Check and source are looked up once
    # per statement, not once per row (`inquiry_is_of_a_check_and_a_source`), and never change or go afterwards.
    check_ordered = models.ForeignKey(
        Check, on_delete=models.PROTECT, related_name="inquiries", db_index=False, db_constraint=False
    )
    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, related_name="inquiries", db_index=False, db_constraint=False
    )
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    reason = models.CharField(max_length=20, blank=True)  # an Outcome: why there is no answer
    runs = models.PositiveSmallIntegerField(default=1)  # asked again by a person: a new run, with references of its own
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(default=timezone.now)
    lease = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    ticket = models.CharField(max_length=80, blank=True)  # a batch that the province is still working on
    asked_at = models.DateTimeField(null=True)  # for the first time in this run
    first_asked_at = models.DateTimeField(null=True)  # in whatever run
    answered_at = models.DateTimeField(null=True)
    milliseconds = models.PositiveIntegerField(null=True)
    outcomes = models.JSONField(default=dict)  # member key -> Outcome
    answer = ProtectedBytesField(null=True)  # msgspec JSON of connector.Answer
    exchange = models.ForeignKey(
        "Exchange", on_delete=models.PROTECT, null=True, related_name="inquiries", db_index=False
    )

    objects = InquiryQuerySet.as_manager()

    class Meta:
        verbose_name = _("inquiry")
        verbose_name_plural = _("inquiries")
        constraints = (
            models.UniqueConstraint(fields=["check_ordered", "source"], name="inquiry_is_one_per_check_and_source"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "answered", "failed", "not_asked", "cancelled"]),
                name="inquiry_state_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="answered") | Q(answer__isnull=False, answered_at__isnull=False),
                name="inquiry_answered_has_answer",
            ),
            models.CheckConstraint(condition=~Q(state="failed") | ~Q(reason=""), name="inquiry_failed_has_reason"),
        )
        # No column that a claim writes is in an index: with room on the page a claim then writes no index at all.
        indexes = (
            models.Index(fields=["not_before"], condition=Q(state="open"), name="inquiry_due"),
            models.Index(fields=["source"], condition=Q(state="open"), name="inquiry_open"),
            models.Index(fields=["source"], condition=Q(state="failed"), name="inquiry_failed"),
        )
        triggers = (
            kept("inquiry_is_kept"),
            pgtrigger.Trigger(
                name="inquiry_is_of_a_check_and_a_source",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="asked"),  # type: ignore[no-untyped-call]
                func=OF_A_CHECK_AND_A_SOURCE,
            ),
            pgtrigger.Protect(
                name="inquiry_once_answered_changes_by_a_new_run_only",
                when=pgtrigger.After,  # before, every row would be locked and logged once more to ask whether it may
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "NEW.runs < OLD.runs OR NEW.check_ordered_id <> OLD.check_ordered_id"
                    " OR NEW.source_id <> OLD.source_id OR (OLD.state = 'answered' AND"
                    " (NEW.answer, NEW.outcomes, NEW.answered_at, NEW.exchange_id) IS DISTINCT FROM"
                    " (OLD.answer, OLD.outcomes, OLD.answered_at, OLD.exchange_id))"
                    " OR (OLD.state = 'answered' AND NEW.state <> 'answered' AND NEW.runs = OLD.runs)"
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.check_ordered} · {self.source.code}"

    @property
    def is_settled(self) -> bool:
        """Whether nothing more is expected of this source."""
        return self.state != self.State.OPEN

    @property
    def is_complete(self) -> bool:
        """Whether the source said of every person what it knows: found, or looked and found none."""
        return self.state == self.State.ANSWERED and all(Outcome(word).is_answer for word in self.outcomes.values())


class Lease(models.Model):
    """What one claim has out at one source: taken from the source's room until it is back, or its time has run out."""

    token = models.UUIDField()  # `Inquiry.lease` of what was claimed
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="leases", db_index=False)
    places = models.PositiveIntegerField()  # households still out
    until = models.DateTimeField()
    checks = ArrayField(models.BigIntegerField())  # whose inquiries were claimed

    objects = LeaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("lease")
        verbose_name_plural = _("leases")
        constraints = (models.UniqueConstraint(fields=["source", "token"], name="lease_is_one_per_claim_and_source"),)

    def __str__(self) -> str:
        return f"{self.source} · {self.places}"


class Exchange(models.Model):
    """One round trip with a source, byte for byte: the evidence behind the answers it carried."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="exchanges", verbose_name=_("source"))
    number = models.UUIDField(_("number"), unique=True)
    request_number = models.CharField(max_length=64, blank=True)  # as the source knows it
    asked_at = models.DateTimeField(_("asked at"))
    ended_at = models.DateTimeField(_("ended at"))
    outcome = models.CharField(_("outcome"), max_length=20)  # "answered" or the Outcome of the failure
    detail = models.CharField(_("detail"), max_length=200, blank=True)
    households = models.PositiveIntegerField(_("households"))
    settled = models.PositiveIntegerField(default=0)  # households with which nothing more is expected of the source
    round = models.ForeignKey(Round, on_delete=models.PROTECT, null=True, related_name="exchanges")
    told = models.PositiveIntegerField(default=0)  # persons of whom the answers in it tell: found, or none
    hits = models.JSONField(default=dict)  # by kind of record: of how many persons there are some
    request = ProtectedBytesField(packed=True)
    reply = ProtectedBytesField(packed=True)
    request_digest = models.CharField(_("request digest"), max_length=64)
    reply_digest = models.CharField(_("reply digest"), max_length=64)
    # Its link in the chain of the source (verification/evidence.py); null in rows older than the chains.
    lane = models.SmallIntegerField(null=True, editable=False)
    place = models.BigIntegerField(null=True, editable=False)  # 1, 2, 3, … within the lane, without gaps
    previous = models.BinaryField(max_length=32, null=True)
    digest = models.BinaryField(max_length=32, null=True)

    objects = ExchangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("exchange")
        verbose_name_plural = _("exchanges")
        ordering = ("-asked_at",)
        constraints = (
            models.UniqueConstraint(fields=["source", "lane", "place"], name="exchange_lane_has_no_forks"),
            models.CheckConstraint(
                condition=Q(lane__isnull=True, place__isnull=True, previous__isnull=True, digest__isnull=True)
                | Q(lane__isnull=False, place__isnull=False, previous__isnull=False, digest__isnull=False),
                name="exchange_is_chained_or_not",
            ),
        )
        indexes = (
            models.Index(fields=["source", "-asked_at"], name="exchange_of_source"),
            models.Index(fields=["round", "source"], condition=Q(round__isnull=False), name="exchange_of_round"),
        )
        triggers = (
            append_only("exchange_is_append_only"),
            pgtrigger.Protect(
                name="exchange_joins_its_chain",
                operation=pgtrigger.Insert,
                condition=pgtrigger.Condition('NEW."place" IS NULL'),
            ),
        )

    def __str__(self) -> str:
        return f"{self.source.name} {timezone.localtime(self.asked_at):%Y-%m-%d %H:%M:%S}"
