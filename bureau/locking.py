"""A row under its lock, as it stands now: the first word of every change.

Its statement is composed once for each model; Django composes it anew for every row, in several times the time that the
database takes.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Model
from django.db.transaction import TransactionManagementError
from msgspec import Struct


class _Reading(Struct, frozen=True):
    """How the row of a model is read: the statement with its place for the key, and what each column becomes."""

    sql: str
    names: Sequence[str]
    converters: Sequence[tuple[int, Sequence[Callable[..., Any]], Any]]


def lock(subject: Any) -> None:
    """Lock the subject's row and read all its fields anew; what was known of its relations is forgotten.

    Raises `DoesNotExist` when the row is gone, `TransactionManagementError` outside a transaction.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("A row is locked for as long as a transaction lasts; there is none.")
    reading = _reading(subject.__class__)
    with connection.cursor() as cursor:
        cursor.execute(reading.sql, [subject.pk])
        found = cursor.fetchone()
    if found is None:
        raise type(subject).DoesNotExist
    row = list(found)
    for place, converters, expression in reading.converters:
        for convert in converters:
            row[place] = convert(row[place], expression, connection)
    for name, value in zip(reading.names, row, strict=True):
        setattr(subject, name, value)
    subject._state.fields_cache.clear()
    subject._prefetched_objects_cache = {}


@lru_cache(maxsize=200)
def _reading(model: type[Model]) -> _Reading:
    rows = model._default_manager.filter(pk=0).select_for_update(of=("self",))
    compiler = rows.query.get_compiler(connection=connection)
    sql, _params = compiler.as_sql()
    columns = [column for column, _sql, _alias in compiler.select]
    converters = [
        (place, converters, expression) for place, (converters, expression) in compiler.get_converters(columns).items()
    ]
    return _Reading(sql, [field.attname for field in model._meta.concrete_fields], converters)
