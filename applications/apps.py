"""Registers the app."""

from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    """The applications floor."""

    name = "applications"
    default_auto_field = "django.db.models.BigAutoField"
