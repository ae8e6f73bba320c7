"""Changing keys: seal anew, with the active key, every protected column that was sealed with another key or algorithm.

Works below the models, on ciphertext, in locked batches; what is already sealed with the active key is not touched, so
it can be stopped and started again at any time. Triggers that keep rows as they are, or write a history, are passed by:
the value does not change, only its seal.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pgtrigger
from django.apps import apps
from django.db import connection, models, transaction

from bureau import ciphers
from bureau.fields import ProtectedField, protected_fields

BATCH = 500


class Column(NamedTuple):
    """A protected column of a table."""

    model: type[models.Model]
    field: ProtectedField[Any, Any]

    def __str__(self) -> str:
        return f"{self.model._meta.label}.{self.field.name}"


def columns() -> list[Column]:
    """All protected columns of all tables that are ours to write, histories included."""
    tables = apps.get_models(include_auto_created=True)
    own = (model for model in tables if model._meta.managed and not model._meta.proxy)
    return [Column(model, field) for model in own for field in protected_fields(model)]


def waiting(column: Column) -> int:
    """How many values of the column are not sealed with the active key."""
    sql = f"SELECT count(*) FROM {_table(column)} WHERE {_stale(column)}"  # noqa: S608 -- names come from the models
    with connection.cursor() as cursor:
        cursor.execute(sql, [ciphers.current().active_header])
        return int(cursor.fetchone()[0])


def rotate(column: Column, batch: int = BATCH) -> Iterator[int]:
    """Seal the column anew; yields the size of each batch. UndecipherableError, nothing lost, when a key is missing."""
    while done := _rotate_batch(column, batch):
        yield done


@transaction.atomic
def _rotate_batch(column: Column, batch: int) -> int:
    context = column.field.context.encode()
    key = connection.ops.quote_name(str(_primary_key(column).column))
    take = (
        f"SELECT {key}, {_name(column)} FROM {_table(column)} WHERE {_stale(column)}"  # noqa: S608 -- as above
        f" ORDER BY {key} LIMIT {int(batch)} FOR UPDATE"
    )
    with pgtrigger.ignore(), connection.cursor() as cursor:
        cursor.execute(take, [ciphers.current().active_header])
        rows = cursor.fetchall()
        if rows:
            cursor.execute(_put(column), [[row[0] for row in rows], [_sealed_anew(row[1], context) for row in rows]])
    return len(rows)


def _sealed_anew(blob: memoryview, context: bytes) -> bytes:
    keyring = ciphers.current()
    return keyring.encrypt(keyring.decrypt(bytes(blob), context=context), context=context)


def _put(column: Column) -> str:
    key, kind = (
        connection.ops.quote_name(str(_primary_key(column).column)),
        _primary_key(column).rel_db_type(connection),
    )
    return (
        f"UPDATE {_table(column)} AS kept SET {_name(column)} = new.sealed"  # noqa: S608 -- as above
        f" FROM unnest(%s::{kind}[], %s::bytea[]) AS new(id, sealed) WHERE kept.{key} = new.id"
    )


def _stale(column: Column) -> str:
    return f"substring({_name(column)} from 1 for {ciphers.HEADER_LENGTH}) <> %s"


def _table(column: Column) -> str:
    return connection.ops.quote_name(column.model._meta.db_table)


def _name(column: Column) -> str:
    return connection.ops.quote_name(str(column.field.column))


def _primary_key(column: Column) -> models.Field[Any, Any]:
    return column.model._meta.pk
