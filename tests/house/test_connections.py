"""Kept connections to the database."""

import psycopg2
import pytest
from django.db import DatabaseError, connections
from django.test.utils import CaptureQueriesContext

from tests.programs import wait_until


@pytest.fixture(name="kept")
def _kept(django_db_setup, django_db_blocker):
    """A connection of its own, open."""
    with django_db_blocker.unblock():
        kept = connections["default"].copy()
        kept.ensure_connection()
        yield kept
        kept.close()


def ended_by_the_server(kept):
    """Its backend is told to go; wait until it has."""
    with connections["default"].copy().temporary_connection() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [kept.connection.info.backend_pid])


def test_a_quiet_connection_is_good_without_a_question(kept):
    with CaptureQueriesContext(kept) as asked:
        assert kept.is_usable()
    assert not asked.captured_queries


def test_one_that_the_server_ended_is_found_out_and_made_anew(kept):
    ended_by_the_server(kept)
    wait_until(lambda: not kept.is_usable(), "the end of the connection")

    kept.health_check_enabled, kept.health_check_done = True, False
    with kept.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


def test_after_an_error_the_server_is_asked(kept):
    with pytest.raises(DatabaseError), kept.cursor() as cursor:
        cursor.execute("SELECT nothing")
    kept.errors_occurred = True
    ended_by_the_server(kept)
    assert not kept.is_usable()


def test_a_closed_one_is_not_good(kept):
    kept.connection.close()
    assert not kept.is_usable()
    with pytest.raises(psycopg2.InterfaceError):
        kept.connection.cursor()
