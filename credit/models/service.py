"""How a letter reached its subject, and what the subject has to do to be spared a record."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bureau.fields import ProtectedTextField
from bureau.models import Staff, append_only, asks_first, changes_only, kept
from credit.models.case import Case
from credit.serving import Way

# A proposal that is made anew is a letter of its own; a notice goes out once.
LETTER_IS_THERE = """
IF (
    SELECT count(*) FROM bureau_document d
    WHERE d.subject_kind = 'credit.case' AND d.subject_id = NEW.case_id AND d.kind = 'credit_' || NEW.letter
) < NEW.turn THEN
    RAISE EXCEPTION 'what is served is a letter that was issued' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""
# A letter counts as announced when its announcement was checked by a second person and has appeared on that day.
WAS_OUT = """
IF NEW.way = 'announced' AND NOT EXISTS (
    SELECT 1 FROM credit_announcement a
    WHERE a.case_id = NEW.case_id AND a.letter = NEW.letter AND a.turn = NEW.turn AND a.appeared_on = NEW.tried_on
) THEN
    RAISE EXCEPTION 'service by announcement wants one that was checked and is out' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""
LIST_IS_OPEN = """
IF EXISTS (
    SELECT 1 FROM bureau_document d
    WHERE d.subject_kind = 'credit.case' AND d.subject_id = NEW.case_id AND d.kind = 'credit_notice'
) THEN
    RAISE EXCEPTION 'the notice letter closes the list of things to correct' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class Service(models.Model):
    """One attempt to serve a letter: by which way, with which proof, and the day on which it counts as served."""

    class Letter(models.TextChoices):
        """What is served."""

        PROPOSAL = "proposal", _("Proposed finding")
        NOTICE = "notice", _("Notice letter")

    WAYS = {
        Way.HAND.value: _("Handed over"),
        Way.LEFT.value: _("Left at the home, with a witness"),
        Way.POST.value: _("Registered post"),
        Way.ELECTRONIC.value: _("Electronic, with consent"),
        Way.ANNOUNCED.value: _("Public announcement"),
    }

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="services")
    letter = models.CharField(_("letter"), max_length=8, choices=Letter)
    turn = models.PositiveSmallIntegerField(default=1)  # of which proposal; a notice goes out once
    way = models.CharField(_("way"), max_length=10, choices=WAYS)
    tried_on = models.DateField(_("tried on"))
    served_on = models.DateField(_("served on"), null=True)  # null: it did not reach the subject
    proof = models.CharField(_("proof"), max_length=200)
    medium = models.CharField(_("medium"), max_length=100, blank=True)  # of an announcement
    consent = models.CharField(_("consent"), max_length=100, blank=True)  # to electronic service: the paper
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering = ("tried_on", "pk")
        constraints = (
            models.CheckConstraint(condition=Q(letter__in=["proposal", "notice"]), name="service_letter_is_known"),
            models.CheckConstraint(condition=Q(way__in=[way.value for way in Way]), name="service_way_is_known"),
            models.CheckConstraint(condition=~Q(proof=""), name="service_has_a_proof"),
            models.CheckConstraint(
                condition=Q(served_on__isnull=True) | Q(served_on__gte=F("tried_on")),
                name="service_follows_its_attempt",
            ),
            models.CheckConstraint(
                condition=Q(way="announced", served_on__isnull=False) & ~Q(medium="")
                | ~Q(way="announced") & Q(medium=""),
                name="service_by_announcement_names_the_medium",
            ),
            models.CheckConstraint(
                condition=Q(way="electronic") & ~Q(consent="") | ~Q(way="electronic") & Q(consent=""),
                name="service_by_wire_has_consent",
            ),
            models.UniqueConstraint(
                fields=["case", "letter", "turn"], condition=Q(served_on__isnull=False), name="letter_is_served_once"
            ),
        )
        triggers = (
            append_only("service_is_kept"),
            asks_first("service_is_of_an_issued_letter", LETTER_IS_THERE),
            asks_first("service_by_announcement_was_out", WAS_OUT),
        )

    def __str__(self) -> str:
        return f"{self.case} · {self.get_letter_display()}"


class CureItem(models.Model):
    """One thing to be done within the time to correct; when all are done, the case is closed without a record."""

    class Kind(models.TextChoices):
        """What has to be done."""

        PAY = "pay", _("Pay")
        HAND_BACK = "hand_back", _("Hand back")
        FILE = "file", _("Hand in a form or paper")
        OTHER = "other", _("Other")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="cure_items")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    text = ProtectedTextField(_("what is to be done"))
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2, null=True, blank=True)
    met_on = models.DateField(_("done on"), null=True)
    proof = models.CharField(_("proof"), max_length=200, blank=True)
    met_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("thing to correct")
        verbose_name_plural = _("things to correct")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=["pay", "hand_back", "file", "other"]), name="cure_item_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(kind="pay", amount__gt=0) | ~Q(kind="pay") & Q(amount__isnull=True),
                name="cure_item_to_pay_has_an_amount",
            ),
            models.CheckConstraint(
                condition=Q(met_on__isnull=True, proof="", met_by__isnull=True)
                | Q(met_on__isnull=False, met_by__isnull=False) & ~Q(proof=""),
                name="cure_item_done_has_a_proof",
            ),
        )
        triggers = (
            kept("cure_item_is_kept"),
            changes_only("cure_item_is_done_once", "met_on", "proof", "met_by_id"),
            asks_first("cure_item_comes_before_the_notice", LIST_IS_OPEN),
        )

    def __str__(self) -> str:
        return f"{self.case} · {self.get_kind_display()}"
