"""Registers the app."""

from django.apps import AppConfig


class CreditConfig(AppConfig):
    """The credit floor."""

    name = "credit"
    default_auto_field = "django.db.models.BigAutoField"
