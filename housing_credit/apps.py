"""Registers the roof, and with it the Celery application that web processes send messages through."""

from django.apps import AppConfig, apps
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_migrate

from housing_credit import idle
from housing_credit.celery import app as celery_app


class RoofConfig(AppConfig):
    """The roof."""

    name = "housing_credit"
    verbose_name = "Housing Credit"
    celery_app = celery_app

    def ready(self) -> None:
        """The everyday role gets its rights whenever the tables may have changed: once, after all of them are there.

        A session begins with the time of its sign-in.
        """
        # Imported here, as it looks at the models of every floor.
        from housing_credit.database_roles import grant_everyday_rights  # noqa: PLC0415

        user_logged_in.connect(idle.begun)
        post_migrate.connect(grant_everyday_rights, sender=apps.get_app_config("bureau"))
