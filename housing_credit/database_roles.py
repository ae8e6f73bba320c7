"""Two roles of the database: the owner of the tables, and the role of everyday work, which owns nothing.

The everyday role reads and writes rows. It cannot empty a table, change one, or switch a trigger off; and where a table
keeps its rows for ever (`append_only`, `kept`) it may not even try. The grants follow from the models, after every
`migrate`.
"""

from typing import Any

import pgtrigger
from django.apps import apps
from django.conf import settings
from django.db import connections, transaction
from psycopg2 import sql

EVERYTHING = ("SELECT", "INSERT", "UPDATE", "DELETE")
READING = ("SELECT",)  # of what is no model of ours, such as the list of migrations


def rights() -> dict[str, tuple[str, ...]]:
    """By table of a model, what the everyday role may do with its rows: nothing that a trigger refuses of every row."""
    refused: dict[str, set[str]] = {}
    for model, trigger in pgtrigger.registered():
        if isinstance(trigger, pgtrigger.Protect) and trigger.condition is None:
            refused.setdefault(model._meta.db_table, set()).update(str(trigger.operation).split(" OR "))
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True) if model._meta.managed}
    return {table: tuple(word for word in EVERYTHING if word not in refused.get(table, ())) for table in tables}


def grant_everyday_rights(using: str, **_signal: Any) -> None:
    """Make the everyday role, unless it is there, and give it its rights, in one transaction."""
    role, password = settings.EVERYDAY_ROLE, settings.EVERYDAY_PASSWORD
    connection = connections[using]
    if role == connection.settings_dict["USER"]:
        return  # one role for everything, as the installation wants it
    with transaction.atomic(using), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        if cursor.fetchone() is None:
            _make(cursor, role, password)
        for statement in _statements(sorted(connection.introspection.table_names(cursor))):
            cursor.execute(sql.SQL(statement[0]).format(*statement[1], role=sql.Identifier(role)))


def _make(cursor: Any, role: str, password: str) -> None:
    """Another database of this server may be making it at the same time, as those of parallel tests do."""
    make = "CREATE ROLE {role} LOGIN" + (" PASSWORD {password}" if password else "")
    names = {"role": sql.Identifier(role), "password": sql.Literal(password)}
    once = sql.SQL("DO $$ BEGIN {make}; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$").format(
        make=sql.SQL(make).format(**names)
    )
    cursor.execute(once)


def _statements(tables: list[str]) -> list[tuple[str, list[sql.Composed]]]:
    """First nothing, then what each table allows, a statement for all tables of the same rights."""
    known = rights()
    alike: dict[tuple[str, ...], list[str]] = {}
    for table in tables:
        alike.setdefault(known.get(table, READING), []).append(table)
    return [
        ("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}", []),
        ("GRANT USAGE ON SCHEMA public TO {role}", []),
        ("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}", []),
        *(
            (f"GRANT {', '.join(words)} ON {{}} TO {{role}}", [sql.SQL(", ").join(map(sql.Identifier, names))])
            for words, names in alike.items()
        ),
    ]
