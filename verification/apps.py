"""Registers the app."""

from django.apps import AppConfig


class VerificationConfig(AppConfig):
    """The verification floor."""

    name = "verification"
    default_auto_field = "django.db.models.BigAutoField"
