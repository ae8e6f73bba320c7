"""The sheets of a request list and their columns, worked out from the records themselves. Plain Python."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, get_args, get_type_hints

from msgspec import NODEFAULT, Struct, structs

from verification.facts import RecordKind
from verification.record_form import Coded, Month, RecordForm, Words
from verification.records import Record
from verification.records.registration import Members
from verification.spreadsheet import terms

REQUESTS, REPLIES, CODES, HELP = "请求清单", "答复", "代码", "填报说明"
FIRST_ROW = 3  # under the term and the code of each column

RESULTS = (("0", "查到"), ("1", "查无"), ("2", "身份不符"), ("3", "不属本单位"), ("9", "查询出错"))
FLAGS = ("是", "否")


class Column(Struct, frozen=True):
    """One column: the contract's code of the field, its term, what stands in its cells, whether always."""

    code: str
    term: str
    form: str = "text"  # text | code | date | month | amount | count | flag | members | words
    codes: tuple[tuple[str, str], ...] = ()  # with their meanings
    needed: bool = False
    name: str = ""  # of the field in our record
    kind: Any = None  # its type there


REFERENCE = Column("reference", "查询编号", needed=True)
PERSON = Column("person", "人员序号", needed=True)
LIST_NUMBER = Column("list_no", "清单编号", needed=True)

REQUEST_COLUMNS = (
    LIST_NUMBER,
    REFERENCE,
    PERSON,
    Column("person_name", "姓名"),
    Column("id_type", "证件类型"),
    Column("id_no", "证件号码"),
    Column("authorisation_no", "授权书编号"),
    Column("purpose_code", "核对用途"),
    Column("asof_date", "查询时点", "date"),
    Column("since_date", "回溯起始日", "date"),
)
REPLY_COLUMNS = (
    LIST_NUMBER,
    REFERENCE,
    PERSON,
    Column("person_name", "姓名"),
    Column("id_no", "证件号码", needed=True),
    Column("result_code", "结果代码", "code", RESULTS, needed=True),
    Column("source_data_date", "数据截止日", "date"),
    Column("operator", "经办人"),
    Column("remark", "备注"),
)


@cache
def record_of(kind: RecordKind) -> type[RecordForm]:
    """The record of a kind."""
    records: tuple[type[RecordForm], ...] = get_args(Record)
    return next(record for record in records if record.__struct_config__.tag == kind.value)


@cache
def record_columns(kind: RecordKind) -> tuple[Column, ...]:
    """The columns of a kind's sheet: whose record it is, then its fields in the order of the record."""
    record = record_of(kind)
    hints = get_type_hints(record, include_extras=True)
    return (REFERENCE, PERSON, *(_column(kind, field, hints[field.name]) for field in structs.fields(record)))


def _column(kind: RecordKind, field: structs.FieldInfo, hint: Any) -> Column:
    form, codes = _form(hint)
    code = field.encode_name
    return Column(
        code=code,
        term=terms.FIELDS[kind].get(code) or terms.COMMON[code],
        form=form,
        codes=codes,
        needed=field.default is NODEFAULT and field.default_factory is NODEFAULT,
        name=field.name,
        kind=hint,
    )


def _form(hint: Any) -> tuple[str, tuple[tuple[str, str], ...]]:
    for each in (hint, *get_args(hint)):
        if isinstance(each, type) and issubclass(each, Coded):
            meanings = terms.MEANINGS[each.__name__]
            return "code", tuple((m.code, meaning) for m, meaning in zip(each, meanings, strict=True))
    forms = ((Month, "month"), (date, "date"), (Decimal, "amount"), (bool, "flag"), (Members, "members"))
    for kind, form in (*forms, (Words, "words")):
        if kind in (hint, *get_args(hint)):
            return form, ()
    bare = get_args(hint)[0] if hasattr(hint, "__metadata__") else hint
    return ("count", ()) if int in (bare, *_bare(hint)) else ("text", ())


def _bare(hint: Any) -> list[Any]:
    """The types that a union is of, without their bounds."""
    return [get_args(each)[0] if hasattr(each, "__metadata__") else each for each in get_args(hint)]


def sheets(kinds: Sequence[RecordKind]) -> dict[str, tuple[Column, ...]]:
    """The sheets that a source fills in, by name: the replies, then one for each kind of record."""
    return {REPLIES: REPLY_COLUMNS, **{terms.SHEETS[kind]: record_columns(kind) for kind in kinds}}
