"""Whom the registry knows."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bureau.fields import BlindIndexField, ProtectedTextField
from credit.policies import SubjectKind
from credit.querysets import SubjectQuerySet

KINDS = {SubjectKind.PERSON.value: _("Person"), SubjectKind.EMPLOYER.value: _("Employer")}


class Subject(models.Model):
    """A person or an employer that the registry knows, found by the blind index of its ID number or unified credit
    code.
    """

    kind = models.CharField(_("kind"), max_length=10, choices=KINDS)
    name = models.CharField(_("name"), max_length=120)
    identifier = ProtectedTextField(_("ID number or credit code"))
    identifier_index = BlindIndexField(of="identifier")
    created_at = models.DateTimeField(default=timezone.now)

    objects = SubjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("subject")
        verbose_name_plural = _("subjects")
        constraints = (
            models.UniqueConstraint(fields=["kind", "identifier_index"], name="subject_is_registered_once"),
            models.CheckConstraint(condition=Q(kind__in=[*KINDS]), name="subject_kind_is_known"),
        )
        indexes = (GinIndex(fields=["name"], name="subject_name_trgm", opclasses=["gin_trgm_ops"]),)

    def __str__(self) -> str:
        return self.name
