"""Registers the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CreditConfig(AppConfig):
    """The credit floor."""

    name = "credit"
    verbose_name = _("Credit registry")
    default_auto_field = "django.db.models.BigAutoField"
