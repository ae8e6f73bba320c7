"""The workbook of a request list: written without formulas, read back with every mistake named by its place."""

import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from tests.factories.lists import RECORDS, Filled, places
from verification import spreadsheet
from verification.facts import Outcome, Person, Question, RecordKind, ReplyMode
from verification.record_form import Coded
from verification.spreadsheet import guarding, terms
from verification.spreadsheet.columns import REPLIES, REQUESTS, record_columns

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
ALL = tuple(RecordKind)
WANG, LI = Person("m1", "=王芳", "321202199001011233"), Person("m2", "李强", "321202198805052211")
NUMBER = "QD2026-000001"


def question(reference="HD2026-000001-x-1.0", kinds=ALL, persons=(WANG, LI)):
    return Question(
        reference, persons, "public_rental", "泰房权〔2026〕0001号", kinds, date(2026, 11, 24), date(2025, 11, 1)
    )


QUESTIONS = (question(),)


def written(questions=QUESTIONS, kinds=ALL):
    return spreadsheet.written(NUMBER, "公安局", questions, kinds, at=NOW, due_on=date(2026, 12, 1))


def read(content, questions=QUESTIONS, kinds=ALL):
    return spreadsheet.read(content, number=NUMBER, questions=questions, kinds=kinds, replied_at=NOW)


@pytest.fixture
def filled():
    """Everybody answered: nothing found."""
    return Filled(written()).answer_all()


def letter(filled, sheet, code):
    return get_column_letter(filled.columns(sheet)[code])


def problems(filled):
    return places(read(filled.saved()).problems)


def test_the_same_questions_make_the_same_file():
    assert written() == written()


def test_no_cell_is_a_formula_whatever_a_name_begins_with():
    for sheet in openpyxl.load_workbook(io.BytesIO(written())).worksheets:
        assert not [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    row = openpyxl.load_workbook(io.BytesIO(written()))[REQUESTS][3]
    assert [cell.value for cell in row][:6] == [NUMBER, QUESTIONS[0].reference, "m1", "=王芳", "111", WANG.id_number]
    assert row[3].quotePrefix


def test_every_field_and_code_of_every_kind_has_its_term():
    for kind in RecordKind:
        assert all(column.term for column in record_columns(kind))
    lists = {each.__name__: len(each) for each in _all_codes(Coded)}
    assert {name: len(meanings) for name, meanings in terms.MEANINGS.items()} == lists


def _all_codes(codes):
    return [each for each in codes.__subclasses__() if each.__module__.startswith("verification.records")]


@pytest.mark.parametrize("kind", ALL)
def test_a_record_of_each_kind_comes_back(kind):
    asked = (question(kinds=(kind,)),)
    filled = Filled(written(asked, (kind,))).answer_all().found([kind])
    result = read(filled.saved(), asked, (kind,))
    assert result.problems == ()
    (answer,) = result.answers
    assert answer.mode == ReplyMode.MANUAL
    first, second = answer.replies
    assert (first.outcome, second.outcome) == (Outcome.FOUND, Outcome.NONE)
    assert first.operator == "赵敏"
    assert first.data_date == date(2026, 11, 20)
    assert [record.kind for record in first.records] == [kind]
    assert result.records == {kind: 1}


def test_values_are_what_the_cells_show(filled):
    result = read(filled.found(ALL).saved())
    by_kind = {record.kind: record for record in result.answers[0].replies[0].records}
    assert by_kind["deposit"].balance == Decimal("0.3")
    assert by_kind["tax"].unit_name == "=公司"
    assert (by_kind["tax"].period_to, by_kind["tax"].declared_income) == ("2026-10", Decimal("54000.1"))
    assert [each.name for each in by_kind["registration"].members] == ["王芳", "王小明"]
    assert by_kind["registration"].name_history == ("王方", "王舫")
    assert by_kind["housing"].own_area == Decimal("44.75")


def test_every_mistake_is_told_with_its_row_and_column(filled):
    filled.found(ALL)
    reference, house = QUESTIONS[0].reference, terms.SHEETS[RecordKind.HOUSING]
    wrong = {
        "record_type": ("07", "unknown_code"),
        "area": ("八十九", "not_an_amount"),
        "share_ratio": (1.5, "ratio"),
        "acquire_date": ("去年", "not_a_date"),
        "address": ("长" * 201, "too_long"),
        "mortgaged": ("也许", "not_a_flag"),
        "owner_count": (2.5, "not_a_count"),
        "unit_no": ("12", "malformed"),
        "transferred_on": ("1899-12-31", "impossible_date"),
        "use": (True, "not_text"),
    }
    filled.put(house, 3, **{code: value for code, (value, _why) in wrong.items()})
    filled.record(RecordKind.VEHICLE, reference, "m1", 4, record_key="V-1", plate_no=None, status="2")
    filled.record(RecordKind.TAX, reference, "m1", 4, record_key="T-2", period_from="2026-11", period_to="2026-10")
    filled.record(RecordKind.MARRIAGE, reference, "m1", 4, record_key=WANG.id_number)
    filled.put(terms.SHEETS[RecordKind.REGISTRATION], 3, members="王芳")
    found = problems(filled)
    assert {(house, 3, letter(filled, house, code), why) for code, (_value, why) in wrong.items()} <= found
    cars, tax = terms.SHEETS[RecordKind.VEHICLE], terms.SHEETS[RecordKind.TAX]
    assert {(cars, 4, letter(filled, cars, code), "missing") for code in ("plate_no", "status_date")} <= found
    assert (tax, 4, letter(filled, tax, "period_to"), "period") in found
    assert (terms.SHEETS[RecordKind.MARRIAGE], 4, "C", "id_number_as_key") in found
    register = terms.SHEETS[RecordKind.REGISTRATION]
    assert (register, 3, letter(filled, register, "members"), "not_members") in found
    assert read(filled.saved()).answers == ()


def test_each_person_asked_is_answered_once_and_nobody_else(filled):
    reference = QUESTIONS[0].reference
    filled.put(REPLIES, 4, person="m1")
    filled.put(REPLIES, 5, list_no=NUMBER, reference=reference, person="m9", id_no=LI.id_number, result_code=1)
    filled.record(RecordKind.FUND, reference, "m7")
    found = problems(filled)
    assert {(REPLIES, 4, "C", "person_twice"), (REPLIES, 5, "C", "not_asked_about")} <= found
    assert (REPLIES, 0, "", "person_missing") in found
    assert (terms.SHEETS[RecordKind.FUND], 3, "B", "not_asked_about") in found


def test_what_a_result_needs_and_forbids(filled):
    reference = QUESTIONS[0].reference
    filled.put(REPLIES, 3, id_no="321202199001011999", result_code=0, remark=f"见{LI.id_number}")
    filled.put(REPLIES, 4, result_code=1, source_data_date=None)
    filled.book[REPLIES].cell(4, filled.columns(REPLIES)["source_data_date"]).value = None
    filled.record(RecordKind.FUND, reference, "m2")
    found = problems(filled)
    assert found == {
        (REPLIES, 3, "E", "another_id_number"),
        (REPLIES, 3, "F", "no_records"),
        (REPLIES, 3, "I", "id_number_in_words"),
        (REPLIES, 4, "G", "missing"),
        (terms.SHEETS[RecordKind.FUND], 3, "A", "records_beside_none"),
    }


def test_a_record_twice_is_told(filled):
    filled.found([RecordKind.FUND]).record(RecordKind.FUND, QUESTIONS[0].reference, "m1", 4)
    assert problems(filled) == {(terms.SHEETS[RecordKind.FUND], 4, "C", "repeated")}


def test_every_result_code_keeps_its_meaning(filled):
    filled.put(REPLIES, 3, result_code="2 身份不符", id_no="321202199001011999", source_data_date=None)
    filled.put(REPLIES, 4, result_code=9)
    assert [r.outcome for r in read(filled.saved()).answers[0].replies] == [
        Outcome.IDENTITY_MISMATCH,
        Outcome.UNAVAILABLE,
    ]


def test_a_formula_is_refused_where_it_stands(filled):
    filled.put(REPLIES, 3, remark='=HYPERLINK("http://example.com")')
    filled.book[REPLIES]["G4"] = "=TODAY()"
    assert problems(filled) == {(REPLIES, 3, "I", "formula"), (REPLIES, 4, "G", "formula")}


def test_a_list_that_is_not_filled_in_is_no_answer():
    assert places(read(written()).problems) == {(REPLIES, row, "F", "missing") for row in (3, 4)}


def test_the_file_of_another_list_is_told_as_one_mistake(filled):
    filled.put(REPLIES, 3, list_no="QD2026-000002")
    assert {each.code for each in read(filled.saved()).problems} == {"wrong_list"}


def test_a_sheet_or_a_heading_that_is_gone_is_told(filled):
    del filled.book[terms.SHEETS[RecordKind.TAX]]
    filled.book[REPLIES]["F2"] = None
    assert places(read(filled.saved()).problems) == {
        (terms.SHEETS[RecordKind.TAX], 0, "", "missing_sheet"),
        (REPLIES, 2, "", "missing_column"),
    }


def repacked(content, **more):
    """The same workbook with other parts in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as parts, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as fresh:
        for part in parts.infolist():
            fresh.writestr(part.filename, more.pop(part.filename, None) or parts.read(part))
        for name, body in more.items():
            fresh.writestr(name, body)
    return out.getvalue()


def test_a_bomb_is_measured_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr(guarding, "LARGEST_UNPACKED", 1_000_000)
    assert read(repacked(written(), **{"xl/media/a.xml": b" " * 2_000_000})).problems[0].code == "too_large_unpacked"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"PK\x03\x04" + bytes(guarding.LARGEST_FILE), "too_large"),
        (b"%PDF-1.7", "not_a_workbook"),
        (b"PK\x03\x04 and then nothing of a zip", "not_a_workbook"),
    ],
)
def test_what_is_no_workbook_is_refused(content, code):
    assert [each.code for each in read(content).problems] == [code]


def test_programs_entities_and_broken_parts_are_refused():
    good = written()
    entity = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    assert read(repacked(good, **{"xl/vbaProject.bin": b"x"})).problems[0].code == "program"
    assert read(repacked(good, **{"xl/worksheets/sheet3.xml": entity})).problems[0].code == "entities"
    assert read(repacked(good, **{"xl/workbook.xml": b"<a"})).problems[0].code == "not_a_workbook"
    assert read(repacked(good, **{"xl/worksheets/sheet3.xml": b"<worksheet><sheetData><row r='x'>"})).problems


def test_too_many_rows_are_refused(filled, monkeypatch):
    monkeypatch.setattr(guarding, "MOST_ROWS", 10)
    filled.book[REPLIES]["A40"] = NUMBER
    assert read(filled.saved()).problems[0].code == "too_many_rows"


def test_the_evidence_can_be_read(filled):
    text = spreadsheet.as_text(filled.saved())
    assert f"[{REPLIES}]" in text
    assert "赵敏" in text
    assert spreadsheet.as_text(b"PK\x03\x04") == ""


def test_every_kind_has_an_example():
    assert set(RECORDS) == set(RecordKind)
