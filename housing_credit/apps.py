"""Registers the roof, and with it the Celery application that web processes send messages through."""

from django.apps import AppConfig

from housing_credit.celery import app as celery_app


class RoofConfig(AppConfig):
    """The roof."""

    name = "housing_credit"
    verbose_name = "Housing Credit"
    celery_app = celery_app
