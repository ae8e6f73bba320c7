"""The database of a test process: a copy of the ready one, with the ground laid once and laid again from memory."""

import io
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from psycopg2.extensions import quote_ident

from housing_credit import embedded, ready_database

LARGE = 1_000_000  # bytes; a larger table is swept after its rows are deleted


@contextmanager
def database() -> Iterator["Ground"]:
    """Have a database with everything that a fresh installation has, for the length of a block."""
    home = connection.settings_dict["NAME"]
    name = connection.creation._get_test_db_name()
    addresses = embedded.addresses()
    connection.close()
    with ready_database.server(addresses.database_url) as cursor:
        ready_database.make(cursor, owner_url=addresses.database_url, everyday_url=addresses.everyday_url)
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        assert ready_database.copy(cursor, name)
    _work_in(name)
    try:
        call_command("seed", verbosity=0, stdout=io.StringIO())
        yield Ground()
    finally:
        connection.close()
        _work_in(home)
        with ready_database.server(addresses.database_url) as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _work_in(name: str) -> None:
    settings.DATABASES["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name


class Ground:
    """The rows of all tables as they are now, and how to have exactly them again.

    `flush` and `seed` would do it in twenty times as long. Sequences go on, as after `flush`.
    """

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            self.tables = sorted(connection.introspection.table_names(cursor))
            self.quoted = {name: quote_ident(name, cursor.cursor) for name in self.tables}
            self.rows = {name: self._copied(cursor, name) for name in self._filled(cursor)}

    def lay_again(self) -> None:
        """After a test that committed: who still writes is waited for, then what differs is put right."""
        within = connection.in_atomic_block
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE " + ", ".join(self.quoted.values()) + " IN ACCESS EXCLUSIVE MODE")
            cursor.execute("SET LOCAL session_replication_role = replica")  # no trigger and no reference refuses
            filled = self._filled(cursor)
            different = [name for name in self.rows if name not in filled or self._differs(cursor, name)]
            emptied = [name for name in filled if name not in self.rows or name in different]
            # Not inside a test's own transaction, where nothing can be swept.
            large = [] if within else [name for name in emptied if self._is_large(cursor, name)]
            for name in emptied:
                cursor.execute(f"DELETE FROM {self.quoted[name]}")  # noqa: S608 -- a quoted name
            for name in different:
                cursor.copy_expert(f"COPY {self.quoted[name]} FROM STDIN", io.BytesIO(self.rows[name]))
        with connection.cursor() as cursor:
            for name in large:
                cursor.execute(f"VACUUM {self.quoted[name]}")

    def _filled(self, cursor) -> list[str]:
        asked = [f"SELECT '{name}' WHERE EXISTS (SELECT FROM {self.quoted[name]})" for name in self.tables]  # noqa: S608
        cursor.execute(" UNION ALL ".join(asked))
        return [name for (name,) in cursor.fetchall()]

    def _copied(self, cursor, name: str) -> bytes:
        kept = io.BytesIO()
        cursor.copy_expert(f"COPY {self.quoted[name]} TO STDOUT", kept)
        return kept.getvalue()

    def _differs(self, cursor, name: str) -> bool:
        return self._copied(cursor, name) != self.rows[name]

    def _is_large(self, cursor, name: str) -> bool:
        cursor.execute("SELECT pg_total_relation_size(%s)", [self.quoted[name]])
        return cursor.fetchone()[0] > LARGE
