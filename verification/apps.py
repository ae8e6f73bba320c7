"""Registers the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VerificationConfig(AppConfig):
    """The verification floor."""

    name = "verification"
    verbose_name = _("Check centre")
    default_auto_field = "django.db.models.BigAutoField"
