"""The workers' entrance: one Celery application, its queues, and the table of periodic work."""

import os

from celery import Celery
from celery.signals import beat_init, task_prerun, worker_init
from django.db import connections

from housing_credit import beat, companions, garbage
from housing_credit.embedded import ensure_running

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "housing_credit.settings")

app = Celery("housing_credit")
app.config_from_object("django.conf:settings", namespace="CELERY")
# Without this Celery closes Django's connection around every task: 2.4 times the CPU, measured.
app.conf["CELERY_DB_REUSE_MAX"] = 10_000
app.conf.beat_schedule = beat.SCHEDULE
app.autodiscover_tasks()


@worker_init.connect
def _take_post(**_: object) -> None:
    """A worker brings the embedded services up, says that it is at its post, and looks for garbage less often."""
    ensure_running()
    companions.hold("worker")
    garbage.look_less_often()


@task_prerun.connect
def _drop_broken_connections(**_: object) -> None:
    """A connection that outlived a restart of PostgreSQL is replaced before the next task of its thread.

    Kept connections are looked after by nobody else: without this a thread would fail ten thousand tasks.
    """
    for connection in connections.all(initialized_only=True):
        if connection.errors_occurred:
            connection.close_if_unusable_or_obsolete()


@beat_init.connect
def _keep_time(**_: object) -> None:
    """Beat may be the first to come."""
    ensure_running()
