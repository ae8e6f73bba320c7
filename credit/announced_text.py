"""What must not stand in a public announcement of a party: whole names, numbers, telephones, addresses. Plain Python.

Digits and letters of any width, and whatever blanks and hyphens stand between them, count as one writing.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Final

from msgspec import Struct

from bureau import masks

SEPARATORS: Final = re.compile(r"[\s·•\-—_./]+")
MOBILE: Final = re.compile(r"(?<!\d)(?:\+?86)?1[3-9]\d{9}(?!\d)")
LANDLINE: Final = re.compile(r"(?<!\d)0\d{2,3}\d{7,8}(?!\d)")
CREDIT_CODE: Final = re.compile(r"(?<![0-9A-Z])[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}(?![0-9A-Z])")
NUMBER: Final = r"[0-9一二三四五六七八九十百零〇]+"
ADDRESS: Final = re.compile(
    rf"(?:路|街|巷|弄|大道|村|组|小区|花园|新村|苑){NUMBER}(?:号|弄|组)|{NUMBER}(?:号楼|幢|栋|单元|室)"
)


class Leak(StrEnum):
    """What was found."""

    NAME = "name"
    NUMBER = "number"
    TELEPHONE = "telephone"
    ADDRESS = "address"


class Person(Struct, frozen=True):
    """A party: the whole name, and the ID number or unified credit code."""

    name: str
    identifier: str


def leaks(text: str, parties: Iterable[Person], *, own: Iterable[str] = ()) -> list[Leak]:
    """What stands in the text that must not, each once. `own`: the office's address and telephone, which may."""
    return sorted(set(_leaks(text, [*parties], own)))


def _leaks(text: str, parties: list[Person], own: Iterable[str]) -> Iterator[Leak]:
    plain = _plain(text)
    for each in filter(None, map(_plain, own)):
        plain = plain.replace(each, "")
    for party in parties:
        if _plain(party.name) in plain:
            yield Leak.NAME
        if _plain(party.identifier) in plain:
            yield Leak.NUMBER
    if masks.ID_NUMBER.search(plain) or CREDIT_CODE.search(plain):
        yield Leak.NUMBER
    if MOBILE.search(plain) or LANDLINE.search(plain):
        yield Leak.TELEPHONE
    if ADDRESS.search(plain):
        yield Leak.ADDRESS


def _plain(text: str) -> str:
    return SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()
