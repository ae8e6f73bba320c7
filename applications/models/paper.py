"""The papers of an application: what was scanned, and what each member signed, before it is submitted."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application
from applications.querysets import AuthorisationQuerySet
from bureau.fields import BlindIndexField
from bureau.models import Document, Staff, changes_only, kept


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
        triggers = (
            kept("attachment_is_kept"),
            changes_only("attachment_is_only_taken_out", "removed_at", "removed_by_id"),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def kind_of_file(self) -> str:
        """PDF, JPEG, PNG: as people call it."""
        return self.content_type.rpartition("/")[2].upper()


class Signature(models.Model):
    """What a commitment of honesty and an authorisation have in common:
    who signed for which member, when, on which scan.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="%(class)ss")
    member_key = models.CharField(max_length=10)
    person_index = BlindIndexField()
    household = models.BinaryField(
        max_length=32, default=b"", editable=False
    )  # guards.household_mark when it was signed
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

    declaration = models.CharField(max_length=64, default="", editable=False)  # digest of what was declared then

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
        triggers = (kept("commitment_is_kept"), changes_only("commitment_only_ends", "ended_at", "end_reason"))

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

    objects = AuthorisationQuerySet.as_manager()

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
        triggers = (kept("authorisation_is_kept"), changes_only("authorisation_only_ends", "ended_at", "end_reason"))

    def __str__(self) -> str:
        return self.number
