"""Kept connections to the database, and whose changes the history names."""

import psycopg2
import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, connection, connections
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from bureau.models import Office, Staff
from housing_credit.history import PersonHistoryMiddleware
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


def statements(path, user):
    """What a request to this address sends when it changes a row."""
    request = RequestFactory().post(path)
    request.user = user
    with CaptureQueriesContext(connection) as sent:
        PersonHistoryMiddleware(lambda _: Office.objects.filter(pk=0).update(name_en="Elsewhere"))(request)
    return [query["sql"] for query in sent.captured_queries]


@pytest.mark.django_db
def test_the_history_names_who_changed_a_row_and_no_program_of_another_department():
    clerk = Staff.objects.get(username="window")

    (by_a_person,) = statements("/applications/", clerk)
    assert "pghistory.context_id" in by_a_person
    assert f'"user": {clerk.pk}' in by_a_person

    (by_a_program,) = statements("/api/v1/credit/standing", AnonymousUser())
    assert "pghistory" not in by_a_program
