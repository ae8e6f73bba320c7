"""The yearly review (年审): a round over everyone in benefit, one review per household, and what households report."""

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from applications.models import Application
from benefits.models.exit import Exit
from benefits.models.subsidy import Grant
from benefits.models.tenancy import Tenancy
from benefits.querysets import ReviewQuerySet, ReviewRoundQuerySet
from bureau.fields import ProtectedBytesField, ProtectedJSONField, ProtectedTextField
from bureau.models import Document, Staff, append_only, changes_only, kept
from credit.models import Lead
from verification.models import Check, Round

OPEN = ("reporting", "checking", "unanswered")

# An outcome never without the check that carries it: kept in benefit only when found fit, put out only when found
# unfit on a finding that a person has confirmed, taken for dead only on a death that a person has confirmed.
CARRIED = """
IF NEW.status IN ('renewed', 'changed', 'to_exit', 'dead') AND NOT EXISTS (
    SELECT 1 FROM verification_conclusion c
    LEFT JOIN verification_finding f ON f.id = c.decisive_finding_id
    WHERE c.check_ordered_id = NEW.check_ordered_id AND CASE NEW.status
        WHEN 'to_exit' THEN c.outcome = 'unfit' AND f.state = 'confirmed' AND f.gone_at IS NULL
        WHEN 'dead' THEN EXISTS (
            SELECT 1 FROM verification_finding d
            WHERE d.check_ordered_id = c.check_ordered_id AND d.kind = 'deceased_member' AND d.state = 'confirmed'
        )
        ELSE c.outcome = 'fit'
    END
) THEN
    RAISE EXCEPTION 'outcome % of a review is not carried by its check', NEW.status USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), append_only=True)
class ReviewPolicy(models.Model):
    """How the yearly review is held, dated, with its basis."""

    effective_from = models.DateField(_("in force from"), unique=True)
    report_days = models.PositiveSmallIntegerField(_("days to report"), default=20)
    demands_report = models.BooleanField(
        _("every household has to report"),
        default=False,
        help_text=_("If not, who says nothing says that nothing has changed, and is checked like all others."),
    )
    grace_days = models.PositiveSmallIntegerField(_("days to answer a reminder"), default=30)
    basis = models.CharField(_("basis"), max_length=200)

    class Meta:
        # Translators: 年审规则
        verbose_name = _("review policy")
        verbose_name_plural = _("review policies")
        ordering = ("-effective_from",)
        constraints = (
            models.CheckConstraint(condition=Q(report_days__gte=1, grace_days__gte=1), name="review_leaves_time"),
        )

    def __str__(self) -> str:
        return f"{self.effective_from} {self.basis}"


class ReviewRound(models.Model):
    """One yearly review (年审批次) of everyone in benefit in an area: first they report, then they are checked."""

    class Status(models.TextChoices):
        """Where it stands."""

        # Translators: 申报期
        REPORTING = "reporting", _("Households report")
        # Translators: 核对中
        CHECKING = "checking", _("Households are checked")
        CLOSED = "closed", pgettext_lazy("review", "Closed")

    number = models.CharField(_("number"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=80)
    kinds = ArrayField(models.CharField(max_length=20), verbose_name=_("benefits"))
    office_code = models.CharField(_("area"), max_length=12)
    policy = models.ForeignKey(ReviewPolicy, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.REPORTING)
    status_since = models.DateTimeField(default=timezone.now)
    opened_on = models.DateField(pgettext_lazy("review", "opened on"))
    reports_until = models.DateField(_("reports until"))
    answers_until = models.DateField(_("reminders until"))  # then silence has its consequence
    opened_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    round = models.OneToOneField(Round, on_delete=models.PROTECT, null=True, related_name="review_round")

    objects = ReviewRoundQuerySet.as_manager()

    class Meta:
        # Translators: 年审批次
        verbose_name = _("yearly review")
        verbose_name_plural = _("yearly reviews")
        ordering = ("-opened_on", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(status__in=["reporting", "checking", "closed"]), name="review_round_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(reports_until__gt=F("opened_on"), answers_until__gt=F("reports_until")),
                name="review_round_leaves_time",
            ),
            models.CheckConstraint(
                condition=Q(status="reporting") | Q(round__isnull=False), name="review_round_checks_in_a_round"
            ),
        )
        indexes = (models.Index(fields=["office_code"], name="review_round_office", opclasses=["varchar_pattern_ops"]),)
        triggers = (
            kept("review_round_is_kept"),
            changes_only("review_round_only_goes_on", "status", "status_since", "round_id", filled_in_once=False),
        )

    def __str__(self) -> str:
        return self.number


class Review(models.Model):
    """The review of one household in a round, to its outcome."""

    class Status(models.TextChoices):
        """Where it stands."""

        # Translators: 待申报
        REPORTING = "reporting", _("To report, or to be checked")
        # Translators: 核对中
        CHECKING = "checking", pgettext_lazy("review", "Being checked")
        # Translators: 未按期申报
        UNANSWERED = "unanswered", _("Not answered")
        # Translators: 继续保障
        RENEWED = "renewed", _("Renewed")
        # Translators: 继续保障，金额调整
        CHANGED = "changed", _("Renewed, amount changed")
        # Translators: 应退出
        TO_EXIT = "to_exit", _("To leave")
        # Translators: 户内成人均已死亡
        DEAD = "dead", _("Nobody is alive")
        # Translators: 保障已结束，不再年审
        OVER = "over", _("Benefit ended meanwhile")

    review_round = models.ForeignKey(ReviewRound, on_delete=models.PROTECT, related_name="reviews")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="reviews")
    tenancy = models.ForeignKey(Tenancy, on_delete=models.PROTECT, null=True, related_name="reviews")
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, null=True, related_name="reviews")
    office_code = models.CharField(max_length=12)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.REPORTING)
    status_since = models.DateTimeField(default=timezone.now)
    reported_on = models.DateField(_("reported on"), null=True)  # the first report
    check_ordered = models.OneToOneField(Check, on_delete=models.PROTECT, null=True, related_name="review")
    reminded_on = models.DateField(_("reminded on"), null=True)
    amount_before = models.DecimalField(_("amount before"), max_digits=10, decimal_places=2, null=True)
    amount_after = models.DecimalField(_("amount after"), max_digits=10, decimal_places=2, null=True)
    decided_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    decided_on = models.DateField(pgettext_lazy("review", "decided on"), null=True)
    letter = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")  # the notice
    exit = models.OneToOneField(Exit, on_delete=models.PROTECT, null=True, related_name="review")

    objects = ReviewQuerySet.as_manager()

    class Meta:
        # Translators: 年审
        verbose_name = pgettext_lazy("household", "review")
        verbose_name_plural = pgettext_lazy("household", "reviews")
        ordering = ("review_round", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(status__in=[*OPEN, "renewed", "changed", "to_exit", "dead", "over"]),
                name="review_status_is_known",
            ),
            models.CheckConstraint(
                condition=Q(tenancy__isnull=False, grant__isnull=True) | Q(tenancy__isnull=True, grant__isnull=False),
                name="review_is_of_one_benefit",
            ),
            models.UniqueConstraint(fields=["review_round", "application"], name="review_is_held_once_in_a_round"),
            models.UniqueConstraint(
                fields=["application"], condition=Q(status__in=OPEN), name="household_has_one_open_review"
            ),
            models.CheckConstraint(
                condition=~Q(status="checking") | Q(check_ordered__isnull=False), name="review_checking_has_a_check"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["changed", "to_exit", "dead"])
                | Q(decided_by__isnull=False, decided_on__isnull=False),
                name="review_that_changes_anything_is_decided_by_a_person",
            ),
        )
        indexes = (
            models.Index(fields=["review_round", "status", "office_code"], name="review_in_round"),
            models.Index(fields=["office_code"], name="review_office_prefix", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["status"], condition=Q(status__in=OPEN), name="review_open"),
            models.Index(fields=["id"], condition=Q(status="reporting", letter=None), name="review_to_notify"),
        )
        triggers = (
            kept("review_is_kept"),
            changes_only(
                "review_only_goes_on",
                *("status", "status_since", "reported_on", "check_ordered_id", "reminded_on", "letter_id"),
                *("amount_before", "amount_after", "decided_by_id", "decided_on", "exit_id"),
                filled_in_once=False,
            ),
            pgtrigger.Trigger(
                name="review_outcome_is_carried_by_its_check",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=CARRIED,
            ),
        )

    def __str__(self) -> str:
        return f"{self.review_round} {self.application}"

    @property
    def number(self) -> str:
        """By which a page is asked for it."""
        return f"{self.review_round.number}-{self.pk}"

    @property
    def benefit(self) -> Tenancy | Grant:
        """What the household gets: the home, or the subsidy."""
        found = self.tenancy or self.grant
        assert found is not None  # noqa: S101 -- a constraint of the table
        return found

    @property
    def is_in_time(self) -> bool:
        """Whether the household reported by the last day of the window."""
        return self.reported_on is not None and self.reported_on <= self.review_round.reports_until


class SelfReport(models.Model):
    """What a household reported at the window, and its declaration as changed by it. A correction is another one."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="reports")
    made_on = models.DateField(pgettext_lazy("report", "made on"))
    events = ProtectedJSONField(default=list)  # of life_events.Event; empty: nothing has changed
    words = ProtectedTextField(_("in its own words"), blank=True)
    declared = ProtectedBytesField()  # msgspec JSON of verification.facts.Declared
    digest = models.CharField(max_length=64)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        # Translators: 年度申报
        verbose_name = _("yearly report")
        verbose_name_plural = _("yearly reports")
        ordering = ("-review_id", "-pk")
        triggers = (append_only("self_report_is_kept"),)

    def __str__(self) -> str:
        return f"{self.review} {self.made_on}"


class ReviewReferral(models.Model):
    """A confirmed finding of a review that was referred to the registry: once, for good."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="referrals")
    lead = models.OneToOneField(Lead, on_delete=models.PROTECT, related_name="review_referral")
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = pgettext_lazy("review", "referral")
        verbose_name_plural = pgettext_lazy("review", "referrals")
        ordering = ("at", "pk")
        triggers = (append_only("review_referral_is_kept"),)

    def __str__(self) -> str:
        return f"{self.review} → {self.lead}"
