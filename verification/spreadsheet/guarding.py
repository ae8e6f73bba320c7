"""Whether an uploaded file is a workbook that can be opened without harm. Plain Python.

A workbook is a zip of XML: its parts are counted and measured before anything is unpacked, and none may declare
entities, hold a program or be locked.
"""

import io
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook import Workbook

from verification.spreadsheet.problems import UnfitFileError

LARGEST_FILE = 5 * 1024 * 1024  # bytes
LARGEST_UNPACKED = 60 * 1024 * 1024  # bytes of all parts together
MOST_PARTS = 200
MOST_ROWS = 20_000  # of one sheet
MOST_COLUMNS = 60
MOST_TEXT = 60_000  # characters shown of a workbook
ZIP = b"PK\x03\x04"
ENTITIES = (b"<!DOCTYPE", b"<!ENTITY", "<!DOCTYPE".encode("utf-16-le"), "<!DOCTYPE".encode("utf-16-be"))

# What openpyxl raises on what is no workbook: it promises nothing, so these are what its readers were seen to raise.
UNREADABLE = (
    *(InvalidFileException, zipfile.BadZipFile, SyntaxError, zlib.error, struct.error, UnicodeError, RecursionError),
    *(LookupError, ValueError, TypeError, AttributeError, OSError, RuntimeError, ArithmeticError, AssertionError),
)


def opened(content: bytes) -> Workbook:
    """The workbook, read row by row as it is asked for. Raises `UnfitFileError`."""
    if not content:
        raise UnfitFileError("empty_file")
    if len(content) > LARGEST_FILE:
        raise UnfitFileError("too_large")
    if not content.startswith(ZIP):
        raise UnfitFileError("not_a_workbook")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            _check(parts)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
    except UNREADABLE:
        raise UnfitFileError("not_a_workbook") from None


def _check(parts: zipfile.ZipFile) -> None:
    found = parts.infolist()
    if len(found) > MOST_PARTS or sum(part.file_size for part in found) > LARGEST_UNPACKED:
        raise UnfitFileError("too_large_unpacked")
    if any(part.flag_bits & 1 for part in found):
        raise UnfitFileError("locked")
    if any(part.filename.lower().endswith(".bin") and "vba" in part.filename.lower() for part in found):
        raise UnfitFileError("program")
    for part in found:
        content = parts.read(part)  # never more than the size that was measured above
        if part.filename.lower().endswith((".xml", ".rels", ".vml")) and any(mark in content for mark in ENTITIES):
            raise UnfitFileError("entities")


def rows(sheet: Any) -> Iterator[tuple[Any, ...]]:
    """The rows of a sheet from its second on, cells and all. Raises `UnfitFileError` where there are too many."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for place, row in enumerate(sheet.iter_rows(min_row=2, max_col=MOST_COLUMNS)):
                if place > MOST_ROWS:
                    raise UnfitFileError("too_many_rows")
                yield row
    except UNREADABLE:
        raise UnfitFileError("not_a_workbook") from None


def as_text(content: bytes) -> str:
    """What stands in the cells, a line for each row, for who reads the evidence; empty when it cannot be read."""
    try:
        book = opened(content)
        lines: list[str] = []
        for sheet in book.worksheets:
            lines.append(f"[{sheet.title}]")
            cells = (["" if cell.value is None else str(cell.value) for cell in row] for row in rows(sheet))
            lines += ["\t".join(row).rstrip() for row in cells if any(row)]
        return "\n".join(lines)[:MOST_TEXT]
    except UnfitFileError:
        return ""
