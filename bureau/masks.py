"""What is shown of a person's data to those who need not see all of it. Plain Python.

Pages show the mask and reveal the whole on request, which is audited; public notices show only masks (PIPL art. 51).
"""

import re
from collections.abc import Iterable
from enum import Enum
from typing import Final

MASK: Final = "*"
# 18 characters or, of the old form, 15; with the blanks and hyphens that people put between them, in any width
ID_NUMBER: Final = re.compile(r"(?<!\d)(?:(?:\d[\s-]?){17}[\dXxＸｘ]|(?:\d[\s-]?){14}\d)(?!\d)")
# 小区, 园区 and 社区 are no divisions and would give the estate away
DIVISIONS_OF_ADDRESS: Final = re.compile(r".*(?:省|市|县|街道|镇|乡|(?<![小园社])区)")

PLACE_OF_COMPANY: Final = re.compile(r"^[^省市县区]{1,6}?[省市县区]")
FORM_OF_COMPANY: Final = re.compile(r"(?:股份有限|有限责任|有限)?公司$|集团$|中心$|事务所$|[厂店社院校馆行]$")


class IdLevel(Enum):
    """How many characters of an ID number stay at its beginning and its end."""

    PUBLIC = (1, 1)
    INTERNAL = (3, 3)
    CASEWORK = (6, 4)


def name(full: str) -> str:
    """仲*妮, 王*, 欧**娜: the first character, and the last one of names longer than two."""
    full = full.strip()
    if len(full) <= 2:
        return full[:1] + MASK if len(full) == 2 else MASK * len(full)
    return full[0] + MASK * (len(full) - 2) + full[-1]


def company(full: str) -> str:
    """泰州市****有限公司, 恒*店: where it is and what it is; a small business often bears its owner's name."""
    full = full.strip()
    form = FORM_OF_COMPANY.search(full)
    last = form[0] if form and len(form[0]) < len(full) else full[-1:]
    place = PLACE_OF_COMPANY.match(full)
    first = place[0] if place and len(place[0]) + len(last) < len(full) else full[:1]
    hidden = len(full) - len(first) - len(last)
    return f"{first}{MASK * hidden}{last}" if hidden > 0 else name(full)


def names(text: str, hidden: Iterable[str]) -> str:
    """A text in which these names are masked wherever they stand."""
    for each in sorted(filter(None, hidden), key=len, reverse=True):
        text = text.replace(each, name(each))
    return text


def id_number(number: str, level: IdLevel = IdLevel.CASEWORK) -> str:
    """An ID number of which only the ends of this level are shown; nothing of one that is shorter than 15."""
    first, last = level.value
    return _between(number, first, last) if len(number) >= 15 else MASK * len(number)


def without_id_numbers(text: str) -> str:
    """The text with everything that looks like an ID number taken out, however it was spaced."""
    return ID_NUMBER.sub("(number)", text)


def phone(number: str) -> str:
    """186****1402; only the last two digits of a short number."""
    return _between(number, 3, 4) if len(number) >= 11 else _between(number, 0, 2)


def bank_card(number: str) -> str:
    """The last four digits, behind stars that do not tell the length."""
    digits = re.sub(r"[\s\-]", "", number)
    return f"{MASK * 4} {digits[-4:]}" if len(digits) > 8 else MASK * 4


def address(full: str) -> str:
    """泰州市海陵区城东街道****: the divisions, and nothing of road, estate and door."""
    known = DIVISIONS_OF_ADDRESS.match(full)
    return f"{known[0] if known else ''}{MASK * 4}" if full else ""


def _between(text: str, first: int, last: int) -> str:
    hidden = len(text) - first - last
    return text[:first] + MASK * hidden + text[len(text) - last :] if hidden > 0 else MASK * len(text)
