"""Files that the bank sends: a table with some lines above it, as a workbook or CSV. Read strictly, with every mistake
told by its row and column. Plain Python.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from gettext import gettext as _  # marks the msgids; Django's catalogue translates them where they are shown
from typing import Any, TypeVar

from msgspec import Struct
from openpyxl.utils import get_column_letter

from verification.spreadsheet import guarding
from verification.spreadsheet.problems import UnfitFileError as UnfitWorkbookError

LARGEST_FILE = guarding.LARGEST_FILE
MOST_ROWS = 20_000
MOST_COLUMNS = 30
MOST_FAULTS = 50  # shown; who has more corrects the file from the beginning anyway
AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,2})?", re.ASCII)
DAY = re.compile(r"([0-9]{4})[-/.年]?([0-9]{1,2})[-/.月]?([0-9]{1,2})日?", re.ASCII)
FORMULA = "\0formula"
Value = TypeVar("Value")

TEXTS = {
    "empty": _("The file is empty."),
    "too_large": _("The file is larger than 5 MB or holds too many rows."),
    "unreadable": _("The file is neither a workbook (xlsx) nor CSV text that can be read."),
    "head": _("Above the table “%(name)s” is missing."),
    "heading": _("The column “%(name)s” is missing."),
    "missing": _("This cell must not be empty."),
    "formula": _("This cell holds a formula; enter its value."),
    "not_an_amount": _("This is no amount of more than 0 with two decimal places at most."),
    "not_a_day": _("This is no day, such as 2026-11-05."),
    "not_a_count": _("This is no whole number."),
    "too_long": _("This text is too long."),
    "outside": _("This day lies outside the period of the statement, or ahead."),
    "twice": _("This stands in row %(row)s already."),
    "count": _("The file says %(said)s lines and has %(found)s."),
    "sum": _("The file says a sum of %(said)s and its lines come to %(found)s."),
    "period": _("The period ends before it begins, or lies ahead."),
    "wrong_list": _("This is the answer to another list."),
    "unknown_row": _("This row is not on the list."),
    "wrong_amount": _("On the list this row has another amount."),
    "wrong_account": _("On the list this row has another account."),
    "outcome": _("Enter %(paid)s or %(failed)s."),
    "no_reason": _("Say why it was not paid."),
    "lacking": _("Row %(name)s of the list has no answer."),
    "no_rows": _("The table has no rows."),
}


class Fault(Struct, frozen=True):
    """One thing to correct. Row 0: of the whole file."""

    code: str
    row: int = 0
    column: str = ""  # the letter that a spreadsheet shows
    names: Mapping[str, str] = {}


class UnfitFileError(Exception):
    """The file is not taken; `faults` says why."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)[:MOST_FAULTS]
        super().__init__(", ".join(fault.code for fault in self.faults))


class Row:
    """A row of the table: its values are taken by the name of their column; what is wrong is noted, and is None."""

    def __init__(self, number: int, cells: Sequence[str], places: Mapping[str, int], faults: list[Fault]) -> None:
        self.number, self._cells, self._places, self._faults = number, cells, places, faults

    def fault(self, name: str, code: str, **names: str) -> None:
        """Note what is wrong with the cell of a column."""
        self._faults.append(Fault(code, self.number, get_column_letter(self._places[name] + 1), names))

    def text(self, name: str, *, most: int, needed: bool = True) -> str:
        """A text of so many characters at most."""
        value = self._raw(name)
        if (not value and needed) or value == FORMULA:
            self.fault(name, "formula" if value else "missing")
            return ""
        if len(value) > most:
            self.fault(name, "too_long")
        return value

    def amount(self, name: str) -> Decimal | None:
        """More than 0, of whole cents."""
        return self._read(name, amount_of, "not_an_amount")

    def day(self, name: str) -> date | None:
        """A day of the calendar."""
        return self._read(name, day_of, "not_a_day")

    def count(self, name: str) -> int | None:
        """A whole number."""
        return self._read(name, count_of, "not_a_count")

    def _read(self, name: str, read: Callable[[str], Value | None], code: str) -> Value | None:
        value = self._raw(name)
        found = None if value in {"", FORMULA} else read(value)
        if found is None:
            self.fault(name, {"": "missing", FORMULA: "formula"}.get(value, code))
        return found

    def _raw(self, name: str) -> str:
        place = self._places[name]
        return self._cells[place] if place < len(self._cells) else ""


class Table(Struct):
    """What a file holds: the lines above its table by their names, and the rows."""

    head: Mapping[str, str]
    rows: Sequence[Row]
    faults: list[Fault]


def table_of(content: bytes, *, head: Sequence[str], columns: Sequence[str]) -> Table:
    """The table below its headings. Raises `UnfitFileError` where a line above it or a heading is missing."""
    grid = list(_grid(content))
    start = next((place for place, cells in enumerate(grid) if set(columns) <= set(cells)), None)
    if start is None:
        most = max(grid, key=lambda cells: len(set(columns) & set(cells)), default=[])
        raise UnfitFileError(Fault("heading", names={"name": name}) for name in columns if name not in most)
    above = {cells[0]: cells[1] for cells in grid[:start] if len(cells) > 1 and cells[0]}
    if lacking := [name for name in head if not above.get(name)]:
        raise UnfitFileError(Fault("head", names={"name": name}) for name in lacking)
    faults: list[Fault] = []
    places = {name: grid[start].index(name) for name in columns}
    below = enumerate(grid[start + 1 :], start=start + 2)
    rows = [Row(number, cells, places, faults) for number, cells in below if any(cells)]
    if not rows:
        raise UnfitFileError([Fault("no_rows")])
    return Table(above, rows, faults)


def amount_of(text: str) -> Decimal | None:
    """More than 0, of whole cents; commas between thousands are read over."""
    plain = text.replace(",", "").replace("，", "")
    if not AMOUNT.fullmatch(plain):
        return None
    amount = Decimal(plain).quantize(Decimal("0.01"))
    return amount if amount > 0 else None


def day_of(text: str) -> date | None:
    """2026-11-05, 2026/11/5, 20261105 or 2026年11月5日."""
    found = DAY.fullmatch(text)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def count_of(text: str) -> int | None:
    """A whole number."""
    return int(text) if re.fullmatch("[0-9]{1,7}", text, re.ASCII) else None


def _grid(content: bytes) -> Iterable[list[str]]:
    if not content.strip():
        raise UnfitFileError([Fault("empty")])
    if len(content) > LARGEST_FILE:
        raise UnfitFileError([Fault("too_large")])
    rows = _of_workbook(content) if content.startswith(guarding.ZIP) else _of_text(content)
    for place, cells in enumerate(rows):
        if place > MOST_ROWS:
            raise UnfitFileError([Fault("too_large")])
        yield cells


def _of_workbook(content: bytes) -> Iterable[list[str]]:
    try:
        sheet = guarding.opened(content).worksheets[0]
        for row in sheet.iter_rows(max_col=MOST_COLUMNS):
            yield [_shown(cell) for cell in row]
    except UnfitWorkbookError as error:
        raise UnfitFileError([Fault("too_large" if "too" in error.code else "unreadable")]) from None
    except guarding.UNREADABLE:
        raise UnfitFileError([Fault("unreadable")]) from None


def _shown(cell: Any) -> str:
    """What a spreadsheet shows: a figure with the 15 digits that it counts with, a day without its hour."""
    if cell.data_type == "f":
        return FORMULA
    value = cell.value
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, int | float):
        return f"{Decimal(format(value, '.15g')):f}"
    return str(value).strip()


def _of_text(content: bytes) -> Iterable[list[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        yield from ([cell.strip().strip("\t") for cell in row] for row in csv.reader(io.StringIO(text)))
        return
    raise UnfitFileError([Fault("unreadable")])
