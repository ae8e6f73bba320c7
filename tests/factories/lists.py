"""Request lists filled in as a department would: by openpyxl, in the workbook as it was sent."""

import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import openpyxl
from django.utils import timezone

from bureau import workdays
from bureau.models import Staff
from verification.facts import RecordKind
from verification.models import ManualRequest, Source
from verification.spreadsheet import terms
from verification.spreadsheet.columns import FIRST_ROW, REPLIES

# A record of each kind, in the codes of the contract and as a spreadsheet program keeps them.
RECORDS: dict[RecordKind, dict[str, Any]] = {
    RecordKind.HOUSING: {
        **{"record_key": "H-1", "record_type": "01 不动产所有权", "certificate_no": "苏（2020）泰州0001", "use": 10},
        **{"address": "鼓楼南路118号", "area": 89.5, "share_type": "2", "share_ratio": 0.5, "status": 1},
        **{"acquire_date": date(2020, 3, 1), "mortgaged": "否"},
    },
    RecordKind.REGISTRATION: {
        **{"record_key": "R-1", "record_type": "01", "hukou_no": "320001", "head_relation": "02"},
        **{"division_code": 321202, "address": "鼓楼南路118号", "deceased": "否", "cancelled": False},
        **{"members": "王芳:02；王小明：20", "name_history": "王方、王舫", "moved_in_date": "20100501"},
    },
    RecordKind.MARRIAGE: {
        **{"record_key": "M-1", "registration_type": "2", "partner_name": "李强", "certificate_no": "L321202-2019-1"},
        **{"reg_date": "2019-12-08", "divorce_date": "2019/12/8"},
    },
    RecordKind.VEHICLE: {
        **{"record_key": "V-1", "record_type": "1", "plate_no": "苏M12345", "vehicle_class": "k", "status": "1"},
        **{"displacement_ml": 1498, "insured_value": "85000.00"},
    },
    RecordKind.BUSINESS: {
        **{"record_key": "B-1", "role": "02", "entity_name": "泰州某某商贸有限公司", "status": "1 存续"},
        **{"founded_date": date(2015, 6, 1), "share_ratio": "0.3", "registered_capital": 50, "abnormal_listed": "是"},
    },
    RecordKind.TAX: {
        **{"record_key": "T-1", "record_type": "01", "income_type": 1, "period_from": "2025-12", "unit_name": "=公司"},
        **{"period_to": date(2026, 10, 31), "declared_income": 54000.1},
    },
    RecordKind.FUND: {
        **{"record_key": "F-1", "account_no": "****1234", "status": "1", "balance": 23456.78, "last_month": "202610"},
    },
    RecordKind.INSURANCE: {
        **{"record_key": "I-1", "record_type": "1", "scheme": "1", "status": "1", "months_paid": 12},
        **{"month_base": 4500, "last_month": "2026年10月"},
    },
    RecordKind.DEPOSIT: {
        **{"record_key": "D-1", "account_type": "d", "account_no": "****8888", "balance": 0.1 + 0.2, "joint": "否"},
    },
    RecordKind.ASSISTANCE: {
        **{"record_key": "A-1", "aid_type": 1, "from_date": "2024-01-01", "status": "1", "county_code": 321202},
        **{"monthly_amount": 1200, "persons": 3},
    },
}


class Filled:
    """A list that is being filled in."""

    def __init__(self, content: bytes) -> None:
        self.book = openpyxl.load_workbook(io.BytesIO(content))

    def columns(self, sheet: str) -> dict[str, int]:
        """Where each column stands, by its code."""
        return {cell.value: cell.column for cell in self.book[sheet][2] if cell.value}

    def put(self, sheet: str, row: int, **values: Any) -> None:
        """Write into the cells of a row."""
        places = self.columns(sheet)
        for code, value in values.items():
            self.book[sheet].cell(row, places[code], value)
            if isinstance(value, str) and value.startswith("=") and code != "remark":
                self.book[sheet].cell(row, places[code]).data_type = "s"

    def persons(self) -> list[tuple[int, str, str]]:
        """The rows of the reply sheet: number, reference, person."""
        sheet, places = self.book[REPLIES], self.columns(REPLIES)
        rows = range(FIRST_ROW, sheet.max_row + 1)
        found = [
            (row, sheet.cell(row, places["reference"]).value, sheet.cell(row, places["person"]).value) for row in rows
        ]
        return [each for each in found if each[1]]

    def answer_all(self, result: object = 1, day: object = "2026-11-20") -> "Filled":
        """The same result for everybody."""
        for row, _reference, _person in self.persons():
            self.put(REPLIES, row, result_code=result, source_data_date=day, operator="赵敏")
        return self

    def record(self, kind: RecordKind, reference: str, person: str, row: int = FIRST_ROW, **values: Any) -> "Filled":
        """A record of a kind about one person; `values` besides or instead of the usual ones."""
        usual = {**RECORDS[kind], **values}
        self.put(terms.SHEETS[kind], row, reference=reference, person=person, **usual)
        return self

    def found(self, kinds: Sequence[RecordKind], place: int = 0) -> "Filled":
        """One person was found with a record of each of these kinds."""
        row, reference, person = self.persons()[place]
        self.put(REPLIES, row, result_code="0 查到")
        for kind in kinds:
            self.record(kind, reference, person)
        return self

    def saved(self) -> bytes:
        """The file."""
        out = io.BytesIO()
        self.book.save(out)
        return out.getvalue()


def places(problems: Sequence[Any]) -> set[tuple[str, int, str, str]]:
    """Where problems are and what they are."""
    return {(each.sheet, each.row, each.column, each.code) for each in problems}


Values = Mapping[str, Any]


def request(source: Source, *, by: Staff, **more: Any) -> ManualRequest:
    """A request list of one household that went out and is due today."""
    values = {
        "number": "QD2026-000099",
        "lease": "6f1f6f60-0000-4000-8000-000000000001",
        "households": 1,
        "persons": 1,
        "exported_by": by,
        "due_on": workdays.today(),
        "kept_until": timezone.now(),
        "questions": b"[]",
        "digest": "0" * 64,
    }
    return ManualRequest.objects.create(source=source, **values | more)
