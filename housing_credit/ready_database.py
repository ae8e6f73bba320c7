"""A database whose tables were made once, to be copied: to make them from the migrations takes a minute or more.

The tests make it on a server of their own and copy it for each of their processes; the first use of an installation
keeps one, and arenas copy it. Its name tells of which migrations it was made: another one is made when they change.
"""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
import psycopg2
from django.apps import apps
from django.conf import settings

from housing_credit import database_roles

PREFIX = "housing_credit_ready_"
ONE_MAKER = 728_190_411  # number of the advisory lock


@contextmanager
def server(url: str) -> Iterator["psycopg2.extensions.cursor"]:
    """A cursor that makes and drops databases, for which there may be no transaction. It reads no table of the user."""
    connection = psycopg2.connect(url)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def name() -> str:
    """What the ready database of this code is called: after all migrations and the rights of the everyday role."""
    digest = hashlib.sha256(django.__version__.encode())
    for app in apps.get_app_configs():
        for file in sorted(Path(app.path, "migrations").glob("*.py")):
            digest.update(f"{app.label}.{file.name}".encode() + file.read_bytes())
    digest.update(Path(database_roles.__file__).read_bytes() + settings.EVERYDAY_ROLE.encode())
    return PREFIX + digest.hexdigest()[:16]


def copy(cursor: "psycopg2.extensions.cursor", target: str) -> bool:
    """Create a database like the ready one; where there is none, an empty one. Tells which of the two."""
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name()])
    ready = cursor.fetchone() is not None
    cursor.execute(f'CREATE DATABASE "{target}"' + (f' TEMPLATE "{name()}" STRATEGY FILE_COPY' if ready else ""))
    return ready


def make(cursor: "psycopg2.extensions.cursor", *, owner_url: str, everyday_url: str) -> None:
    """Make the ready database, unless it is there, and drop those of other migrations. One process makes it.

    The addresses are those of the server, with any database. It gets its name when it is whole.
    """
    cursor.execute("SELECT pg_advisory_lock(%s)", [ONE_MAKER])
    try:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [PREFIX.replace("_", r"\_") + "%"])
        there = {datname for (datname,) in cursor.fetchall()}
        if name() in there:
            return
        for other in there:
            cursor.execute(f'DROP DATABASE IF EXISTS "{other}" WITH (FORCE)')
        unfinished = f"{PREFIX}unfinished"
        cursor.execute(f'CREATE DATABASE "{unfinished}"')
        _migrate(owner=_with_name(owner_url, unfinished), everyday=_with_name(everyday_url, unfinished))
        cursor.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{name()}"')
    finally:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [ONE_MAKER])


def keep(cursor: "psycopg2.extensions.cursor", database: str) -> None:
    """Keep a copy of a database that the migrations have just made, before there is a row of anybody in it. Where
    somebody works in it already nothing is kept: it is made when it is wanted.
    """
    try:
        cursor.execute(f'CREATE DATABASE "{name()}" TEMPLATE "{database}" STRATEGY FILE_COPY')
    except (psycopg2.errors.ObjectInUse, psycopg2.errors.DuplicateDatabase):
        return


def _migrate(*, owner: str, everyday: str) -> None:
    environment = {**os.environ, "DATABASE_OWNER_URL": owner, "DATABASE_URL": everyday}
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "migrate", "--noinput", "--verbosity", "0"]
    subprocess.run(command, cwd=settings.BASE_DIR, env=environment, check=True)


def _with_name(url: str, database: str) -> str:
    """The same server's address with another database."""
    before, _, query = url.partition("?")
    return f"{before.rpartition('/')[0]}/{database}" + (f"?{query}" if query else "")
