"""What stands in a cell, as the record wants it: by the form of its column. Raises `CellError`. Plain Python."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import msgspec

from verification.record_form import LARGEST_AMOUNT, is_possible, is_possible_date
from verification.spreadsheet.columns import Column
from verification.spreadsheet.problems import CellError

AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,6})?", re.ASCII)
DAY = re.compile(r"([0-9]{4})[-/.年]?([0-9]{1,2})[-/.月]?([0-9]{1,2})日?", re.ASCII)
MONTH = re.compile(r"([0-9]{4})[-/.年]?(0?[1-9]|1[0-2])月?", re.ASCII)
LENGTH = re.compile(r"length <= ([0-9]+)")
YES, NO = {"是", "true", "y", "1"}, {"否", "false", "n", "0"}
FORMULA, ERROR = "f", "e"  # openpyxl's types of a cell


def value_of(cell: Any, column: Column, last: date) -> Any:
    """The value of a cell, None where it is empty. `last`: the last day that anything may be dated."""
    if cell.data_type == FORMULA:
        raise CellError("formula")
    if cell.data_type == ERROR:
        raise CellError("error_value")
    value = cell.value.strip() if isinstance(cell.value, str) else cell.value
    if value is None or value == "":
        return None
    read = READERS[column.form](value, column)
    if column.form in {"date", "month"} and not is_possible_date(str(read), last):
        raise CellError("impossible_date")
    return _within_bounds(read, column)


def _within_bounds(value: Any, column: Column) -> Any:
    """The same bounds as on the wire: those of the record's own field."""
    if column.form == "amount" and not is_possible(
        value, Decimal(1) if column.name.endswith("_ratio") else LARGEST_AMOUNT
    ):
        raise CellError("ratio" if column.name.endswith("_ratio") else "amount")
    if column.kind is None:
        return value
    try:
        msgspec.convert(value, column.kind)
    except (msgspec.ValidationError, ValueError) as error:
        length = LENGTH.search(str(error))
        raise (CellError("too_long", most=length[1]) if length else CellError("malformed")) from None
    return value


def _text(value: Any, _column: Column) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise CellError("not_text")
    return str(int(value)) if float(value).is_integer() else repr(value)


def _code(value: Any, column: Column) -> str:
    """A code, alone or before its meaning; one that a program took for a number has its noughts back."""
    text = (_text(value, column).split() or [""])[0]
    known = {code for code, _meaning in column.codes}
    for each in (text, text.upper(), text.zfill(2)):
        if each in known:
            return each
    raise CellError("unknown_code", codes=" ".join(code for code, _meaning in column.codes))


def _date(value: Any, column: Column) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    found = DAY.fullmatch(_of(value, column, "not_a_date"))
    try:
        if found:
            return date(*map(int, found.groups()))
    except ValueError:
        pass
    raise CellError("not_a_date")


def _month(value: Any, column: Column) -> str:
    if isinstance(value, date):
        return f"{value:%Y-%m}"
    found = MONTH.fullmatch(_of(value, column, "not_a_month"))
    if not found:
        raise CellError("not_a_month")
    return f"{found[1]}-{int(found[2]):02d}"


def _amount(value: Any, column: Column) -> Decimal:
    """A figure; what the spreadsheet counted in binary is read with the 15 digits that it shows."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = f"{Decimal(format(value, '.15g')):f}"
    text = _of(value, column, "not_an_amount")
    if not AMOUNT.fullmatch(text):
        raise CellError("not_an_amount")
    return Decimal(text)


def _count(value: Any, column: Column) -> int:
    text = _of(value, column, "not_a_count")
    if not re.fullmatch("[0-9]{1,7}", text, re.ASCII):
        raise CellError("not_a_count")
    return int(text)


def _flag(value: Any, column: Column) -> bool:
    if isinstance(value, bool):
        return value
    text = _of(value, column, "not_a_flag").lower()
    if text not in YES | NO:
        raise CellError("not_a_flag")
    return text in YES


def _words(value: Any, column: Column) -> list[str]:
    return [part.strip() for part in re.split("[;；、]", _text(value, column)) if part.strip()]


def _members(value: Any, column: Column) -> list[dict[str, str]]:
    members = []
    for part in _words(value, column):
        name, sign, relation = part.replace("：", ":").partition(":")
        if not sign or not name.strip():
            raise CellError("not_members")
        members.append({"name": name.strip(), "relation": relation.strip()})
    return members


def _of(value: Any, column: Column, code: str) -> str:
    try:
        return _text(value, column)
    except CellError:
        raise CellError(code) from None


READERS: Mapping[str, Callable[[Any, Column], Any]] = {
    "text": _text,
    "code": _code,
    "date": _date,
    "month": _month,
    "amount": _amount,
    "count": _count,
    "flag": _flag,
    "words": _words,
    "members": _members,
}
