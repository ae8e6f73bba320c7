"""Questions written out as a workbook: the request list that a source gets. Plain Python.

The same questions make the same bytes, so that the file has one digest. Every text is a text: whatever it begins with,
no cell is a formula.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from verification.facts import Question, RecordKind
from verification.spreadsheet.columns import (
    CODES,
    FIRST_ROW,
    FLAGS,
    HELP,
    REPLIES,
    REQUEST_COLUMNS,
    REQUESTS,
    Column,
    sheets,
)

ID_TYPE = "111"  # resident identity card
MOST_RECORD_ROWS = 5000  # rows of a sheet that are prepared for records; more may be filled in
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
FORMATS = {"date": "yyyy-mm-dd", "amount": "General", "count": "0"}
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the time of every part of the file
HEAD, NEEDED = PatternFill("solid", fgColor="DDE6F0"), PatternFill("solid", fgColor="F6E3C5")

HELP_LINES = (
    "1. “请求清单”列出需要查询的人员，请勿改动。",
    "2. 请在“答复”中为每一名人员填写结果代码：0 查到、1 查无、2 身份不符、3 不属本单位、9 查询出错。",
    "   查到、查无须填数据截止日。“查无”只在已对完整数据查询到底时填写。",
    "3. 结果为 0 的，在相应的信息类别表中逐条填写记录，每条记录一行；查询编号、人员序号照抄“答复”。",
    "4. 橙色列必填；其他列不掌握的留空，不填 0。金额以元计（标明万元的除外），日期写作 2026-01-31，月份写作 2026-01。",
    "5. 代码列可从下拉列表选择，含义见“代码”表。记录标识为本单位对该记录的固定标识，不得使用证件号码或完整账号。",
    "6. 不使用公式，不增删表头，不改动清单编号、查询编号和证件号码。清单含个人信息，请妥善保管，用后销毁。",
)


def written(
    number: str, source: str, questions: Sequence[Question], kinds: Sequence[RecordKind], *, at: datetime, due_on: date
) -> bytes:
    """The workbook of a list: what is asked, and the sheets to be filled in. `at`: when the list was made."""
    book = Workbook()
    book.properties.title = number
    book.properties.creator = ""
    book.properties.created = at.replace(tzinfo=None)
    _write_help(book.active, number, source, due_on)
    _write_requests(book.create_sheet(REQUESTS), number, questions)
    places = _write_codes(book.create_sheet(CODES), sheets(kinds).values())
    for title, columns in sheets(kinds).items():
        sheet = book.create_sheet(title)
        _write_head(sheet, columns)
        last = FIRST_ROW - 1 + (len(_persons(questions)) if title == REPLIES else MOST_RECORD_ROWS)
        _prepare(sheet, columns, places, last)
    _prefill(book[REPLIES], number, questions)
    book.move_sheet(CODES, len(book.sheetnames))
    return steady(book, at)


def _persons(questions: Sequence[Question]) -> list[tuple[Question, Any]]:
    return [(question, person) for question in questions for person in question.persons]


def put(sheet: Worksheet, row: int, column: int, value: object) -> None:
    """Write one cell. A text stays one, also in a spreadsheet program that would make a formula of it."""
    cell: Any = sheet.cell(row, column)
    if not isinstance(value, str):
        cell.value = value
        return
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
    cell.data_type = "s"
    cell.number_format = "@"
    cell.quotePrefix = value.startswith(FORMULA_SIGNS)


def _write_help(sheet: Any, number: str, source: str, due_on: date) -> None:
    sheet.title = HELP
    lines = (f"居民家庭经济状况核对请求清单 {number}", f"发往：{source}", f"请于 {due_on} 前回复", *HELP_LINES)
    for row, line in enumerate(lines, 1):
        put(sheet, row, 1, line)
        sheet.cell(row, 1).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.cell(1, 1).font = Font(bold=True)
    sheet.column_dimensions["A"].width = 100


def _write_head(sheet: Worksheet, columns: Sequence[Column]) -> None:
    """The term, under it the code; both stay on screen."""
    for place, column in enumerate(columns, 1):
        put(sheet, 1, place, column.term)
        put(sheet, 2, place, column.code)
        for row in (1, 2):
            cell = sheet.cell(row, place)
            cell.fill = NEEDED if column.needed else HEAD
            cell.font = Font(bold=row == 1)
        sheet.column_dimensions[get_column_letter(place)].width = 30 if column.code == "reference" else 20
    sheet.freeze_panes = f"D{FIRST_ROW}"


def _write_requests(sheet: Worksheet, number: str, questions: Sequence[Question]) -> None:
    _write_head(sheet, REQUEST_COLUMNS)
    for row, (question, person) in enumerate(_persons(questions), FIRST_ROW):
        values = (
            *(number, question.reference, person.key, person.name, ID_TYPE, person.id_number, question.authorisation),
            *(question.purpose, question.as_of, question.since),
        )
        for place, value in enumerate(values, 1):
            put(sheet, row, place, value)
            if isinstance(value, date):
                sheet.cell(row, place).number_format = FORMATS["date"]


def _prefill(sheet: Worksheet, number: str, questions: Sequence[Question]) -> None:
    for row, (question, person) in enumerate(_persons(questions), FIRST_ROW):
        for place, value in enumerate((number, question.reference, person.key, person.name, person.id_number), 1):
            put(sheet, row, place, value)


def _write_codes(sheet: Worksheet, tables: Iterable[Sequence[Column]]) -> dict[tuple[tuple[str, str], ...], str]:
    """Every list of codes in a column of its own; returns where each stands, as a formula names it."""
    lists = {column.codes: column.term for columns in tables for column in columns if column.codes}
    places = {}
    for place, (codes, term) in enumerate(lists.items(), 1):
        put(sheet, 1, place, term)
        sheet.cell(1, place).font = Font(bold=True)
        for row, (code, meaning) in enumerate(codes, 2):
            put(sheet, row, place, f"{code} {meaning}")
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = 24
        places[codes] = f"'{CODES}'!${letter}$2:${letter}${len(codes) + 1}"
    sheet.freeze_panes = "A2"
    return places


def _prepare(sheet: Worksheet, columns: Sequence[Column], places: dict[Any, str], last: int) -> None:
    """The lists to choose from, and the format of each column, so that nothing is taken for a number that is none."""
    for place, column in enumerate(columns, 1):
        letter = get_column_letter(place)
        choices = f'"{",".join(FLAGS)}"' if column.form == "flag" else places.get(column.codes)
        if choices:
            validation = DataValidation(type="list", formula1=choices, allow_blank=True)
            validation.add(f"{letter}{FIRST_ROW}:{letter}{max(last, FIRST_ROW)}")
            sheet.add_data_validation(validation)
        sheet.column_dimensions[letter].number_format = FORMATS.get(column.form, "@")


def steady(book: Workbook, at: datetime) -> bytes:
    """The file without the moment at which it happened to be written."""
    moving, steady = io.BytesIO(), io.BytesIO()
    book.save(moving)
    stamp = f"{at:%Y-%m-%dT%H:%M:%S}Z".encode()
    with zipfile.ZipFile(moving) as parts, zipfile.ZipFile(steady, "w", zipfile.ZIP_DEFLATED) as fixed:
        for part in parts.infolist():
            content = parts.read(part)
            if part.filename == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, content)
            info = zipfile.ZipInfo(part.filename, LONG_AGO)
            info.compress_type = zipfile.ZIP_DEFLATED
            fixed.writestr(info, content)
    return steady.getvalue()
