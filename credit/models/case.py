"""A case against subjects of the registry: what they are said to have done, what is on file, what they say to it."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from bureau.fields import ProtectedTextField
from bureau.models import Document, Staff, append_only, kept
from credit.clocks import Event
from credit.models.act import SEVERITIES, Act, Policy
from credit.models.lead import Lead
from credit.models.subject import Subject
from credit.querysets import CaseQuerySet


class Case(models.Model):
    """One dishonest act, from its opening to the end of what follows from it."""

    class Status(models.TextChoices):
        """Where it stands."""

        OPENED = "opened", _("Evidence is gathered")
        PROPOSED = "proposed", _("Proposed finding told")
        AT_PANEL = "at_panel", _("Before the panel")
        FOUND = "found", _("Found; notice to be served")
        NOTIFIED = "notified", _("Notice served; time to correct")
        RECORDED = "recorded", _("Recorded; sanction runs")
        CURED = "cured", _("Corrected; closed without a record")
        NOT_FOUND = "not_found", _("Not found by the panel")
        DROPPED = "dropped", _("Case dropped")
        RELEASED = "released", _("Ban over")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        # Translators: 经复议或判决撤销
        REVOKED = "revoked", _("Revoked by a court or reviewing body")

    number = models.CharField(_("number"), max_length=20, unique=True)
    lead = models.OneToOneField(Lead, on_delete=models.PROTECT, related_name="case", verbose_name=_("lead"))
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="+", verbose_name=_("policy"))
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="cases", verbose_name=_("act"))
    occurred_on = models.DateField(_("day of the act"))
    months = models.PositiveSmallIntegerField(_("months that it lasted"), null=True, blank=True)
    severity = models.CharField(_("severity"), max_length=12, choices=SEVERITIES)  # proposed, then decided
    facts = ProtectedTextField(_("facts"))
    proposals = models.PositiveSmallIntegerField(default=0)  # how often a finding was proposed; the newest one counts
    office_code = models.CharField(max_length=12)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.OPENED)
    status_since = models.DateTimeField(default=timezone.now)
    opened_on = models.DateField(_("opened on"))
    opened_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("credit case")
        verbose_name_plural = _("credit cases")
        ordering = ("-opened_on", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(
                    status__in=[
                        *("opened", "proposed", "at_panel", "found", "notified", "recorded", "cured", "not_found"),
                        *("dropped", "released", "withdrawn", "revoked"),
                    ]
                ),
                name="credit_case_status_is_known",
            ),
            models.CheckConstraint(condition=Q(severity__in=[*SEVERITIES]), name="credit_case_severity_is_known"),
            models.CheckConstraint(
                condition=Q(occurred_on__lte=F("opened_on")), name="credit_case_opens_after_the_act"
            ),
        )
        indexes = (models.Index(fields=["status", "status_since"], name="credit_case_of_status"),)
        triggers = (kept("credit_case_is_kept"),)

    def __str__(self) -> str:
        return self.number

    @cached_property
    def letters(self) -> list[Document]:
        """The letters that have gone out about it, the newest first; read once."""
        return list(Document.objects.of(self).defer("data"))


class Party(models.Model):
    """Whom a case is about: who acted, and who belongs to the household that benefits are kept from."""

    class Part(models.TextChoices):
        """In which part."""

        ACTOR = "actor", _("Acted")
        MEMBER = "member", _("Member of the household")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="parties")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="parties")
    part = models.CharField(_("part"), max_length=6, choices=Part)

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        constraints = (
            models.UniqueConstraint(fields=["case", "subject"], name="party_is_in_a_case_once"),
            models.CheckConstraint(condition=Q(part__in=["actor", "member"]), name="party_part_is_known"),
        )
        triggers = (append_only("party_is_kept"),)

    def __str__(self) -> str:
        return f"{self.case} · {self.subject}"

    @property
    def acted(self) -> bool:
        """Whether this one acted."""
        return self.part == self.Part.ACTOR


class Evidence(models.Model):
    """Something on file that bears out the act: of which required kind, under which number it is kept.

    Its scan, if there is one, was checked for type, size and content, and is kept encrypted outside the web root.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField(_("kind"), max_length=100)  # of `Act.evidence`, or another in the officer's words
    reference = models.CharField(_("reference"), max_length=120)
    note = ProtectedTextField(_("what it shows"))
    scan = models.FileField(_("scan"), upload_to="evidence/%Y/%m", blank=True)  # things have none
    content_type = models.CharField(max_length=40, blank=True)
    size = models.PositiveIntegerField(_("size"), default=0)
    digest = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ("at", "pk")
        constraints = (
            models.CheckConstraint(condition=~Q(kind="") & ~Q(reference=""), name="evidence_says_what_and_where"),
            models.CheckConstraint(
                condition=Q(scan="", content_type="", size=0, digest="")
                | (Q(size__gt=0) & ~Q(scan="") & ~Q(content_type="") & ~Q(digest="")),
                name="evidence_scan_is_whole",
            ),
            models.UniqueConstraint(
                fields=["case", "kind", "digest"], condition=~Q(digest=""), name="evidence_scan_is_on_file_once"
            ),
        )
        triggers = (append_only("evidence_is_kept"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"

    @property
    def kind_of_file(self) -> str:
        """PDF, JPEG, PNG: as people call it."""
        return self.content_type.rpartition("/")[2].upper()


class Statement(models.Model):
    """What the subject said to the proposed finding (陈述申辩), and what the officer made of it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="statements")
    text = ProtectedTextField(_("statement"))
    weighed = ProtectedTextField(_("how it was weighed"))
    turn = models.PositiveSmallIntegerField(default=1)  # to which proposal
    received_on = models.DateField(_("received on"))
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ("received_on", "pk")
        triggers = (append_only("statement_is_kept"),)

    def __str__(self) -> str:
        return f"{self.case} {self.received_on}"


class Happening(models.Model):
    """What moves the clocks of a recorded case, with its legal date and the paper that it rests on."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="happenings")
    event = models.CharField(_("event"), max_length=14, choices=[(event.value, event.value) for event in Event])
    on = models.DateField(_("day"))
    basis = models.CharField(_("rests on"), max_length=200)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("event of a case")
        verbose_name_plural = _("events of a case")
        ordering = ("on", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(event__in=[event.value for event in Event]), name="happening_event_is_known"
            ),
            models.CheckConstraint(condition=~Q(basis=""), name="happening_rests_on_a_paper"),
            models.UniqueConstraint(fields=["case", "event", "on"], name="happening_is_told_once"),
        )
        triggers = (append_only("happening_is_kept"),)

    def __str__(self) -> str:
        return f"{self.event} {self.on}"


class Seat(models.Model):
    """A seat on the panel of a case (认定小组), and the vote of who holds it: given once, with its reason."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="seats")
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="panel_seats", verbose_name=_("member"))
    finds = models.BooleanField(_("finds the act"), null=True)
    severity = models.CharField(_("severity"), max_length=12, choices=SEVERITIES, blank=True)
    reason = ProtectedTextField(_("reason"), blank=True)
    voted_at = models.DateTimeField(_("voted at"), null=True)

    class Meta:
        verbose_name = _("panel seat")
        verbose_name_plural = _("panel seats")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=["case", "by"], name="seat_is_held_once"),
            models.CheckConstraint(
                condition=Q(finds__isnull=True, voted_at__isnull=True, severity="")
                | Q(finds=False, voted_at__isnull=False, severity="")
                | Q(finds=True, voted_at__isnull=False, severity__in=[*SEVERITIES]),
                name="seat_vote_is_whole",
            ),
        )
        triggers = (
            kept("seat_is_kept"),
            pgtrigger.Protect(
                name="vote_is_given_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.voted_at IS NOT NULL AND OLD.* IS DISTINCT FROM NEW.*"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.case} · {self.by}"
