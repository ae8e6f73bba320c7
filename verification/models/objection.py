"""What a household objects to in the result of its check: the lines it disputes, its proof, what became of each."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bureau.fields import ProtectedTextField
from bureau.models import Document, Staff, append_only, changes_only, kept
from verification.models.check import Check
from verification.models.source import Source
from verification.querysets import ObjectionQuerySet

# Nobody answers for the own work: who concluded the disputed check or settled one of its findings, and who keyed the
# case, has no part in what becomes of the objection. `{by}` are the columns that name a person.
ANOTHER_THAN_CONCLUDED = """
IF EXISTS (
    SELECT 1 FROM verification_objection o JOIN verification_check k ON k.id = o.check_ordered_id
    WHERE o.id = {objection} AND (
        k.kept_away && array_remove(ARRAY[{by}]::bigint[], NULL)
        OR EXISTS (SELECT 1 FROM verification_conclusion c WHERE c.check_ordered_id = k.id AND c.by_id IN ({by}))
        OR EXISTS (SELECT 1 FROM verification_finding f WHERE f.check_ordered_id = k.id AND f.settled_by_id IN ({by}))
    )
) THEN
    RAISE EXCEPTION 'an objection must be dealt with by another person than concluded the check' USING ERRCODE =
    'check_violation';
END IF;
RETURN NEW;
"""


class Objection(models.Model):
    """An objection to the result of a check (核对结果异议), taken at the household's window with its proof.

    One is open at a time; it is answered with a letter, after a new check or without one.
    """

    class Status(models.TextChoices):
        """Where an objection stands."""

        RECEIVED = "received", _("To be dealt with")
        RECHECKING = "rechecking", _("Being checked again")
        ANSWERED = "answered", _("Answered")
        WITHDRAWN = "withdrawn", _("Objection withdrawn")

    class Outcome(models.TextChoices):
        """What came of it as a whole."""

        UPHELD = "upheld", _("Upheld")
        PARTLY = "partly", _("Partly upheld")
        NOT_UPHELD = "not_upheld", _("Not upheld")

    number = models.CharField(_("number"), max_length=30, unique=True)
    check_ordered = models.ForeignKey(Check, on_delete=models.PROTECT, related_name="objections")
    subject = models.CharField(max_length=40)  # the reference of the case that commissioned the check
    office_code = models.CharField(max_length=12)
    status = models.CharField(max_length=12, choices=Status, default=Status.RECEIVED)
    status_since = models.DateTimeField(default=timezone.now)
    grounds = ProtectedTextField(_("grounds"))  # in the household's words
    result_on = models.DateField(_("result received on"))
    received_on = models.DateField(_("received on"))
    received_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField(_("to be answered by"))
    department_days = models.PositiveSmallIntegerField()  # working days that a department has for its answer
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome, blank=True)
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    letter = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")
    recheck = models.ForeignKey(Check, on_delete=models.PROTECT, null=True, related_name="+")  # that carries the answer

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("objection to a result")
        verbose_name_plural = _("objections to results")
        ordering = ("due_on", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(status__in=["received", "rechecking", "answered", "withdrawn"]),
                name="result_objection_status_is_known",
            ),
            models.UniqueConstraint(
                fields=["check_ordered"],
                condition=Q(status__in=["received", "rechecking"]),
                name="result_objection_is_open_once_per_check",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", answered_at__isnull=True)
                | (
                    Q(outcome__in=["upheld", "partly", "not_upheld"])
                    & Q(answered_at__isnull=False, answered_by__isnull=False)
                    & ~Q(answer="")
                ),
                name="result_objection_is_answered_by_a_person_with_words",
            ),
            models.CheckConstraint(
                condition=Q(result_on__lte=F("received_on"), due_on__gt=F("received_on")),
                name="result_objection_days_follow_each_other",
            ),
        )
        indexes = (
            models.Index(fields=["status", "due_on"], name="result_objection_due"),
            models.Index(fields=["subject"], name="result_objection_of_subject"),
            models.Index(fields=["office_code"], name="result_objection_prefix", opclasses=["varchar_pattern_ops"]),
        )
        triggers = (
            kept("result_objection_is_kept"),
            changes_only(
                "result_objection_does_not_change",
                *("status", "status_since", "outcome", "answer", "answered_by_id", "answered_at"),
                *("letter_id", "recheck_id"),
                filled_in_once=False,  # the status goes on; once ended nothing does, but for its letter
            ),
            pgtrigger.Protect(
                name="result_objection_once_ended_stays_ended",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.status IN ('answered', 'withdrawn') AND"
                    " (OLD.status, OLD.outcome, OLD.answer, OLD.answered_by_id) IS DISTINCT FROM"
                    " (NEW.status, NEW.outcome, NEW.answer, NEW.answered_by_id)"
                ),
            ),
            pgtrigger.Trigger(
                name="result_objection_is_answered_by_another",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Condition("NEW.answered_by_id IS NOT NULL"),
                func=ANOTHER_THAN_CONCLUDED.format(objection="NEW.id", by="NEW.answered_by_id"),
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        """Whether its answer is still to come."""
        return self.status in {self.Status.RECEIVED, self.Status.RECHECKING}


class Dispute(models.Model):
    """One line of the statement that the household disputes: what was done about it, and how it ended.

    `source` told the line; `outcome` says whether it corrected what it had told, `settled_at` since when that is known.
    """

    class Act(models.TextChoices):
        """What an officer does about a disputed line."""

        ASK_AGAIN = "ask_again", _("Ask the source again")
        CORRECTION = "correction", _("Send a correction request")
        REFUSE = "refuse", _("Refuse the objection")

    class Reply(models.TextChoices):
        """What a department answers to a correction request."""

        CORRECTED = "corrected", _("Corrected its record")
        MAINTAINED = "maintained", _("Maintains its record")

    class Outcome(models.TextChoices):
        """How it ended."""

        CORRECTED = "corrected", _("Corrected")
        MAINTAINED = "maintained", _("Maintained")
        REFUSED = "refused", _("Objection refused")
        WITHDRAWN = "withdrawn", _("Objection withdrawn")

    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="disputes")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="disputes")
    line = models.PositiveSmallIntegerField(_("line"))  # of the statement that the conclusion rests on
    act = models.CharField(_("what is done"), max_length=12, choices=Act, blank=True)
    decided_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(_("reason"), blank=True)
    letter = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")
    reply_due_on = models.DateField(_("reply due on"), null=True)
    reply = models.CharField(_("reply"), max_length=12, choices=Reply, blank=True)
    reply_words = models.TextField(_("what the department says"), blank=True)
    replied_on = models.DateField(_("replied on"), null=True)
    reply_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")  # who wrote it down
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome, blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("disputed line")
        verbose_name_plural = _("disputed lines")
        ordering = ("objection", "line")
        constraints = (
            models.UniqueConstraint(fields=["objection", "line"], name="dispute_is_one_per_line"),
            models.CheckConstraint(
                condition=Q(act="", decided_by__isnull=True, decided_at__isnull=True)
                | Q(act__in=["ask_again", "correction", "refuse"], decided_by__isnull=False, decided_at__isnull=False),
                name="dispute_is_decided_by_a_person",
            ),
            models.CheckConstraint(condition=~Q(act="refuse") | ~Q(reason=""), name="dispute_is_refused_with_a_reason"),
            models.CheckConstraint(
                condition=Q(act="correction", letter__isnull=False, reply_due_on__isnull=False)
                | (~Q(act="correction") & Q(letter__isnull=True, reply_due_on__isnull=True, reply="")),
                name="dispute_correction_goes_out_with_a_letter",
            ),
            models.CheckConstraint(
                condition=Q(reply="", replied_on__isnull=True, reply_by__isnull=True)
                | (
                    Q(reply__in=["corrected", "maintained"], replied_on__isnull=False, reply_by__isnull=False)
                    & ~Q(reply_words="")
                ),
                name="dispute_reply_has_words_and_a_day",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", settled_at__isnull=True, settled_by__isnull=True)
                | Q(outcome="withdrawn", settled_at__isnull=False)
                | Q(
                    outcome__in=["corrected", "maintained", "refused"],
                    settled_at__isnull=False,
                    settled_by__isnull=False,
                ),
                name="dispute_is_settled_by_a_person",
            ),
        )
        indexes = (models.Index(fields=["source", "outcome"], name="dispute_of_source"),)
        triggers = (
            kept("dispute_is_kept"),
            changes_only(
                "dispute_is_decided_once",
                *("act", "decided_by_id", "decided_at", "reason", "letter_id", "reply_due_on"),
                *("reply", "reply_words", "replied_on", "reply_by_id", "outcome", "settled_at", "settled_by_id"),
            ),
            pgtrigger.Trigger(
                name="dispute_is_decided_by_another",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Condition("COALESCE(NEW.decided_by_id, NEW.settled_by_id) IS NOT NULL"),
                func=ANOTHER_THAN_CONCLUDED.format(
                    objection="NEW.objection_id", by="NEW.decided_by_id, NEW.settled_by_id"
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.objection} · {self.line}"

    @property
    def wants_recheck(self) -> bool:
        """Whether the source is to be asked anew: at once, or because its department has corrected the record."""
        return self.act == self.Act.ASK_AGAIN or self.reply == self.Reply.CORRECTED

    @property
    def is_waiting(self) -> bool:
        """Whether something must be done or answered before the objection goes on."""
        return not self.act or (self.act == self.Act.CORRECTION and not self.reply and not self.outcome)


class Proof(models.Model):
    """A paper that the household brought as proof: read for what it is, kept encrypted outside the web root."""

    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="proofs")
    title = models.CharField(_("title"), max_length=80)
    file = models.FileField(_("file"), upload_to="objections/%Y/%m")
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField(_("size"))
    digest = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = pgettext_lazy("objection", "proof")
        verbose_name_plural = _("proofs")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(condition=Q(size__gt=0), name="proof_is_not_empty"),
            models.UniqueConstraint(fields=["objection", "digest"], name="proof_is_added_once"),
        )
        triggers = (append_only("proof_is_append_only"),)

    def __str__(self) -> str:
        return self.title

    @property
    def kind_of_file(self) -> str:
        """PDF, JPEG, PNG: as people call it."""
        return self.content_type.rpartition("/")[2].upper()
