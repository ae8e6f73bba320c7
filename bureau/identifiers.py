"""Resident ID numbers, unified credit codes and number plates: read what a person typed, or say what is wrong with it.

Plain Python. Every reader takes text and returns the normal form, or raises `IdentifierError`, whose text never holds
the number itself. The form that shows the error translates it.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from gettext import gettext as _  # marks the msgids; Django's catalogue translates them where they are shown
from typing import Final, Literal
from zoneinfo import ZoneInfo

from stdnum.cn import ric, uscc
from stdnum.exceptions import InvalidComponent

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
OLDEST_AGE: Final = 130
OLD_ID: Final = re.compile(r"[1-9]\d{14}", re.ASCII)
NEW_ID: Final = re.compile(r"[1-9]\d{16}[\dX]", re.ASCII)
CREDIT_CODE: Final = re.compile(r"[1-9A-HJ-NP-RTUWXY][\dA-HJ-NP-RTUWXY]\d{6}[\dA-HJ-NP-RTUWXY]{10}", re.ASCII)

PROVINCES: Final = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
ORDINARY_PLATE: Final = re.compile(rf"[{PROVINCES}][A-HJ-NP-Z][A-HJ-NP-Z0-9]{{4}}[A-HJ-NP-Z0-9挂学警港澳]")
# GA 36: a small new-energy plate has its letter first, a large one last
NEW_ENERGY_PLATE: Final = re.compile(rf"[{PROVINCES}][A-HJ-NP-Z](?:[A-HJK][A-HJ-NP-Z0-9]\d{{4}}|\d{{5}}[A-HJK])")

Sex = Literal["male", "female"]


class IdentifierError(ValueError):
    """What is wrong with an identifier: a code for programs, an English msgid with its parameters for people."""

    def __init__(self, code: str, message: str, **params: object) -> None:
        super().__init__(message % params)
        self.code = code
        self.message = message
        self.params: Mapping[str, object] = params


def normalise_id(text: str, *, today: date | None = None) -> str:
    """The 18 characters of a resident ID number (GB 11643-1999); an old one of 15 digits becomes its 18.

    The division is not looked up: it is that of the first registration, and may be gone for decades.
    """
    number = ric.compact(text)
    if OLD_ID.fullmatch(number):
        number = f"{number[:6]}19{number[6:]}"
        number += ric.calc_check_digit(f"{number}0")
    if len(number) != 18:
        raise IdentifierError("id_length", _("An ID number has 18 characters, or 15 if it is an old one."))
    if not NEW_ID.fullmatch(number):
        raise IdentifierError("id_format", _("An ID number has 17 digits and then a digit or X."))
    _check_birth_date(number, today or datetime.now(SHANGHAI).date())
    if number[-1] != ric.calc_check_digit(number):
        raise IdentifierError(
            "id_checksum", _("One of the characters of this ID number is wrong: its last one does not fit.")
        )
    return number


def birth_date(number: str) -> date:
    """The day of birth in a normal ID number. IdentifierError when there is no such day."""
    try:
        return ric.get_birth_date(number)
    except InvalidComponent:
        raise IdentifierError("id_birth_date", _("The day of birth in this ID number does not exist.")) from None


def sex(number: str) -> Sex:
    """The sex in a normal ID number: the 17th digit is odd for men."""
    return "male" if int(number[16]) % 2 else "female"


def age(number: str, on: date) -> int:
    """Full years of the holder of a normal ID number on that day."""
    born = birth_date(number)
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def normalise_credit_code(text: str) -> str:
    """The 18 characters of a unified social credit code (GB 32100-2015).

    stdnum takes digits only in the first two places, but rural collectives are registered under N1 and N2, so only its
    check character is used; it is right where the sum divides by 31, where many programs fail.
    """
    code = uscc.compact(text)
    if len(code) != 18:
        raise IdentifierError("credit_code_length", _("A unified credit code has 18 characters."))
    if not CREDIT_CODE.fullmatch(code):
        raise IdentifierError(
            "credit_code_format", _("A unified credit code has digits and capital letters without I, O, S, V and Z.")
        )
    if code[-1] != uscc.calc_check_digit(code[:-1]):
        raise IdentifierError(
            "credit_code_checksum", _("One of the characters of this credit code is wrong: its last one does not fit.")
        )
    return code


def normalise_plate(text: str) -> str:
    """A number plate, as 苏M12345 or 苏MD12345 (new energy), without blanks and dots, in capitals."""
    plate = re.sub(r"[\s·•.\-]", "", text).upper()
    if not (ORDINARY_PLATE.fullmatch(plate) or NEW_ENERGY_PLATE.fullmatch(plate)):
        raise IdentifierError("plate_format", _("A number plate is like 苏M12345, or 苏MD12345 for new energy."))
    return plate


def _check_birth_date(number: str, today: date) -> None:
    if birth_date(number) > today:
        raise IdentifierError("id_birth_in_future", _("The day of birth in this ID number is still to come."))
    if age(number, today) >= OLDEST_AGE:
        raise IdentifierError(
            "id_too_old", _("The day of birth in this ID number is %(years)s years ago or more."), years=OLDEST_AGE
        )
