"""What leaves the house: the numbers given out, and the letters and reports that went out under them."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bureau.fields import ProtectedJSONField
from bureau.models.staff import Staff
from bureau.querysets import DocumentQuerySet
from bureau.roles import CREDIT_WORK


class NumberSeries(models.Model):
    """The last number given out of one kind and year.

    The row is locked by whoever takes the next, so there are no gaps.
    """

    kind = models.CharField(max_length=20)
    year = models.SmallIntegerField()
    last = models.IntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["kind", "year"], name="number_series_is_one_per_kind_and_year"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.year}: {self.last}"


# What a letter is, once its PDF has been made. Its data are sealed anew when keys change; the digest binds the PDF.
LASTING = (
    *("digest", "pdf", "typeset_at", "number", "issued_on", "check_code", "kind", "title", "lang"),
    *("subject_kind", "subject_id", "reference", "office_code"),
)


def _row(record: str, columns: tuple[str, ...]) -> str:
    return "(" + ", ".join(f'{record}."{column}"' for column in columns) + ")"


class Document(models.Model):
    """A letter or report that went out under a number.

    Its data are kept, so that it can be set again; the PDF is kept with its digest.
    """

    class Kind(models.TextChoices):
        """What went out. The title is fixed in the letter's language; these words follow their reader."""

        RECEIPT = "receipt", _("Receipt")
        COMMITMENT = "commitment", _("Commitment of honesty")
        AUTHORISATION = "authorisation", _("Authorisation to check")
        # Translators: 容缺受理承诺书
        PROMISE = "promise", _("Promise of papers that follow")
        RETURN_NOTICE = "return_notice", _("Notice of correction")
        CHECK_REPORT = "check_report", _("Check report")
        # Translators: 家庭核对结果告知书
        HOUSEHOLD_COPY = "household_copy", _("Result of the check for the household")
        PUBLIC_NOTICE = "public_notice", _("Public notice")
        APPROVAL = "approval", _("Notice of approval")
        REFUSAL = "refusal", _("Notice of refusal")
        # Translators: 来源评价表
        SCORECARD = "scorecard", _("Scorecard")
        # Translators: 查询记录告知单
        ACCESS_SLIP = "access_slip", _("Access slip")
        CORRECTION_REQUEST = "correction_request", _("Correction request")
        OBJECTION_ANSWER = "objection_answer", _("Answer to an objection")
        # Translators: 配租通知书
        HOME_OFFER = "home_offer", _("Letter of offer")
        # Translators: 公共租赁住房租赁合同
        LEASE = "lease", _("Lease of a public rental home")
        # Translators: 腾退通知书
        ORDER_TO_LEAVE = "order_to_leave", pgettext_lazy("letter", "Order to leave")
        # Translators: 催缴通知书
        RENT_REMINDER = "rent_reminder", _("Reminder of rent")
        # Translators: 租赁补贴停发（终止）通知书
        SUBSIDY_NOTICE = "subsidy_notice", _("Notice on a subsidy")
        # Translators: 年审告知书
        REVIEW_NOTICE = "review_notice", _("Notice of the yearly review")
        # Translators: 拟认定失信行为告知书
        CREDIT_PROPOSAL = "credit_proposal", _("Notice of a proposed finding")
        # Translators: 失信行为告知函
        CREDIT_NOTICE = "credit_notice", _("Notice letter")
        # Translators: 送达公告
        CREDIT_ANNOUNCEMENT = "credit_announcement", _("Announcement of service")
        # Translators: 改正结案通知书
        CREDIT_CURE = "credit_cure", _("Acknowledgement of correction")
        # Translators: 记入诚信档案通知书
        CREDIT_RECORD = "credit_record", _("Notice of record")
        # Translators: 信用修复告知书
        CREDIT_REPAIR = "credit_repair", _("Notice on credit repair")
        # Translators: 律师函
        CREDIT_LAWYER = "credit_lawyer", _("Lawyer's letter")
        # Translators: 解除惩戒证明
        CREDIT_RELEASE = "credit_release", _("Certificate of release")

    number = models.CharField(_("number"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=20)
    title = models.CharField(_("title"), max_length=80)
    lang = models.CharField(_("language"), max_length=2, default="zh")
    subject_kind = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    reference = models.CharField(max_length=40)
    office_code = models.CharField(max_length=12)
    data = ProtectedJSONField()
    check_code = models.CharField(_("check code"), max_length=16, unique=True)
    issued_on = models.DateField(_("issued on"))
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    pdf = models.FileField(upload_to="documents/%Y/%m", blank=True)
    digest = models.CharField(_("SM3 digest"), max_length=64, blank=True)
    typeset_at = models.DateTimeField(null=True)
    superseded_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="supersedes")

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ("-created_at",)
        indexes = (
            models.Index(fields=["subject_kind", "subject_id"], name="document_of_subject"),
            models.Index(fields=["created_at"], condition=Q(typeset_at__isnull=True), name="document_to_typeset"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(typeset_at__isnull=True, digest="") | (Q(typeset_at__isnull=False) & ~Q(digest="")),
                name="document_has_digest_once_typeset",
            ),
        )
        triggers = (
            pgtrigger.Protect(name="document_is_kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="document_does_not_change_once_typeset",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    f'(OLD."typeset_at" IS NOT NULL AND {_row("OLD", LASTING)} IS DISTINCT FROM {_row("NEW", LASTING)})'
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def kind_in_words(self) -> str:
        """What it is, in the language of its reader."""
        return str(self.Kind(self.kind).label)

    def is_work_of(self, staff: Staff) -> bool:
        """Whether this person works on what the letter is about; an auditor only reads it, for a reason."""
        if staff.works_on(self.office_code):
            return True
        is_credit = self.kind.startswith("credit_")
        return is_credit and any(staff.has_role(role, self.office_code) for role in CREDIT_WORK)
