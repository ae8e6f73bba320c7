"""A filled request list read back: answers, or everything that is wrong with it. Plain Python.

The records go through the same forms as those on the wire, the whole through the same matching: what could not be
believed there is not believed here. Whoever has mistaken ten cells is told of ten, each with its row and column.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import msgspec
from msgspec import Struct

from verification.connector import Answer
from verification.facts import Person, Question, RecordKind, ReplyMode
from verification.records import Record
from verification.spreadsheet import guarding, terms
from verification.spreadsheet.columns import REPLIES, record_columns, record_of
from verification.spreadsheet.problems import Problem, UnfitFileError
from verification.spreadsheet.replies import Key, Said, read_replies
from verification.spreadsheet.tables import Row, Table, tables_of
from verification.wire import matching
from verification.wire.matching import FOUND, SaidOfPerson

MOST_PROBLEMS = 500  # shown; a file with more is corrected from the beginning anyway


class Read(Struct, frozen=True):
    """What a filled list came to: answers when nothing is wrong with it, else nothing but problems."""

    answers: tuple[Answer, ...] = ()
    problems: tuple[Problem, ...] = ()
    records: dict[str, int] = {}  # how many of each kind


def read(
    content: bytes, *, number: str, questions: Sequence[Question], kinds: Sequence[RecordKind], replied_at: datetime
) -> Read:
    """The answers in a filled list of this number, or all that is to be corrected."""
    asked = {
        (question.reference, person.key): (question, person) for question in questions for person in question.persons
    }
    last = min((matching.farthest(question.as_of) for question in questions), default=replied_at.date())
    try:
        tables, problems = tables_of(guarding.opened(content), kinds, last)
    except UnfitFileError as error:
        return Read(problems=(Problem(error.code),))
    if problems:  # a sheet or a heading is missing: the rest would be one mistake told a thousand times
        return Read(problems=tuple(problems))
    replies = tables[REPLIES]
    if any(row.values.get("list_no") not in (None, number) for row in replies.rows):
        return Read(problems=(Problem("wrong_list", REPLIES, facts={"number": number}),))
    said, problems = read_replies(replies, asked)
    records, more = _records(tables, kinds, said, asked)
    problems = [*replies.problems, *problems, *more]
    problems += _unequal(replies, said, records)
    if not problems:
        problems = _unbelievable(replies, said, records, asked)
    if problems:
        return Read(problems=tuple(problems[:MOST_PROBLEMS]))
    return _read(questions, said, records, replied_at)


Found = dict[Key, list[tuple[Table, Row, Record | None]]]


def _records(
    tables: dict[str, Table], kinds: Sequence[RecordKind], said: dict[Key, Said], asked: dict[Key, Any]
) -> tuple[Found, list[Problem]]:
    """The records by whose they are, None for those that cannot be read; and what is wrong with them."""
    found: Found = {}
    problems: list[Problem] = []
    for kind in kinds:
        table = tables[terms.SHEETS[kind]]
        problems += table.problems
        seen: dict[tuple[Key, str], int] = {}
        for row in table.rows:
            key = (str(row.values.get("reference") or ""), str(row.values.get("person") or ""))
            if key not in asked:
                if not {"reference", "person"} & row.wrong:
                    problems.append(table.at(row, "person" if key[1] else "reference", "not_asked_about"))
                continue
            record = _record(kind, table, row, problems)
            found.setdefault(key, []).append((table, row, record))
            problems += _why_wrong(table, row, record, key, asked, seen)
    return found, problems


def _record(kind: RecordKind, table: Table, row: Row, problems: list[Problem]) -> Record | None:
    """The record of a row, or None with what it lacks told."""
    columns = record_columns(kind)[2:]
    lacking = [column.code for column in columns if column.needed and _is_empty(row, column.code)]
    form = record_of(kind)
    if not lacking and not row.wrong:
        # Asked before the record is made, since making it tells only of the first field that is missing.
        told = SimpleNamespace(**{column.name: _told(row, column) for column in columns})
        codes = {column.name: column.code for column in columns}
        lacking = [codes[name] for name in form.needed(told) if _is_empty(row, codes[name])]  # type: ignore[arg-type]
    problems += [table.at(row, code, "missing") for code in lacking]
    if lacking or row.wrong:
        return None
    values = {code: value for code, value in row.values.items() if code not in {"reference", "person"}}
    try:
        return msgspec.convert({"kind": kind.value, **values}, Record)  # type: ignore[no-any-return]
    except (msgspec.MsgspecError, ValueError) as error:
        period = "ends before it begins" in str(error)
        problems.append(
            table.at(row, "period_to", "period") if period else table.at(row, "record_key", "malformed_record")
        )
        return None


def _told(row: Row, column: Any) -> Any:
    value = row.values.get(column.code)
    return None if value is None else msgspec.convert(value, column.kind)


def _is_empty(row: Row, code: str) -> bool:
    return row.values.get(code) is None and code not in row.wrong


def _why_wrong(
    table: Table, row: Row, record: Record | None, key: Key, asked: dict[Key, Any], seen: dict[tuple[Key, str], int]
) -> Iterable[Problem]:
    """An ID number as the key of a record; one key twice."""
    if record is None:
        return
    _question, person = asked[key]
    if record.record_key.upper() in matching.id_forms(person.id_number):
        yield table.at(row, "record_key", "id_number_as_key")
    first = seen.setdefault((key, record.record_key), row.number)
    if first != row.number:
        yield table.at(row, "record_key", "repeated", {"row": str(first)})


def _unequal(replies: Table, said: dict[Key, Said], found: Found) -> Iterable[Problem]:
    """Records beside a result that says there are none, and the other way round."""
    for key, reply in said.items():
        if reply.result is None:
            continue
        records = found.get(key, [])
        if reply.result == FOUND and not records:
            yield replies.at(reply.row, "result_code", "no_records")
        if reply.result != FOUND:
            for table, row, _record in records:
                yield table.at(row, "reference", "records_beside_none", {"row": str(reply.row.number)})


def _entry(person: Person, reply: Said, found: Found, key: Key) -> SaidOfPerson:
    records = tuple(record for _table, _row, record in found.get(key, []) if record is not None)
    return SaidOfPerson(
        person=person.key,
        id_no=reply.id_no,
        result_code=reply.result if reply.result is not None else matching.FAILED,
        data_date=reply.data_date,
        records=records,
        operator=reply.operator,
        remark=reply.remark,
    )


def _unbelievable(
    replies: Table, said: dict[Key, Said], found: Found, asked: dict[Key, tuple[Question, Person]]
) -> list[Problem]:
    """What the rules of the wire refuse and nothing above has named."""
    problems = []
    for key, reply in said.items():
        question, person = asked[key]
        entry = _entry(person, reply, found, key)
        if matching.why_unbelievable(person, question, entry) or matching.without_repetitions(entry.records)[1]:
            problems.append(replies.at(reply.row, "result_code", "unbelievable"))
    return problems


def _read(questions: Sequence[Question], said: dict[Key, Said], found: Found, replied_at: datetime) -> Read:
    heard = [
        matching.Said(
            question.reference,
            tuple(
                _entry(person, said[question.reference, person.key], found, (question.reference, person.key))
                for person in question.persons
            ),
        )
        for question in questions
    ]
    answers = matching.match(questions, heard, replied_at=replied_at, mode=ReplyMode.MANUAL)
    counts: dict[str, int] = {}
    for answer in answers:
        for reply in answer.replies:
            for record in reply.records:
                counts[record.kind] = counts.get(record.kind, 0) + 1
    return Read(answers=answers, records=counts)
