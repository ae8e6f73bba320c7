"""A bank statement as a file: what stands above its table must be what its lines come to. Plain Python."""

from datetime import date
from decimal import Decimal

from msgspec import Struct

from benefits.bank_files import Fault, Row, UnfitFileError, amount_of, count_of, day_of, table_of

HEAD = ("开户行", "账号", "起始日期", "截止日期", "笔数", "合计金额")
COLUMNS = ("日期", "金额", "付款人", "附言", "流水号")


class Line(Struct, frozen=True):
    """Money that came in, in the row of the file."""

    row: int
    on: date
    amount: Decimal
    payer: str
    remark: str
    reference: str


class Told(Struct, frozen=True):
    """What the file tells."""

    bank: str
    account: str
    from_on: date
    until_on: date
    total: Decimal
    lines: tuple[Line, ...]


def read(content: bytes, *, today: date) -> Told:
    """The statement. Raises `UnfitFileError` with every mistake that can be told at once."""
    table = table_of(content, head=HEAD, columns=COLUMNS)
    head, faults = table.head, table.faults
    first, last = day_of(head["起始日期"]), day_of(head["截止日期"])
    said_count, said_total = count_of(head["笔数"]), amount_of(head["合计金额"])
    if first is None or last is None or not first <= last <= today:
        raise UnfitFileError([Fault("period")])
    found: list[Line] = []
    seen: dict[str, int] = {}
    for row in table.rows:
        line = _line(row, first, last)
        if line is None:
            continue
        found.append(line)
        if seen.setdefault(line.reference, line.row) != line.row:
            row.fault("流水号", "twice", row=str(seen[line.reference]))
    total = sum((line.amount for line in found), Decimal(0))
    if not faults and said_count != len(found):
        faults.append(Fault("count", names={"said": head["笔数"], "found": str(len(found))}))
    if not faults and said_total != total:
        faults.append(Fault("sum", names={"said": head["合计金额"], "found": f"{total:.2f}"}))
    if faults:
        raise UnfitFileError(faults)
    return Told(head["开户行"][:60], head["账号"][:40], first, last, total, tuple(found))


def _line(row: Row, first: date, last: date) -> Line | None:
    on, amount = row.day("日期"), row.amount("金额")
    payer, reference = row.text("付款人", most=100), row.text("流水号", most=60)
    remark = row.text("附言", most=200, needed=False)
    if on is not None and not first <= on <= last:
        row.fault("日期", "outside")
    if on is None or amount is None:
        return None
    return Line(row.number, on, amount, payer, remark, reference)
