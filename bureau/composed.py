"""A query that is composed once and asked with other values each time: what every move of every case asks.

The query is a query set like any other, so its rule stands in one place; only the composing, which takes Django several
times as long as the database takes to answer, is not done again.
"""

from collections.abc import Callable, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from msgspec import Struct

# Stand for values in the composing; no key, no day and no code of ours is like them.
INT, DAY, TEXT = -7_310_551, date(1, 1, 1), "-7310551"


class _Value(Struct, frozen=True):
    """The place where a value comes in, by name."""

    name: str


class _Statement(Struct, frozen=True):
    """The SQL, its parameters with places for the values, and what becomes of the columns that are converted."""

    sql: str
    parameters: Sequence[Any]
    converters: Sequence[tuple[int, Sequence[Callable[..., Any]], Any]]


class Composed:
    """`build` makes the query set from a stand-in for each value, `INT`, `DAY` or `TEXT`, by name."""

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], **stand_ins: int | date | str) -> None:
        self._build = build
        self._stand_ins = {name: _apart(each, place) for place, (name, each) in enumerate(stand_ins.items())}

    @cached_property
    def _statement(self) -> _Statement:
        compiler: Any = self._build(**self._stand_ins).query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        names = {stand_in: name for name, stand_in in self._stand_ins.items()}
        places = [
            _Value(names[each]) if isinstance(each, int | date | str) and each in names else each for each in parameters
        ]
        if missing := set(names.values()) - {each.name for each in places if isinstance(each, _Value)}:
            raise TypeError(f"The query does not take {', '.join(sorted(missing))} as it is.")
        converted = compiler.get_converters([column for column, _sql, _alias in compiler.select]).items()
        return _Statement(sql, places, [(place, list(each), column) for place, (each, column) in converted])

    def rows(self, **values: Any) -> list[list[Any]]:
        """What the query set would answer as a list of values, column by column."""
        statement = self._statement
        with connection.cursor() as cursor:
            cursor.execute(
                statement.sql,
                [values[each.name] if isinstance(each, _Value) else each for each in statement.parameters],
            )
            rows = [list(row) for row in cursor.fetchall()]
        for place, converters, column in statement.converters:
            for row in rows:
                for convert in converters:
                    row[place] = convert(row[place], column, connection)
        return rows

    def any(self, **values: Any) -> bool:
        """Whether there is a row."""
        return bool(self.rows(**values))


def _apart(stand_in: int | date | str, place: int) -> int | date | str:
    """Another for each place, so that each is known again."""
    if isinstance(stand_in, date):
        return stand_in.replace(year=stand_in.year + place)
    return f"{stand_in}.{place}" if isinstance(stand_in, str) else stand_in - place
