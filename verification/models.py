"""The check centre's tables: sources, standards, checks, inquiries, exchanges, assessments, findings, conclusions."""

from typing import ClassVar

import msgspec
import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bureau.fields import ProtectedBytesField, ProtectedTextField, blind_index
from bureau.models import Document, Staff, append_only
from verification.facts import Declared, Outcome, RecordKind
from verification.querysets import CheckQuerySet, FindingQuerySet, InquiryQuerySet, SourceQuerySet, StandardQuerySet


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
    exclude=["secret", "failures_in_row", "open_until", "last_success_at", "last_failure_at"],
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

    batch_size = models.PositiveSmallIntegerField(_("households per request"), default=200)
    concurrency = models.PositiveIntegerField(_("households in flight"), default=2000)
    connect_seconds = models.FloatField(_("connect limit (s)"), default=2)
    read_seconds = models.FloatField(_("read limit (s)"), default=8)
    total_seconds = models.FloatField(_("total limit (s)"), default=20)
    max_attempts = models.PositiveSmallIntegerField(_("attempts"), default=4)
    backoff_seconds = models.FloatField(_("first pause between attempts (s)"), default=2)
    circuit_failures = models.PositiveSmallIntegerField(_("failures that open the circuit"), default=10)
    circuit_seconds = models.FloatField(_("pause of an open circuit (s)"), default=15)

    failures_in_row = models.PositiveIntegerField(_("failures in a row"), default=0, editable=False)
    open_until = models.DateTimeField(_("circuit open until"), null=True, editable=False)
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
                condition=Q(batch_size__gte=1, concurrency__gte=1, max_attempts__gte=1),
                name="source_limits_are_positive",
            ),
            models.CheckConstraint(
                condition=Q(policy__in=["must_answer", "may_be_missing"]), name="source_policy_is_known"
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


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), append_only=True)
class Standard(models.Model):
    """A city's standard of one programme, in force from a day to a day, both included:
    policy as dated data with its legal basis.
    """

    code = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    city = models.CharField(_("city"), max_length=6, help_text=_("Division code of 6 digits."))
    programme = models.CharField(_("programme"), max_length=20)
    effective_from = models.DateField(_("in force from"))
    effective_to = models.DateField(_("in force until"), null=True, blank=True)
    document = models.CharField(_("document"), max_length=200)
    content = models.JSONField(_("content"))  # verification.standards.Standard
    in_use = models.BooleanField(
        _("applies to our applications"), default=False, help_text=_("Off for worked samples of other cities.")
    )

    objects = StandardQuerySet.as_manager()

    class Meta:
        verbose_name = _("standard")
        verbose_name_plural = _("standards")
        ordering = ("city", "programme", "-effective_from")
        constraints = (
            models.UniqueConstraint(fields=["city", "programme", "effective_from"], name="standard_is_one_per_day"),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gt=F("effective_from")),
                name="standard_ends_after_it_begins",
            ),
        )

    def __str__(self) -> str:
        return self.name


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
    queue = models.CharField(max_length=10, default="checks")  # checks: one household; rounds: many

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
        )
        indexes = (
            models.Index(fields=["status", "status_since"], name="check_by_status"),
            models.Index(fields=["office_code"], name="check_office_prefix", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["subject"], name="check_of_subject"),
        )

    def __str__(self) -> str:
        return self.number

    def person_indexes(self) -> list[bytes]:
        """The blind indexes of the household's ID numbers."""
        declared = msgspec.json.decode(self.declared, type=Declared)
        return [blind_index(person.id_number) for person in declared.persons]


class Inquiry(models.Model):
    """One check put to one source. The row is the queue: its state, attempts and lease say who may ask and when."""

    class State(models.TextChoices):
        """Where an inquiry stands."""

        OPEN = "open", _("Waiting for the answer")
        ANSWERED = "answered", _("Answered")
        FAILED = "failed", _("No answer")
        NOT_ASKED = "not_asked", _("Not asked")
        CANCELLED = "cancelled", _("Cancelled")

    check_ordered = models.ForeignKey(Check, on_delete=models.PROTECT, related_name="inquiries")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="inquiries")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    reason = models.CharField(max_length=20, blank=True)  # an Outcome: why there is no answer
    runs = models.PositiveSmallIntegerField(default=1)  # asked again by a person: a new run, with references of its own
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(default=timezone.now)
    lease = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    ticket = models.CharField(max_length=80, blank=True)  # a batch that the province is still working on
    asked_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    milliseconds = models.PositiveIntegerField(null=True)
    outcomes = models.JSONField(default=dict)  # member key -> Outcome
    answer = ProtectedBytesField(null=True)  # msgspec JSON of connector.Answer
    exchange = models.ForeignKey("Exchange", on_delete=models.PROTECT, null=True, related_name="inquiries")

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
        indexes = (
            models.Index(fields=["not_before"], condition=Q(state="open"), name="inquiry_due"),
            models.Index(
                fields=["source", "lease_until"],
                condition=Q(state="open", lease_until__isnull=False),
                name="inquiry_live_leases",
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
    request = ProtectedBytesField()
    reply = ProtectedBytesField()
    request_digest = models.CharField(_("request digest"), max_length=64)
    reply_digest = models.CharField(_("reply digest"), max_length=64)

    class Meta:
        verbose_name = _("exchange")
        verbose_name_plural = _("exchanges")
        ordering = ("-asked_at",)
        indexes = (models.Index(fields=["source", "-asked_at"], name="exchange_of_source"),)
        triggers = (append_only("exchange_is_append_only"),)

    def __str__(self) -> str:
        return f"{self.source.code} {self.asked_at:%Y-%m-%d %H:%M:%S}"


class Assessment(models.Model):
    """What the machine makes of the answers:
    statement, comparison, proposed conclusion; with all inputs, so that it replays.
    """

    check_ordered = models.ForeignKey(Check, on_delete=models.PROTECT, related_name="assessments")
    version = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField(default=timezone.now)
    on = models.DateField()
    standard = models.ForeignKey(Standard, on_delete=models.PROTECT)
    rules_version = models.CharField(max_length=20)
    inputs = ProtectedBytesField()  # everything `assess` was given
    result = ProtectedBytesField()  # msgspec JSON of comparison.Assessed
    result_digest = models.CharField(max_length=64)
    proposed = models.CharField(max_length=10)
    asked = models.PositiveSmallIntegerField()
    answered = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("check_ordered", "-version")
        constraints = (
            models.UniqueConstraint(fields=["check_ordered", "version"], name="assessment_version_is_unique"),
            models.CheckConstraint(
                condition=Q(proposed__in=["fit", "unfit", "incomplete"]), name="assessment_proposes_a_known_conclusion"
            ),
        )
        triggers = (append_only("assessment_is_append_only"),)

    def __str__(self) -> str:
        return f"{self.check_ordered} v{self.version}: {self.proposed}"


class Finding(models.Model):
    """Something in the answers that a person must look at.

    It has no consequence until a person confirms it, with a reason.
    """

    class State(models.TextChoices):
        """Where a finding stands."""

        OPEN = "open", _("To be settled")
        CONFIRMED = "confirmed", _("Confirmed")
        DISMISSED = "dismissed", _("Dismissed")
        LAPSED = "lapsed", _("No longer there")

    check_ordered = models.ForeignKey(Check, on_delete=models.PROTECT, related_name="findings")
    fingerprint = models.CharField(max_length=64)
    kind = models.CharField(max_length=40)
    member = models.CharField(max_length=10, blank=True)
    source_code = models.CharField(max_length=30, blank=True)
    weight = models.BigIntegerField(default=0)
    params = models.JSONField(default=dict)
    supports = ArrayField(models.CharField(max_length=40), default=list)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    settled_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ("-weight", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["check_ordered", "fingerprint"], name="finding_is_one_per_check_and_fingerprint"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "confirmed", "dismissed", "lapsed"]), name="finding_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "lapsed"])
                | (Q(settled_by__isnull=False, settled_at__isnull=False) & ~Q(reason="")),
                name="finding_is_settled_by_a_person_with_a_reason",
            ),
        )
        indexes = (models.Index(fields=["fingerprint"], name="finding_fingerprint"),)
        triggers = (
            pgtrigger.Protect(name="finding_is_kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="finding_once_settled_stays_settled",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "(OLD.state IN ('confirmed', 'dismissed') AND (OLD.state, OLD.settled_by_id, OLD.reason, OLD.kind)"
                    " IS DISTINCT FROM (NEW.state, NEW.settled_by_id, NEW.reason, NEW.kind))"
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} ({self.state})"


CARRIED_BY_THE_CHECK = """
IF NEW.outcome = 'unfit' AND NOT EXISTS (
    SELECT 1 FROM verification_finding f
    WHERE f.id = NEW.decisive_finding_id AND f.check_ordered_id = NEW.check_ordered_id
      AND f.state = 'confirmed' AND f.settled_by_id IS NOT NULL
) THEN
    RAISE EXCEPTION 'an unfit conclusion needs a finding of this check confirmed by a person' USING ERRCODE =
    'check_violation';
END IF;
IF NEW.outcome = 'fit' AND NOT EXISTS (
    SELECT 1 FROM verification_assessment a
    WHERE a.id = NEW.assessment_id AND a.check_ordered_id = NEW.check_ordered_id AND a.proposed = 'fit'
      AND a.version = (SELECT max(version) FROM verification_assessment WHERE check_ordered_id = NEW.check_ordered_id)
) THEN
    RAISE EXCEPTION 'a fit conclusion needs the newest assessment of its check to propose it' USING ERRCODE =
    'check_violation';
END IF;
RETURN NEW;
"""


class Conclusion(models.Model):
    """What a person concludes from a check.

    Unfit only on a finding that a person confirmed; the database holds that.
    """

    class Outcome(models.TextChoices):
        """The three conclusions."""

        FIT = "fit", _("Fit")
        UNFIT = "unfit", _("Unfit")
        INCOMPLETE = "incomplete", _("Incomplete")

    check_ordered = models.OneToOneField(Check, on_delete=models.PROTECT, related_name="conclusion")
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT)
    outcome = models.CharField(max_length=10, choices=Outcome)
    opinion = models.TextField()
    decisive_finding = models.ForeignKey(Finding, on_delete=models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    report = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("conclusion")
        verbose_name_plural = _("conclusions")
        constraints = (
            models.CheckConstraint(
                condition=Q(outcome__in=["fit", "unfit", "incomplete"]), name="conclusion_outcome_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(outcome="unfit") | Q(decisive_finding__isnull=False),
                name="conclusion_unfit_rests_on_a_finding",
            ),
            models.CheckConstraint(condition=~Q(opinion=""), name="conclusion_has_an_opinion"),
        )
        triggers = (
            pgtrigger.Trigger(
                name="conclusion_is_carried_by_its_check",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=CARRIED_BY_THE_CHECK,
            ),
            pgtrigger.Protect(name="conclusion_is_kept", operation=pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"{self.check_ordered}: {self.outcome}"
