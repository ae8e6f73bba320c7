"""Tables for readers as a workbook: figures and lists, nothing to be filled in and read back. Plain Python."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from verification.spreadsheet.writing import HEAD, put, steady

LONGEST_TITLE = 31  # of a sheet
WIDEST = 60


class Sheet(Struct, frozen=True):
    """One sheet: lines above the table, its heads, its rows."""

    title: str
    notes: Sequence[str]
    heads: Sequence[str]
    rows: Sequence[Sequence[object]]


def listing(title: str, sheets: Sequence[Sheet], *, at: datetime) -> bytes:
    """The workbook. The same content makes the same bytes; `at`: when it was made."""
    book = Workbook()
    book.properties.title = title
    book.properties.creator = ""
    book.properties.created = at.replace(tzinfo=None)
    book.remove(book.active)
    for sheet in sheets:
        _write(book.create_sheet(sheet.title[:LONGEST_TITLE]), sheet)
    return steady(book, at)


def _write(place: Any, sheet: Sheet) -> None:
    for row, note in enumerate(sheet.notes, 1):
        put(place, row, 1, note)
    place.cell(1, 1).font = Font(bold=True)
    first = len(sheet.notes) + 2 if sheet.notes else 1
    for column, head in enumerate(sheet.heads, 1):
        put(place, first, column, head)
        cell = place.cell(first, column)
        cell.font, cell.fill = Font(bold=True), HEAD
        longest = max([_width(head), *(_width(row[column - 1]) for row in sheet.rows)])
        place.column_dimensions[get_column_letter(column)].width = min(WIDEST, longest + 2)
    for number, line in enumerate(sheet.rows, first + 1):
        for column, value in enumerate(line, 1):
            put(place, number, column, value)
            if isinstance(value, int):
                place.cell(number, column).number_format = "#,##0"
            elif isinstance(value, str) and _width(value) > WIDEST:
                place.cell(number, column).alignment = Alignment(wrap_text=True, vertical="top")
    place.freeze_panes = f"B{first + 1}"


def _width(value: object) -> int:
    """How wide a cell is; a Chinese character takes two places."""
    text = f"{value}"
    return sum(1 if character.isascii() else 2 for character in text)
