"""Tables as a workbook. Every text is a text: whatever it begins with, no cell is a formula."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

HEAD = PatternFill("solid", fgColor="DDE6F0")
BAD_IN_TITLES = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
TITLE_LENGTH = 31
WIDE = 24


class Book:
    """A workbook that is written from top to bottom, so that a long list needs little room."""

    def __init__(self) -> None:
        self.book = Workbook(write_only=True)

    def sheet(self, title: str, heads: Sequence[str]) -> Any:
        """A sheet with its head; rows are appended by `row`."""
        names = {each.title for each in self.book.worksheets}
        name = title.translate(BAD_IN_TITLES)[:TITLE_LENGTH].strip()
        number = 2
        while name in names:
            name = f"{name[: TITLE_LENGTH - 4]} ({number})"
            number += 1
        sheet = self.book.create_sheet(name)
        for place in range(1, len(heads) + 1):
            sheet.column_dimensions[get_column_letter(place)].width = WIDE
        sheet.freeze_panes = "A2"
        cells = [_cell(sheet, head) for head in heads]
        for cell in cells:
            cell.font, cell.fill = Font(bold=True), HEAD
        sheet.append(cells)
        return sheet

    def row(self, sheet: Any, values: Iterable[Any]) -> None:
        """A row below the last one."""
        sheet.append([_cell(sheet, value) for value in values])

    def content(self) -> bytes:
        """The file."""
        out = io.BytesIO()
        self.book.save(out)
        return out.getvalue()


def _cell(sheet: Any, value: Any) -> Any:
    if not isinstance(value, str):
        return WriteOnlyCell(sheet, value)
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value))
    cell.data_type = "s"
    return cell
