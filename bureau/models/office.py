"""The offices of the bureau: the ground on which every case and every posting stands."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bureau.querysets import OfficeQuerySet
from bureau.roles import Tier


class Office(models.Model):
    """An office of the bureau. Its code is its place: every code below it begins with the same digits."""

    code = models.CharField(_("code"), max_length=12, unique=True)
    name_zh = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=120)
    tier = models.CharField(_("tier"), max_length=10, choices=Tier)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("above")
    )
    area = models.CharField(
        _("management area"),
        max_length=40,
        blank=True,
        help_text=_("When it differs from the division, such as 医药高新区."),
    )
    address = models.CharField(_("address"), max_length=120, blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    opened_on = models.DateField(_("opened on"), default=date(2012, 1, 1))
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        ordering = ("code",)
        constraints = (
            models.CheckConstraint(
                condition=Q(code__regex=r"^\d{6}(\d{3}(\d{3})?)?$"), name="office_code_is_6_9_or_12_digits"
            ),
            models.CheckConstraint(condition=Q(tier__in=Tier.values), name="office_tier_is_known"),
            models.CheckConstraint(
                condition=Q(tier=Tier.CITY, code__regex=r"^\d{4}00$")
                | (Q(tier=Tier.DISTRICT, code__regex=r"^\d{6}$") & ~Q(code__regex=r"^\d{4}00$"))
                | Q(tier=Tier.STREET, code__regex=r"^\d{9}$")
                | Q(tier=Tier.WINDOW, code__regex=r"^\d{12}$"),
                name="office_tier_is_what_its_code_says",
            ),
        )
        indexes = (models.Index(fields=["code"], name="office_code_prefix", opclasses=["varchar_pattern_ops"]),)

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_en if (get_language() or "").startswith("en") and self.name_en else self.name_zh
