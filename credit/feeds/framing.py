"""What all files between us and a receiver have in common: lines from a header to a trailer with an SM3 digest.

    H | … | …            header
    N | … | …            names of columns, where there are any
    D | … | …            details
    T | count | … | SM3  trailer; the digest is of every byte before it

Lines end with CR LF. A value that holds the separator or a quotation mark stands in quotation marks (RFC 4180).
"""

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

from msgspec import Struct

from bureau import ciphers
from credit.feeds.faults import FileFault, UnfitFileError
from credit.feeds.mapping import Mapping

HEADER, NAMES, DETAIL, TRAILER = "H", "N", "D", "T"
DIGEST_LENGTH: Final = 64  # hexadecimal digits
LINE_END: Final = "\r\n"
LARGEST_FILE: Final = 50 * 1024 * 1024  # bytes
UNWRITABLE: Final = {"Cc", "Cs", "Zl", "Zp"}  # control characters and line ends; halves of a character

Row = tuple[str, ...]


class Framed(Struct, frozen=True):
    """A file that is whole: its header, what lies between, the counts of its trailer."""

    header: Row
    body: tuple[tuple[int, Row], ...]  # with the number of the line
    trailer: Row  # without the digest


def clean(text: str) -> str:
    """The value as it can stand in a file: what would break a line becomes a blank."""
    return "".join(" " if unicodedata.category(sign) in UNWRITABLE else sign for sign in text)


def write(mapping: Mapping, rows: Iterable[Sequence[str]], trailer: Sequence[str]) -> bytes:
    """The file of these rows and their trailer, to which the digest is added."""
    last = _line(mapping, [TRAILER, *trailer, ""]).removesuffix(LINE_END)
    before = "".join([*(_line(mapping, row) for row in rows), last]).encode(mapping.encoding.value)
    return before + (ciphers.sm3(before).hex() + LINE_END).encode()


def read(content: bytes, mapping: Mapping, *, fewest: int, counts: int) -> Framed:
    """The file, once it is known to be whole and unchanged: a header of `fewest` values at least, so many counts in its
    trailer. Raises `UnfitFileError`.
    """
    if not content.strip():
        raise UnfitFileError(FileFault.EMPTY)
    if len(content) > LARGEST_FILE:
        raise UnfitFileError(FileFault.TOO_LARGE)
    rows = list(enumerate(_rows(content, mapping), start=1))
    if len(rows[0][1]) < fewest or rows[0][1][0] != HEADER:
        raise UnfitFileError(FileFault.NO_HEADER, line=1)
    if broken := next((number for number, row in rows if any(clean(value) != value for value in row)), 0):
        raise UnfitFileError(FileFault.BAD_LINE, line=broken)
    number, last = rows[-1]
    digest = last[-1].strip().lower()
    if last[0] != TRAILER or number == 1 or len(last) < counts + 2 or len(digest) < DIGEST_LENGTH:
        raise UnfitFileError(FileFault.TRUNCATED, line=number)
    if len(last) > counts + 2:
        raise UnfitFileError(FileFault.BAD_LINE, line=number)
    before = content.rstrip(b"\r\n")[:-DIGEST_LENGTH]  # its digits are single bytes in both encodings
    if ciphers.sm3(before).hex() != digest:
        raise UnfitFileError(FileFault.WRONG_DIGEST)
    return Framed(rows[0][1], tuple(rows[1:-1]), last[1:-1])


def count_of(text: str, line: int) -> int:
    """A count in a header or a trailer. Raises `UnfitFileError`."""
    if not (text.isascii() and text.isdigit()):
        raise UnfitFileError(FileFault.BAD_LINE, line=line, what=text)
    return int(text)


def _rows(content: bytes, mapping: Mapping) -> Iterable[Row]:
    try:
        text = content.decode(mapping.encoding.value)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise UnfitFileError(FileFault.WRONG_ENCODING, line=line, what=mapping.encoding.value) from None
    whole = text.removeprefix("\ufeff").removesuffix("\n")  # some programs mark UTF-8 at its beginning
    for number, each in enumerate(whole.split("\n"), start=1):
        try:
            (row,) = csv.reader([each.removesuffix("\r")], delimiter=mapping.separator, strict=True)
        except (csv.Error, ValueError):
            raise UnfitFileError(FileFault.BAD_LINE, line=number) from None
        if not row:
            raise UnfitFileError(FileFault.BAD_LINE, line=number)
        yield tuple(row)


def _line(mapping: Mapping, row: Sequence[str]) -> str:
    written = io.StringIO()
    csv.writer(written, delimiter=mapping.separator, lineterminator=LINE_END).writerow([clean(value) for value in row])
    return written.getvalue()
