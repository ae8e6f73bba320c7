"""Files as the bank sends them."""

import csv
import io
from datetime import date
from decimal import Decimal

import openpyxl

from benefits.statement_files import COLUMNS
from bureau import workdays


def statement(*lines, first=None, last=None, count=None, total=None, kind="csv", head=True):
    """A statement of these lines: (day, amount, payer, remark, reference)."""
    today = workdays.today()
    come_to = total or f"{sum((Decimal(line[1]) for line in lines), Decimal(0)):.2f}"
    rows = [
        ("开户行", "江苏银行泰州分行"),
        ("账号", "32120000000000001234"),
        ("起始日期", (first or today.replace(month=1, day=1)).isoformat()),
        ("截止日期", (last or today).isoformat()),
        ("笔数", str(len(lines) if count is None else count)),
        ("合计金额", str(come_to)),
    ]
    table = [*(rows if head else rows[1:]), COLUMNS, *([_day(line[0]), *line[1:]] for line in lines)]
    return as_csv(table) if kind == "csv" else as_workbook(table)


def as_csv(rows, encoding="utf-8-sig"):
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode(encoding)


def as_workbook(rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append([float(cell) if isinstance(cell, Decimal) else cell for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _day(value):
    return value.isoformat() if isinstance(value, date) else value
