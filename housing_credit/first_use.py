"""A checkout that was never used: any management command finds its tables, offices, sources and people all the same."""

import subprocess
import sys

import django
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection

from housing_credit import embedded, ready_database

# These make or compare the tables themselves.
OF_THE_TABLES = {
    "benchmark",
    "benchmark_growth",
    "benchmark_standing",
    "demo",
    "makemigrations",
    "migrate",
    "rehearse_faults",
    "replay_taizhou",
    "seed",
    "showmigrations",
    "sqlmigrate",
    "test",
}


def lay_ground(command: str, *, again: bool = False) -> None:
    """Create tables and first data when the embedded database is empty; otherwise one query and nothing else.

    With `again` first data are entered also where the tables are there.
    """
    if command in OF_THE_TABLES:
        return
    django.setup()
    if not _has_tables():
        sys.stderr.write("First use: preparing the database\n")
        make_tables()
        if not settings.ENV.database_url:
            _keep_ready()
    elif not again:
        return
    call_command("seed", stdout=sys.stderr)


def make_tables() -> None:
    """Bring the tables up to date, in a process of its own: only `migrate` connects as their owner."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "migrate", "--noinput", "--verbosity", "0"]
    subprocess.run(command, cwd=settings.BASE_DIR, check=True)


def _keep_ready() -> None:
    """On the embedded server, for the arenas to come."""
    connection.close()
    addresses = embedded.addresses()
    with ready_database.server(addresses.database_url.replace(f"/{addresses.database_name}?", "/postgres?")) as cursor:
        ready_database.keep(cursor, addresses.database_name)


def _has_tables() -> bool:
    """Whether there are tables for our role to work with. Role and rights come with the tables."""
    ours = "SELECT count(*) FROM pg_class WHERE relname = 'bureau_office' AND has_table_privilege(oid, 'SELECT')"
    try:
        with connection.cursor() as cursor:
            cursor.execute(ours)
            return bool(cursor.fetchone()[0])
    except OperationalError:  # nobody of that name may connect
        return False
