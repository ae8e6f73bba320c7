"""The application itself: where it stands, from the window to its end."""

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.querysets import LIVE, ApplicationQuerySet
from bureau.models import Office, Staff, kept
from bureau.roles import Tier
from verification.models import Check

# A person's place is taken while the application lives: one live application or benefit per person.
FOLLOW_STATUS = (
    "UPDATE applications_member SET live = NEW.status IN ({}) WHERE application_id = NEW.id; RETURN NULL;".format(  # noqa: S608 -- our own words
        ", ".join(f"'{status}'" for status in LIVE)
    )
)


# Asked when the transaction ends, of the status that the case has by then: a check never without the agreement of
# all three tiers, a case checked never without the conclusion, a benefit or its refusal never without a decision that
# says so, a rejection never without an opinion.
DECIDED_FIRST = """
DECLARE
    now_is text;
    now_declared bigint;
    its_check bigint;
    its_reference text;
BEGIN
    SELECT status, declaration_id, current_check_id, reference INTO now_is, now_declared, its_check, its_reference
    FROM applications_application WHERE id = NEW.id;
    IF now_is IN ('check_due', 'checking') AND (
        SELECT count(DISTINCT o.tier) FROM applications_opinion o
        WHERE o.application_id = NEW.id AND o.declaration_id = now_declared AND o.valid AND o.outcome = 'forward'
    ) < 3 THEN
        RAISE EXCEPTION 'status % needs the agreement of all three tiers to the present declaration', now_is
            USING ERRCODE = 'check_violation';
    END IF;
    IF now_is IN ('checking', 'checked') AND NOT EXISTS (
        SELECT 1 FROM verification_check k LEFT JOIN verification_conclusion c ON c.check_ordered_id = k.id
        WHERE k.id = its_check AND k.subject = its_reference
          AND (now_is = 'checking' OR (k.status = 'concluded' AND c.id IS NOT NULL))
    ) THEN
        RAISE EXCEPTION 'status % needs a check of its own, concluded before it is checked', now_is
            USING ERRCODE = 'check_violation';
    END IF;
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


# Whatever moves a case, one by one or in sets, says since when it is where it is: so the desk that it leaves is told.
LEAVES_A_DESK = """
INSERT INTO applications_stay (application_id, stage, kind, office_code, entered_on, left_on)
SELECT NEW.id, OLD.status, NEW.kind, NEW.office_code, came, GREATEST(came, went) FROM (SELECT
    (OLD.status_since AT TIME ZONE 'Asia/Shanghai')::date AS came,
    (NEW.status_since AT TIME ZONE 'Asia/Shanghai')::date AS went
) AS days;
RETURN NULL;
"""

# What lies at the housing officer's, or lay there: none of these is reached without a concluded check.
WAS_CHECKED = """
NEW.was_checked = NEW.status IN ('checked', 'on_notice', 'approved', 'closed', 'refused');
IF TG_OP = 'UPDATE' THEN
    NEW.was_checked = NEW.was_checked OR OLD.was_checked;
END IF;
RETURN NEW;
"""


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
        # Translators: 保障已终止
        CLOSED = "closed", _("Benefit ended")
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
    fast = models.BooleanField(_("fast lane"), default=False)  # why: `FastLane`
    returned_to = models.CharField(max_length=12, blank=True)  # the tier status that asked for the correction
    declaration = models.ForeignKey("Declaration", on_delete=models.PROTECT, null=True, related_name="+")
    current_check = models.ForeignKey(Check, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    was_checked = models.BooleanField(default=False, editable=False)  # ever; kept by the database

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ("-created_at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(status__in=["draft", *LIVE, "closed", "refused", "rejected", "withdrawn", "discarded"]),
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
            # With all that the figures of checks ask of a case.
            models.Index(fields=["current_check"], include=["office_code", "kind", "id"], name="application_of_check"),
            GinIndex(fields=["applicant_name"], name="application_name_trgm", opclasses=["gin_trgm_ops"]),
        )
        triggers = (
            kept("application_is_kept"),
            pgtrigger.Trigger(
                name="members_live_while_their_application_does",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("status"),  # type: ignore[no-untyped-call]  # pgtrigger has no types
                condition=pgtrigger.Condition("OLD.status IS DISTINCT FROM NEW.status"),
                func=FOLLOW_STATUS,
            ),
            pgtrigger.Trigger(
                name="once_checked_stays_checked",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("status", "was_checked"),  # type: ignore[no-untyped-call]
                func=WAS_CHECKED,
            ),
            pgtrigger.Trigger(
                name="time_at_each_desk_is_kept",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("status_since"),  # type: ignore[no-untyped-call]  # pgtrigger has no types
                condition=pgtrigger.Condition("OLD.status_since <> NEW.status_since AND OLD.status <> 'draft'"),
                func=LEAVES_A_DESK,
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
        return self.tier_of(self.status)

    @classmethod
    def tier_of(cls, status: str) -> str:
        """The tier that has a case of this status before it."""
        return {
            cls.Status.AT_STREET: Tier.STREET,
            cls.Status.AT_DISTRICT: Tier.DISTRICT,
            cls.Status.AT_CITY: Tier.CITY,
        }.get(cls.Status(status), Tier.CITY)
