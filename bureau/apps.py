"""Registers the app."""

from django.apps import AppConfig


class BureauConfig(AppConfig):
    """The bureau floor."""

    name = "bureau"
    default_auto_field = "django.db.models.BigAutoField"
