"""What is wrong with a filled list, and where: a code for programs, made into words when it is read. Plain Python."""

from msgspec import Struct
from openpyxl.utils import get_column_letter

from verification.spreadsheet.columns import Column


class Problem(Struct, frozen=True):
    """One thing to correct. Row 0: of the whole sheet; no sheet: of the whole file. No value is quoted."""

    code: str
    sheet: str = ""
    row: int = 0
    column: str = ""  # the letter that the spreadsheet shows
    term: str = ""  # the heading of the column
    facts: dict[str, str] = {}


class UnfitFileError(Exception):
    """The file is no filled list at all; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class CellError(Exception):
    """What stands in a cell cannot be taken; `code` says why."""

    def __init__(self, code: str, **facts: str) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


def at(sheet: str, row: int, column: Column, place: int, code: str, facts: dict[str, str] | None = None) -> Problem:
    """A problem of one cell; `place` counts the columns of the sheet from 1."""
    return Problem(code, sheet, row, get_column_letter(place), column.term, facts or {})
