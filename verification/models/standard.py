"""The dated standards of the cities: what the answers are measured against."""

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from verification.querysets import StandardQuerySet


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), append_only=True)
class Standard(models.Model):
    """A city's standard of one programme, in force from a day to a day, both included:
    policy as dated data with its legal basis.
    """

    code = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    city = models.CharField(_("city"), max_length=6, help_text=_("Division code of 6 digits."))
    programme = models.CharField(_("programme"), max_length=20)
    effective_from = models.DateField(_("in force from"))
    effective_to = models.DateField(_("in force until"), null=True, blank=True)
    document = models.CharField(_("document"), max_length=200)
    content = models.JSONField(_("content"))  # verification.standards.Standard
    in_use = models.BooleanField(
        _("applies to our applications"), default=False, help_text=_("Off for worked samples of other cities.")
    )

    objects = StandardQuerySet.as_manager()

    class Meta:
        verbose_name = _("standard")
        verbose_name_plural = _("standards")
        ordering = ("city", "programme", "-effective_from")
        constraints = (
            models.UniqueConstraint(fields=["city", "programme", "effective_from"], name="standard_is_one_per_day"),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gt=F("effective_from")),
                name="standard_ends_after_it_begins",
            ),
        )

    def __str__(self) -> str:
        return self.name
