"""Statements that the database plans once for each connection, for the door at which every thousandth counts."""

import re
from collections.abc import Mapping
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection

_known: "WeakKeyDictionary[Any, set[str]]" = WeakKeyDictionary()  # the names of those that a connection has


class Prepared:
    """A statement with its parameters by name, `%(name)s`, each of a type of the database."""

    def __init__(self, name: str, text: str, **types: str) -> None:
        places = {parameter: f"${place}" for place, parameter in enumerate(types, start=1)}
        planned = re.sub(r"%\((\w+)\)s", lambda found: places[found[1]], text)
        self.name = name
        self._prepare = f"PREPARE {name} ({', '.join(types.values())}) AS {planned}"
        self._execute = f"EXECUTE {name} ({', '.join(f'%({parameter})s' for parameter in types)})"

    def rows(self, given: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """What it returns, all of it."""
        with connection.cursor() as cursor:
            known = _known.setdefault(connection.connection, set())
            if self.name not in known:
                cursor.cursor.execute(self._prepare)
                known.add(self.name)
            cursor.execute(self._execute, given)
            found: list[tuple[Any, ...]] = cursor.fetchall()
            return found
