"""The sheet 答复 of a filled list: one result for each person asked about, no more and no less. Plain Python."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from verification.facts import Person, Question
from verification.spreadsheet.columns import REPLIES
from verification.spreadsheet.problems import Problem
from verification.spreadsheet.tables import Row, Table
from verification.wire.matching import FOUND, MISMATCH, NONE, id_forms

Key = tuple[str, str]  # reference and person
Asked = Mapping[Key, tuple[Question, Person]]

LONGEST = {"operator": 100, "remark": 500}
ID_NUMBER = re.compile(r"[0-9]{17}[0-9Xx]|(?<![0-9])[0-9]{15}(?![0-9])", re.ASCII)


@dataclass(eq=False)
class Said:
    """What the sheet says of one person; no result where that could not be read."""

    row: Row
    id_no: str
    result: int | None
    data_date: date | None
    operator: str
    remark: str


def read_replies(table: Table, asked: Asked) -> tuple[dict[Key, Said], list[Problem]]:
    """The replies by whom they are about, and what is wrong with them."""
    said: dict[Key, Said] = {}
    problems: list[Problem] = []
    for row in table.rows:
        key = (str(row.values.get("reference") or ""), str(row.values.get("person") or ""))
        if key not in asked:
            if not {"reference", "person"} & row.wrong:
                problems.append(table.at(row, "person" if key[1] else "reference", "not_asked_about"))
        elif key in said:
            problems.append(table.at(row, "person", "person_twice", {"row": str(said[key].row.number)}))
        else:
            said[key] = _said(row)
            problems += _why_wrong(table, said[key], asked[key][1])
    problems += [
        Problem("person_missing", REPLIES, facts={"reference": reference, "person": person})
        for reference, person in asked
        if (reference, person) not in said
    ]
    return said, problems


def _said(row: Row) -> Said:
    result = row.values.get("result_code")
    return Said(
        row=row,
        id_no=str(row.values.get("id_no") or ""),
        result=None if result is None else int(result),
        data_date=row.values.get("source_data_date"),
        operator=str(row.values.get("operator") or ""),
        remark=str(row.values.get("remark") or ""),
    )


def _why_wrong(table: Table, said: Said, person: Person) -> Iterator[Problem]:
    row = said.row
    for code in ("list_no", "id_no", "result_code"):
        if row.values.get(code) is None and code not in row.wrong:
            yield table.at(row, code, "missing")
    if said.id_no and said.id_no.upper() not in id_forms(person.id_number) and said.result != MISMATCH:
        yield table.at(row, "id_no", "another_id_number")
    if said.result in {FOUND, NONE} and said.data_date is None and "source_data_date" not in row.wrong:
        yield table.at(row, "source_data_date", "missing")
    for code, most in LONGEST.items():
        text = str(row.values.get(code) or "")
        if len(text) > most:
            yield table.at(row, code, "too_long", {"most": str(most)})
        if ID_NUMBER.search(text):
            yield table.at(row, code, "id_number_in_words")
