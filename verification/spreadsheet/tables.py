"""The sheets of a filled list as rows of values, with what is wrong in their cells. Plain Python."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from openpyxl.workbook import Workbook

from verification.facts import RecordKind
from verification.spreadsheet import guarding
from verification.spreadsheet.cells import value_of
from verification.spreadsheet.columns import FIRST_ROW, Column, sheets
from verification.spreadsheet.problems import CellError, Problem, at


@dataclass(eq=False)
class Row:
    """A row that holds something: its number as the spreadsheet shows it, its values by code of the column."""

    number: int
    values: dict[str, Any]
    wrong: set[str]  # codes of the columns whose cell could not be read; told already


@dataclass(eq=False)
class Table:
    """One sheet."""

    title: str
    columns: dict[str, tuple[Column, int]]  # by code, each with its place in this file
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def at(self, row: Row, code: str, why: str, facts: dict[str, str] | None = None) -> Problem:
        """A problem of one cell."""
        column, place = self.columns[code]
        return at(self.title, row.number, column, place, why, facts)


def tables_of(book: Workbook, kinds: Sequence[RecordKind], last: date) -> tuple[dict[str, Table], list[Problem]]:
    """The sheets to be filled in, and which of them or of their columns are missing. Raises `UnfitFileError`."""
    tables: dict[str, Table] = {}
    problems: list[Problem] = []
    for title, columns in sheets(kinds).items():
        if title not in book.sheetnames:
            problems.append(Problem("missing_sheet", title))
            continue
        rows = guarding.rows(book[title])
        places = _places(next(rows, ()))
        problems += [
            Problem("missing_column", title, FIRST_ROW - 1, term=column.term, facts={"code": column.code})
            for column in columns
            if column.code not in places
        ]
        known = {column.code: (column, places[column.code]) for column in columns if column.code in places}
        table = tables[title] = Table(title, known)
        for number, cells in enumerate(rows, FIRST_ROW):
            _read(table, number, cells, last)
    return tables, problems


def _places(cells: Sequence[Any]) -> dict[str, int]:
    """Where each code stands in the second row, counted from 1; the first of two counts."""
    places: dict[str, int] = {}
    for place, cell in enumerate(cells, 1):
        if isinstance(cell.value, str):
            places.setdefault(cell.value.strip(), place)
    return places


def _read(table: Table, number: int, cells: Sequence[Any], last: date) -> None:
    row = Row(number, {}, set())
    for code, (column, place) in table.columns.items():
        if place > len(cells):
            continue
        try:
            value = value_of(cells[place - 1], column, last)
        except CellError as error:
            row.wrong.add(code)
            table.problems.append(table.at(row, code, error.code, error.facts))
            continue
        if value is not None:
            row.values[code] = value
    if row.values or row.wrong:
        table.rows.append(row)
