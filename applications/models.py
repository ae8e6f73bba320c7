"""Who asks for a home or a subsidy, what they declare and sign, what each desk says, what is decided."""

from datetime import date, timedelta
from typing import ClassVar

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.querysets import LIVE, ApplicationQuerySet, NoticeQuerySet
from bureau.fields import BlindIndexField, ProtectedBytesField, ProtectedJSONField, ProtectedTextField
from bureau.models import Document, Office, Staff, append_only
from bureau.roles import Tier
from verification.models import Check, Conclusion

# A person's place is taken while the application lives: one live application or benefit per person.
FOLLOW_STATUS = (
    "UPDATE applications_member SET live = NEW.status IN ({}) WHERE application_id = NEW.id; RETURN NULL;".format(  # noqa: S608 -- our own words
        ", ".join(f"'{status}'" for status in LIVE)
    )
)


# Asked when the transaction ends, of the status that the case has by then: a benefit or its refusal never without a
# decision that says so, a rejection never without an opinion.
DECIDED_FIRST = """
DECLARE now_is text;
BEGIN
    SELECT status INTO now_is FROM applications_application WHERE id = NEW.id;
    IF (now_is IN ('on_notice', 'approved', 'refused') AND NOT EXISTS (
        SELECT 1 FROM applications_decision d
        WHERE d.application_id = NEW.id AND d.superseded_at IS NULL
          AND d.outcome = CASE now_is WHEN 'refused' THEN 'refuse' ELSE 'grant' END
    )) OR (now_is = 'rejected' AND NOT EXISTS (
        SELECT 1 FROM applications_opinion o WHERE o.application_id = NEW.id AND o.outcome = 'reject'
    )) THEN
        RAISE EXCEPTION 'status % needs the decision or opinion that carries it', now_is
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END;
"""


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), append_only=True)
class Procedure(models.Model):
    """Time limits of the procedure, dated, with their basis. Working days except where said."""

    effective_from = models.DateField(_("in force from"), unique=True)
    street_days = models.PositiveSmallIntegerField(_("street review"), default=5)
    district_days = models.PositiveSmallIntegerField(_("district review"), default=5)
    city_days = models.PositiveSmallIntegerField(_("city review"), default=3)
    check_days = models.PositiveSmallIntegerField(_("check by the sources"), default=5)
    decision_days = models.PositiveSmallIntegerField(_("decision"), default=5)
    correction_days = models.PositiveSmallIntegerField(_("correction by the household"), default=10)
    notice_days = models.PositiveSmallIntegerField(_("public notice (calendar days)"), default=10)
    basis = models.CharField(_("basis"), max_length=200)

    class Meta:
        verbose_name = _("time limits")
        verbose_name_plural = _("time limits")
        ordering = ("-effective_from",)

    def __str__(self) -> str:
        return f"{self.effective_from} {self.basis}"


class Application(models.Model):
    """A household's application, from the first key stroke at the window to its end."""

    class Kind(models.TextChoices):
        """What is applied for."""

        PUBLIC_RENTAL = "public_rental", _("Public rental home")
        RENTAL_SUBSIDY = "rental_subsidy", _("Rental subsidy")

    class Status(models.TextChoices):
        """Where an application stands."""

        DRAFT = "draft", _("Draft")
        AT_STREET = "at_street", _("At the street")
        AT_DISTRICT = "at_district", _("At the district")
        AT_CITY = "at_city", _("At the city")
        CHECK_DUE = "check_due", _("Check to be ordered")
        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("Checked, to be decided")
        ON_NOTICE = "on_notice", _("On public notice")
        RETURNED = "returned", _("Returned for correction")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Refused")
        REJECTED = "rejected", _("Rejected in review")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        DISCARDED = "discarded", _("Draft discarded")

    PREFIXES: ClassVar = {Kind.PUBLIC_RENTAL: "GZ", Kind.RENTAL_SUBSIDY: "BT"}

    reference = models.CharField(_("reference"), max_length=20, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.DRAFT)
    status_since = models.DateTimeField(default=timezone.now)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+", verbose_name=_("window"))
    office_code = models.CharField(max_length=12)
    keyed_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", verbose_name=_("keyed by"))
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    accepted_on = models.DateField(_("accepted on"), null=True, blank=True)  # chooses the policy version
    applicant_name = models.CharField(_("applicant"), max_length=60, blank=True)
    household_size = models.PositiveSmallIntegerField(_("persons"), default=0)
    due_on = models.DateField(_("due on"), null=True, blank=True)  # of the tier that has the case now
    days_left = models.SmallIntegerField(null=True)  # working days left when the clock was paused by a return
    returned_to = models.CharField(max_length=12, blank=True)  # the tier status that asked for the correction
    declaration = models.ForeignKey("Declaration", on_delete=models.PROTECT, null=True, related_name="+")
    current_check = models.ForeignKey(Check, on_delete=models.PROTECT, null=True, related_name="+")

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ("-created_at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(status__in=["draft", *LIVE, "refused", "rejected", "withdrawn", "discarded"]),
                name="application_status_is_known",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["public_rental", "rental_subsidy"]), name="application_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "discarded"])
                | Q(submitted_at__isnull=False, accepted_on__isnull=False, declaration__isnull=False),
                name="application_under_way_has_been_submitted",
            ),
        )
        indexes = (
            models.Index(fields=["office_code"], name="application_office_prefix", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["status", "due_on"], name="application_by_status"),
            models.Index(fields=["keyed_by", "status"], name="application_by_clerk"),
            GinIndex(fields=["applicant_name"], name="application_name_trgm", opclasses=["gin_trgm_ops"]),
        )
        triggers = (
            pgtrigger.Protect(name="application_is_kept", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="members_live_while_their_application_does",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("status"),  # type: ignore[no-untyped-call]
                condition=pgtrigger.Condition("OLD.status IS DISTINCT FROM NEW.status"),
                func=FOLLOW_STATUS,
            ),
            pgtrigger.Trigger(
                name="status_is_carried_by_a_decision",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                timing=pgtrigger.Deferred,
                func=DECIDED_FIRST,
            ),
        )

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """The case page; while it is a draft, its task list."""
        name = (
            "applications:task_list"
            if self.status in {self.Status.DRAFT, self.Status.RETURNED}
            else "applications:case"
        )
        return reverse(name, args=[self.reference])

    @property
    def tier(self) -> str:
        """The tier that has the case before it."""
        return {
            self.Status.AT_STREET: Tier.STREET,
            self.Status.AT_DISTRICT: Tier.DISTRICT,
            self.Status.AT_CITY: Tier.CITY,
        }.get(self.Status(self.status), Tier.CITY)


class Draft(models.Model):
    """What the clerk has typed so far, section by section, apart from anything official. Kept for a correction."""

    application = models.OneToOneField(Application, on_delete=models.CASCADE, related_name="draft")
    sections = ProtectedJSONField(default=dict)  # section name -> what the form holds, as typed
    version = models.PositiveIntegerField(default=1)  # a page opened on an older one does not overwrite
    saved_at = models.DateTimeField(default=timezone.now)
    saved_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")

    def __str__(self) -> str:
        return str(self.application)


class Declaration(models.Model):
    """What the household declared, as signed: one version per submission, never changed."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="declarations")
    version = models.PositiveSmallIntegerField()
    content = ProtectedBytesField()  # msgspec JSON of verification.facts.Declared
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("declaration")
        verbose_name_plural = _("declarations")
        ordering = ("application", "-version")
        constraints = (
            models.UniqueConstraint(fields=["application", "version"], name="declaration_version_is_unique"),
        )
        triggers = (append_only("declaration_is_append_only"),)

    def __str__(self) -> str:
        return f"{self.application} v{self.version}"


class Member(models.Model):
    """A person of an applying household.

    `live` follows the application's status by trigger: one live case per person.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="members")
    key = models.CharField(max_length=10)
    name = models.CharField(_("name"), max_length=60)
    relation = models.CharField(_("relation"), max_length=2)
    id_number = ProtectedTextField(_("ID number"))
    id_index = BlindIndexField(of="id_number")
    born_on = models.DateField(_("born on"))
    live = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        ordering = ("application", "key")
        constraints = (
            models.UniqueConstraint(fields=["application", "key"], name="member_key_is_unique"),
            models.UniqueConstraint(fields=["application", "id_index"], name="member_is_in_a_household_once"),
            models.UniqueConstraint(
                fields=["application"], condition=Q(relation="01"), name="household_has_one_applicant"
            ),
            models.UniqueConstraint(
                fields=["id_index"], condition=Q(live=True), name="person_has_one_live_application"
            ),
        )
        indexes = (models.Index(fields=["id_index"], name="member_by_id"),)

    def __str__(self) -> str:
        return f"{self.application} {self.key}"


class Attachment(models.Model):
    """A paper that the household brought, scanned:
    checked for type, size and content, kept encrypted outside the web root.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="attachments")
    section = models.CharField(_("section"), max_length=20)
    member_key = models.CharField(max_length=10, blank=True)
    title = models.CharField(_("title"), max_length=80)
    file = models.FileField(_("file"), upload_to="attachments/%Y/%m")
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField(_("size"))
    digest = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ("uploaded_at",)
        constraints = (models.CheckConstraint(condition=Q(size__gt=0), name="attachment_is_not_empty"),)

    def __str__(self) -> str:
        return self.title


class Signature(models.Model):
    """What a commitment of honesty and an authorisation have in common:
    who signed for which member, when, on which scan.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="%(class)ss")
    member_key = models.CharField(max_length=10)
    person_index = BlindIndexField()
    signer = models.CharField(_("signer"), max_length=60)
    guardian = models.CharField(_("guardian's relation"), max_length=40, blank=True)  # for minors and incapable members
    signed_on = models.DateField(_("signed on"))
    scan = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)  # of the scan as signed
    form = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+", null=True)  # the printed form
    recorded_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True


class Commitment(Signature):
    """A signed commitment of honesty (守信承诺书, clause B3)."""

    class Meta:
        verbose_name = _("commitment of honesty")
        verbose_name_plural = _("commitments of honesty")
        constraints = (
            models.UniqueConstraint(
                fields=["application", "member_key"],
                condition=Q(ended_at__isnull=True),
                name="commitment_is_one_per_member",
            ),
        )

    def __str__(self) -> str:
        return f"{self.application} {self.member_key}"


class Authorisation(Signature):
    """A signed authorisation to check (核对授权书):
    no query leaves without a live one for that person, kind and purpose.
    """

    number = models.CharField(_("number"), max_length=40)
    kinds = ArrayField(models.CharField(max_length=20))
    purposes = ArrayField(models.CharField(max_length=20))
    valid_to = models.DateField(_("valid until"), null=True)  # null: as long as the application and the benefit last

    class Meta:
        verbose_name = _("authorisation")
        verbose_name_plural = _("authorisations")
        constraints = (
            models.UniqueConstraint(
                fields=["application", "member_key"],
                condition=Q(ended_at__isnull=True),
                name="authorisation_is_one_per_member",
            ),
        )

    def __str__(self) -> str:
        return self.number


class Opinion(models.Model):
    """What a desk wrote when it forwarded, returned or rejected.

    Kept for ever; struck through when its facts changed.
    """

    class Outcome(models.TextChoices):
        """What a desk can say."""

        FORWARD = "forward", _("Forwarded")
        RETURN = "return", _("Returned for correction")
        REJECT = "reject", _("Rejected")

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="opinions")
    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="+")
    tier = models.CharField(_("tier"), max_length=10, choices=Tier)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    text = models.TextField(_("opinion"))
    valid = models.BooleanField(default=True)
    invalid_since = models.DateTimeField(null=True)
    invalid_because = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("opinion")
        verbose_name_plural = _("opinions")
        ordering = ("at",)
        constraints = (
            models.CheckConstraint(condition=~Q(text=""), name="opinion_has_words"),
            models.CheckConstraint(condition=Q(tier__in=["street", "district", "city"]), name="opinion_tier_is_known"),
            models.CheckConstraint(
                condition=Q(valid=True) | Q(invalid_since__isnull=False), name="opinion_invalid_has_a_time"
            ),
            models.UniqueConstraint(
                fields=["application", "by"],
                condition=Q(valid=True, outcome="forward"),
                name="nobody_signs_a_case_twice",
            ),
        )
        triggers = (
            pgtrigger.Protect(name="opinion_is_kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="opinion_words_do_not_change",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("text", "outcome", "by", "at", "tier"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.application} {self.tier}: {self.outcome}"


class Decision(models.Model):
    """The housing officer's decision on a concluded check, with the policy version and the reasons kept."""

    class Outcome(models.TextChoices):
        """What is decided."""

        GRANT = "grant", _("Granted")
        REFUSE = "refuse", _("Refused")

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="decisions")
    conclusion = models.ForeignKey(Conclusion, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome)
    opinion = models.TextField()
    reasons = models.JSONField(default=list)  # failed criteria: name, value, limit, article
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    letter = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")
    superseded_at = models.DateTimeField(null=True)  # by a re-check after an objection

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints = (
            models.UniqueConstraint(
                fields=["application"], condition=Q(superseded_at__isnull=True), name="application_has_one_decision"
            ),
            models.CheckConstraint(condition=~Q(opinion=""), name="decision_has_an_opinion"),
        )
        triggers = (
            pgtrigger.Protect(name="decision_is_kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="decision_does_not_change",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("application", "conclusion", "outcome", "opinion", "by", "at"),
            ),
            pgtrigger.Trigger(
                name="decision_agrees_with_the_conclusion",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                IF NOT EXISTS (
                    SELECT 1 FROM verification_conclusion c JOIN applications_application a ON a.id = NEW.application_id
                    WHERE c.id = NEW.conclusion_id AND c.check_ordered_id = a.current_check_id
                      AND c.outcome = CASE NEW.outcome WHEN 'grant' THEN 'fit' ELSE 'unfit' END
                ) THEN
                    RAISE EXCEPTION 'a decision must agree with the conclusion of the current check' USING ERRCODE =
                    'check_violation';
                END IF;
                RETURN NEW;
                """,
            ),
        )

    def __str__(self) -> str:
        return f"{self.application}: {self.outcome}"


class PublicNotice(models.Model):
    """The masked notice of an intended grant: what is published, from when to when."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="notices")
    opens_on = models.DateField(_("opens on"))
    closes_on = models.DateField(_("closes on"))  # the first day on which it no longer runs
    masked_name = models.CharField(_("applicant"), max_length=60)
    household_size = models.PositiveSmallIntegerField(_("persons"))
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("public notice")
        verbose_name_plural = _("public notices")
        ordering = ("-opens_on",)
        constraints = (
            models.CheckConstraint(condition=Q(closes_on__gt=models.F("opens_on")), name="notice_runs_at_least_a_day"),
            models.UniqueConstraint(
                fields=["application"], condition=Q(closed_at__isnull=True), name="notice_runs_once_at_a_time"
            ),
        )

    def __str__(self) -> str:
        return f"{self.application} {self.opens_on} – {self.closes_on}"

    @property
    def last_day(self) -> date:
        """The last day on which it runs."""
        return self.closes_on - timedelta(days=1)


class NoticeObjection(models.Model):
    """What somebody brought forward against a notice, and what was found.

    While one is open the notice does not close.
    """

    notice = models.ForeignKey(PublicNotice, on_delete=models.PROTECT, related_name="objections")
    received_on = models.DateField(_("received on"), default=timezone.localdate)
    objector = ProtectedTextField(_("objector"), blank=True, default="")  # may stay anonymous
    text = models.TextField(_("objection"))
    recorded_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    upheld = models.BooleanField(null=True)
    answer = models.TextField(_("answer"), blank=True)

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        ordering = ("received_on", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True)
                | (Q(settled_by__isnull=False, upheld__isnull=False) & ~Q(answer="")),
                name="objection_is_settled_by_a_person_with_an_answer",
            ),
        )

    def __str__(self) -> str:
        return f"{self.notice} {self.received_on}"
