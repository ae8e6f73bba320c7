"""What the household says of itself: as typed at the window, as signed, and who belongs to it."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application
from bureau.fields import BlindIndexField, ProtectedBytesField, ProtectedJSONField, ProtectedTextField
from bureau.models import Staff, append_only


class Draft(models.Model):
    """What the clerk has typed so far, section by section, apart from anything official. Kept for a correction."""

    application = models.OneToOneField(Application, on_delete=models.CASCADE, related_name="draft")
    sections = ProtectedJSONField(default=dict)  # section name -> what the form holds, as typed
    version = models.PositiveIntegerField(default=1)  # a page opened on an older one does not overwrite
    saved_at = models.DateTimeField(default=timezone.now)
    saved_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    typed_by = ArrayField(models.BigIntegerField(), default=list)  # the ids of all staff who ever saved something here

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        indexes = (GinIndex(fields=["typed_by"], name="draft_typed_by"),)

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
        ordering = ("-application_id", "-version")
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
        ordering = ("-application_id", "key")
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
