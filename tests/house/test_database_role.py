"""The role of everyday work: it does the work, and it cannot undo what is written for ever, nor the guards."""

import psycopg2
import pytest
from django.conf import settings
from django.db import connection

from bureau.models import AuditEntry, TimelineEntry
from housing_credit.database_roles import EVERYTHING, rights
from verification.models import Exchange, Source

pytestmark = pytest.mark.django_db
FOR_EVER = ("bureau_auditentry", "bureau_timelineentry", "verification_exchange", "verification_sourceevent")
BEYOND = (
    "UPDATE bureau_auditentry SET purpose = 'another'",
    *(f"DELETE FROM {table}" for table in (*FOR_EVER, "applications_application", "bureau_chainhead")),  # noqa: S608
    *(f"TRUNCATE {table} CASCADE" for table in (*FOR_EVER, "applications_application", "bureau_chainhead")),
    "ALTER TABLE bureau_auditentry DISABLE TRIGGER ALL",
    "ALTER TABLE applications_commitment DISABLE TRIGGER USER",
    "DROP TABLE bureau_auditentry CASCADE",
    "CREATE TABLE public.mine (number int)",
    "SET session_replication_role = replica",
    "INSERT INTO django_migrations (app, name, applied) VALUES ('bureau', '9999_mine', now())",
)


@pytest.fixture
def everyday():
    """A connection of our own as that role, to the same database."""
    ours = connection.settings_dict
    link = psycopg2.connect(dbname=ours["NAME"], host=ours["HOST"], port=ours["PORT"], user=settings.EVERYDAY_ROLE)
    yield link
    link.close()


@pytest.mark.parametrize("statement", BEYOND)
def test_what_undoes_or_passes_by_the_guards_is_not_for_the_everyday_role(everyday, statement):
    with everyday.cursor() as cursor, pytest.raises(psycopg2.errors.InsufficientPrivilege):
        cursor.execute(statement)


def test_a_setting_that_makes_triggers_look_away_does_not_help(everyday):
    with everyday.cursor() as cursor:
        cursor.execute("SET pgtrigger.ignore = '{bureau_auditentry:audit_is_append_only}'")
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute("UPDATE bureau_auditentry SET purpose = 'x'")


def test_it_owns_nothing_and_is_nobody_special(everyday):
    with everyday.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole")
        assert cursor.fetchone() == (0,)
        cursor.execute(
            "SELECT rolsuper, rolcreaterole, rolcreatedb, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (False, False, False, False)


def test_every_table_of_a_model_has_the_rights_that_its_triggers_leave_and_no_other(everyday):
    granted: dict[str, set[str]] = {}
    with everyday.cursor() as cursor:
        cursor.execute("SELECT table_name, privilege_type FROM information_schema.role_table_grants")
        for table, word in cursor.fetchall():
            granted.setdefault(table, set()).add(word)
    there = connection.introspection.table_names()
    expected = {table: set(words) for table, words in rights().items() if table in there}
    assert {table: granted.get(table) for table in expected} == expected
    assert granted["django_migrations"] == {"SELECT"}
    for model in (AuditEntry, TimelineEntry, Exchange):
        assert rights()[model._meta.db_table] == ("SELECT", "INSERT")
    assert rights()[Source._meta.db_table] == EVERYTHING
    assert len(expected) > 40
