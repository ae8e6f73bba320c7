"""The tests' database is a copy of one that the migrations made, and it is as new after a test that commits."""

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState

from bureau.models import Office, Posting, Staff, TimelineEntry
from housing_credit import embedded, ready_database
from verification.models import Source


@pytest.fixture(name="server")
def _server():
    with ready_database.server(embedded.addresses().database_url) as cursor:
        yield cursor
        cursor.execute('DROP DATABASE IF EXISTS "test_a_copy"')


def databases(server):
    server.execute("SELECT datname FROM pg_database")
    return {name for (name,) in server.fetchall()}


def tables_of(database: str) -> int:
    url = embedded.addresses().database_url.replace(f"/{embedded.addresses().database_name}?", f"/{database}?")
    with ready_database.server(url) as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_every_migration_ran_and_they_make_what_the_models_say():
    executor = MigrationExecutor(connection)
    loader = executor.loader

    assert executor.migration_plan(loader.graph.leaf_nodes()) == []
    changes = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps)).changes(graph=loader.graph)
    assert changes == {}


@pytest.mark.django_db
def test_a_copy_has_all_tables_and_where_nothing_is_ready_it_is_empty(server, monkeypatch):
    with connection.cursor() as cursor:
        ours = len(connection.introspection.table_names(cursor))

    assert ready_database.copy(server, "test_a_copy") is True
    assert tables_of("test_a_copy") == ours

    server.execute('DROP DATABASE "test_a_copy"')
    monkeypatch.setattr(ready_database, "name", lambda: "of other migrations")
    assert ready_database.copy(server, "test_a_copy") is False
    assert tables_of("test_a_copy") == 0


@pytest.mark.django_db
def test_a_fresh_database_is_kept_once_and_not_while_somebody_works_in_it(server, monkeypatch):
    ready = ready_database.name()
    monkeypatch.setattr(ready_database, "name", lambda: "test_a_copy")
    ready_database.keep(server, connection.settings_dict["NAME"])  # we work in it
    assert "test_a_copy" not in databases(server)

    ready_database.keep(server, ready)
    ready_database.keep(server, ready)
    with connection.cursor() as cursor:
        assert tables_of("test_a_copy") == len(connection.introspection.table_names(cursor))


def test_other_migrations_want_another_database(tmp_path, monkeypatch):
    before = ready_database.name()
    assert ready_database.name() == before

    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations" / "0001_first.py").write_text("# another")
    monkeypatch.setattr(apps.get_app_config("credit"), "path", str(tmp_path))

    assert ready_database.name() != before


@pytest.mark.django_db
def test_the_ground_is_laid_again_as_it_was(django_db_setup):
    """The one test that calls for it itself; all that commit rely on it."""
    offices, sources = Office.objects.count(), dict(Source.objects.values_list("code", "url"))
    clerk = Staff.objects.get(username="window")
    Source.objects.filter(code="police").update(url="http://elsewhere")
    TimelineEntry.objects.create(subject_kind="bureau.staff", subject_id=clerk.pk, event="seen", by=clerk)
    Posting.objects.filter(staff=clerk).delete()

    django_db_setup.lay_again()

    assert (Office.objects.count(), dict(Source.objects.values_list("code", "url"))) == (offices, sources)
    assert clerk.postings.count() == 1
    assert not TimelineEntry.objects.exists()
