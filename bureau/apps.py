"""Registers the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BureauConfig(AppConfig):
    """The bureau floor."""

    name = "bureau"
    verbose_name = _("Offices and staff")
    default_auto_field = "django.db.models.BigAutoField"
