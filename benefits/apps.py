"""Registers the app."""

from django.apps import AppConfig


class BenefitsConfig(AppConfig):
    """The benefits floor."""

    name = "benefits"
    default_auto_field = "django.db.models.BigAutoField"
