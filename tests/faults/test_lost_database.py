"""A worker outlives a restart of PostgreSQL: a connection that broke is replaced before the next task."""

import pytest
from celery.signals import task_prerun
from django.db import DatabaseError, InterfaceError, connection

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


def ask_the_database():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def test_a_broken_connection_is_replaced_before_the_next_task():
    before = ask_the_database()
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    with pytest.raises((DatabaseError, InterfaceError)):
        ask_the_database()  # it does not heal by itself

    task_prerun.send(sender=None)

    assert ask_the_database() != before


def test_a_sound_connection_is_kept():
    before = ask_the_database()
    task_prerun.send(sender=None)
    assert ask_the_database() == before
