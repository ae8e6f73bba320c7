"""A row under its lock, as it stands now: the first word of every change."""

from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Model
from django.db.transaction import TransactionManagementError

from bureau.composed import INT, Composed


def lock(subject: Any) -> None:
    """Lock the subject's row and read all its fields anew; what was known of its relations is forgotten.

    Raises `DoesNotExist` when the row is gone, `TransactionManagementError` outside a transaction.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("A row is locked for as long as a transaction lasts; there is none.")
    found = _reading(subject.__class__).rows(pk=subject.pk)
    if not found:
        raise subject.__class__.DoesNotExist
    for field, value in zip(subject._meta.concrete_fields, found[0], strict=True):
        setattr(subject, field.attname, value)
    subject._state.fields_cache.clear()
    subject._prefetched_objects_cache = {}


@lru_cache(maxsize=200)
def _reading(model: type[Model]) -> Composed:
    return Composed(lambda pk: model._default_manager.filter(pk=pk).select_for_update(of=("self",)), pk=INT)
