"""The waiting list: the place of an approved household, what it was offered, and by which policy places are ordered."""

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from applications.models import Application
from benefits.models.home import Home
from benefits.querysets import TurnQuerySet
from benefits.waiting import GROUPS
from bureau.models import Document, Staff, changes_only, kept


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), append_only=True)
class AllotmentPolicy(models.Model):
    """How homes are allotted, dated, with its basis: groups of priority, and what follows from an offer."""

    effective_from = models.DateField(_("in force from"), unique=True)
    groups = ArrayField(
        models.CharField(max_length=12, choices=[*GROUPS.items()]),
        verbose_name=_("groups of priority"),
        help_text=_("The first goes first. Within a group the day of approval decides."),
    )
    answer_days = models.PositiveSmallIntegerField(_("days to answer an offer"), default=10)  # working days
    refusals = models.PositiveSmallIntegerField(_("offers that may be refused"), default=2)
    contract_months = models.PositiveSmallIntegerField(_("months of a contract"), default=36)
    leave_days = models.PositiveSmallIntegerField(_("days to leave after an order"), default=15)
    basis = models.CharField(_("basis"), max_length=200)

    class Meta:
        # Translators: 配租规则
        verbose_name = _("allotment policy")
        verbose_name_plural = _("allotment policies")
        ordering = ("-effective_from",)
        constraints = (
            models.CheckConstraint(
                condition=Q(contract_months__gte=1, contract_months__lte=60), name="contract_is_of_five_years_at_most"
            ),
        )

    def __str__(self) -> str:
        return f"{self.effective_from} {self.basis}"


class Turn(models.Model):
    """The place of a household on the waiting list for a home."""

    class Status(models.TextChoices):
        """Where it stands."""

        # Translators: 轮候中
        WAITING = "waiting", _("Waiting for a home")
        # Translators: 已配租待答复
        OFFERED = "offered", _("Home offered")
        # Translators: 已入住
        HOUSED = "housed", _("Housed")
        # Translators: 放弃轮候
        GIVEN_UP = "given_up", _("Given up")
        # Translators: 不再符合条件
        UNFIT = "unfit", _("No longer fit")

    number = models.CharField(_("number"), max_length=20, unique=True)
    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="turn")
    office_code = models.CharField(max_length=12)
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.WAITING)
    status_since = models.DateTimeField(default=timezone.now)
    approved_on = models.DateField(_("approved on"))
    registered_on = models.DateField(_("registered on"))
    policy = models.ForeignKey(AllotmentPolicy, on_delete=models.PROTECT, related_name="+")
    groups = ArrayField(models.CharField(max_length=12), default=list)  # of the policy, those that the household is in
    rank = models.PositiveSmallIntegerField()  # of its first group; behind all groups where it is in none
    persons = models.PositiveSmallIntegerField(_("persons"))
    rooms = models.PositiveSmallIntegerField(_("rooms"))  # of the home that fits

    objects = TurnQuerySet.as_manager()

    class Meta:
        # Translators: 轮候登记
        verbose_name = _("place on the waiting list")
        verbose_name_plural = _("waiting list")
        ordering = ("rank", "approved_on", "number")
        constraints = (
            models.CheckConstraint(
                condition=Q(status__in=["waiting", "offered", "housed", "given_up", "unfit"]),
                name="turn_status_is_known",
            ),
            models.CheckConstraint(
                condition=Q(registered_on__gte=F("approved_on")), name="turn_is_registered_after_the_approval"
            ),
        )
        indexes = (
            models.Index(fields=["office_code"], name="turn_office_prefix", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["status", "rooms", "rank", "approved_on", "number"], name="turn_in_order"),
        )
        triggers = (kept("turn_is_kept"),)

    def __str__(self) -> str:
        return self.number


class Offer(models.Model):
    """A home offered to whoever's turn it is, and the answer."""

    class Answer(models.TextChoices):
        """What came of it."""

        OPEN = "", _("No answer yet")
        ACCEPTED = "accepted", _("Accepted")
        REFUSED = "refused", pgettext_lazy("offer", "Refused")
        # Translators: 逾期未答复
        LAPSED = "lapsed", _("Lapsed")
        # Translators: 已撤回
        TAKEN_BACK = "taken_back", _("Taken back")

    turn = models.ForeignKey(Turn, on_delete=models.PROTECT, related_name="offers")
    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="offers")
    offered_on = models.DateField(_("offered on"))
    answer_by = models.DateField(_("answer by"))
    answer = models.CharField(_("answer"), max_length=10, choices=Answer, default=Answer.OPEN, blank=True)
    answered_on = models.DateField(_("answered on"), null=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    letter = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        # Translators: 配租
        verbose_name = _("offer of a home")
        verbose_name_plural = _("offers of homes")
        ordering = ("-offered_on", "-pk")
        constraints = (
            models.UniqueConstraint(fields=["home"], condition=Q(answer=""), name="home_is_offered_to_one"),
            models.UniqueConstraint(fields=["turn"], condition=Q(answer=""), name="turn_has_one_open_offer"),
            models.CheckConstraint(
                condition=Q(answer="", answered_on__isnull=True)
                | Q(
                    answer__in=["accepted", "refused", "lapsed", "taken_back"],
                    answered_on__isnull=False,
                    answered_on__gte=F("offered_on"),
                ),
                name="offer_is_answered_on_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(answer__in=["refused", "taken_back"]) | ~Q(reason=""), name="offer_refused_has_a_reason"
            ),
        )
        indexes = (models.Index(fields=["answer_by"], condition=Q(answer=""), name="offer_open"),)
        triggers = (
            kept("offer_is_kept"),
            changes_only("offer_is_answered_once", "answer", "answered_on", "reason", "letter_id"),
        )

    def __str__(self) -> str:
        return f"{self.turn} · {self.home}"
