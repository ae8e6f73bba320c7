"""Rows by the ten thousand: one INSERT from a query for each table, past the work modules but not past the database.

Constraints and triggers judge every row, so that nothing comes about that work could not reach. A column that is not
named gets the default of its field. For an arena or an empty installation, and nothing else.
"""

from typing import Any

from django.db import connection, models
from django.db.models import Field


def insert(cursor: Any, model: type[models.Model], source: str, /, **columns: str) -> int:
    """Insert what the query says: by column an SQL expression over the rows of `source`. Returns how many."""
    names, values, params = [], [], []
    for field in model._meta.concrete_fields:
        if field.column in columns:
            values.append(columns[field.column])
        elif field.primary_key:
            continue
        else:
            values.append("%s")
            params.append(_default(field))
        names.append(f'"{field.column}"')
    unknown = set(columns) - {field.column for field in model._meta.concrete_fields}
    if unknown:
        raise ValueError(f"{model._meta.label} has no {', '.join(sorted(unknown))}")
    table = model._meta.db_table
    statement = f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)} FROM {source}"  # noqa: S608 -- our own words
    cursor.execute(statement, params)
    return int(cursor.rowcount)


def _default(field: Field[Any, Any]) -> Any:
    if field.has_default():
        return field.get_db_prep_save(field.get_default(), connection)
    return None if field.null else field.get_db_prep_save("", connection)


def sealed(model: type[models.Model], name: str, value: Any) -> str:
    """A value as the ciphertext that this column holds, written as SQL; one for all rows."""
    field = model._meta.get_field(name)
    return f"'\\x{bytes(field.get_db_prep_save(value, connection)).hex()}'::bytea"  # type: ignore[union-attr]  # no relation


def next_id(model: type[models.Model]) -> str:
    """The next number of a table, as SQL."""
    return f"nextval(pg_get_serial_sequence('{model._meta.db_table}', 'id'))"


def drawn(salt: str) -> str:
    """A number from 0 up to 1 that follows from the household's place `n`, as SQL."""
    return f"(('x' || substr(md5('{salt}' || n), 1, 7))::bit(28)::int / 268435456.0)"
