"""Payment lists as files: the workbook for the bank, its receipt read strictly, and money in capitals. Plain Python."""

import io
from collections.abc import Mapping, Sequence
from decimal import Decimal

from msgspec import Struct
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from benefits.bank_files import Fault, Row, UnfitFileError, table_of

NUMBER = "清册编号"
COLUMNS = ("序号", "姓名", "开户行", "银行账号", "金额", "月份")
ANSWERED = (*COLUMNS, "结果", "原因")
WIDTHS = (8, 16, 28, 28, 14, 12, 10, 30)
PAID, FAILED = "成功", "失败"
DIGITS, PLACES, GROUPS = "零壹贰叁肆伍陆柒捌玖", ("", "拾", "佰", "仟"), ("", "万", "亿", "万亿")


class Item(Struct, frozen=True):
    """A row of a list."""

    place: int
    payee: str
    bank: str
    account: str
    amount: Decimal
    month: str


class Said(Struct, frozen=True):
    """What the bank says of a row."""

    place: int
    paid: bool
    why: str


def workbook(number: str, cover: Sequence[tuple[str, str]], items: Sequence[Item]) -> bytes:
    """The list for the bank, with two columns that it fills in. Accounts are texts; nothing is a formula."""
    book = Workbook()
    sheet: Worksheet = book.active
    sheet.title = "发放清册"
    for pair in ((NUMBER, number), *cover):
        sheet.append([_text(part) for part in pair])
    sheet.append(list(ANSWERED))
    for cell in sheet[sheet.max_row]:
        cell.font = Font(bold=True)
    for item in items:
        sheet.append(
            [item.place, _text(item.payee), _text(item.bank), item.account, item.amount, item.month],
        )
        row = sheet.max_row
        sheet.cell(row, 4).number_format = "@"
        sheet.cell(row, 5).number_format = "0.00"
    for place, width in enumerate(WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    return _saved(book)


def tables(sheets: Mapping[str, tuple[Sequence[str], Sequence[Sequence[object]]]]) -> bytes:
    """A workbook of plain tables: headings and rows by the name of their sheet."""
    book = Workbook()
    book.remove(book.active)
    for name, (headings, rows) in sheets.items():
        sheet = book.create_sheet(name[:31])
        sheet.append(list(headings))
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        for row in rows:
            sheet.append([_text(value) if isinstance(value, str) else value for value in row])
        for place in range(1, len(headings) + 1):
            sheet.column_dimensions[get_column_letter(place)].width = 20
    return _saved(book)


def read_receipt(content: bytes, *, number: str, items: Sequence[Item]) -> list[Said]:
    """What the bank says of every row of the list. Raises `UnfitFileError` with every mistake."""
    table = table_of(content, head=(NUMBER,), columns=ANSWERED)
    if table.head[NUMBER] != number:
        raise UnfitFileError([Fault("wrong_list")])
    known = {item.place: item for item in items}
    said: dict[int, Said] = {}
    rows: dict[int, int] = {}
    for row in table.rows:
        place = row.count("序号")
        if place is None:
            continue
        if place in rows:
            row.fault("序号", "twice", row=str(rows[place]))
        rows[place] = row.number
        if place in known:
            said[place] = _said(row, known[place])
        else:
            row.fault("序号", "unknown_row")
    faults = table.faults
    faults += [Fault("lacking", names={"name": str(place)}) for place in known if place not in rows]
    if faults:
        raise UnfitFileError(faults)
    return [said[place] for place in sorted(said)]


def _said(row: Row, item: Item) -> Said:
    """What stands in the row of this item, which must be the same that the list says."""
    amount, account = row.amount("金额"), row.text("银行账号", most=40).replace(" ", "")
    outcome, why = row.text("结果", most=10), row.text("原因", most=200, needed=False)
    if amount is not None and amount != item.amount:
        row.fault("金额", "wrong_amount")
    if account and account != item.account:
        row.fault("银行账号", "wrong_account")
    if outcome and outcome not in {PAID, FAILED}:
        row.fault("结果", "outcome", paid=PAID, failed=FAILED)
    if outcome == FAILED and not why:
        row.fault("原因", "no_reason")
    return Said(item.place, outcome == PAID, why)


def in_capitals(amount: Decimal) -> str:
    """An amount as it stands on vouchers (正确填写票据和结算凭证的基本规定): 壹仟贰佰元整, 壹佰零伍元贰角."""
    cents = int(amount * 100)
    yuan, jiao, fen = cents // 100, cents // 10 % 10, cents % 10
    text = f"{_whole(yuan)}元" if yuan else ""
    if not jiao and not fen:
        return f"{text or '零元'}整"
    if jiao:
        text += f"{DIGITS[jiao]}角"
    elif text:
        text += "零"
    return f"{text}{DIGITS[fen]}分" if fen else text


def _whole(number: int) -> str:
    """In groups of four digits; noughts between digits are said once."""
    parts: list[str] = []
    gap = False
    for at in range((len(str(number)) + 3) // 4 - 1, -1, -1):
        group = number // 10 ** (4 * at) % 10_000
        if not group:
            gap = bool(parts)
            continue
        if parts and (gap or group < 1000):
            parts.append("零")
        parts.append(_group(group) + GROUPS[at])
        gap = False
    return "".join(parts)


def _group(number: int) -> str:
    text, gap = "", False
    for at in (3, 2, 1, 0):
        digit = number // 10**at % 10
        if digit:
            text += ("零" if gap and text else "") + DIGITS[digit] + PLACES[at]
        gap = not digit
    return text


def _text(value: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{value}" if value[:1] in {"=", "+", "-", "@", "\t", "\r"} else value


def _saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
