"""The scorecard for the joint meeting: a month on paper under a number, and as a workbook.

A paper keeps the figures as they were when it was made; one of a month that is not frozen says so.
"""

import io
from datetime import date

import msgspec
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from bureau import letters, numbers, scorecard_data
from bureau.errors import NotAllowedError
from bureau.models import Document, Office, Staff
from bureau.roles import Role
from verification import orders, scorecards
from verification.models import FAILURES, ScorecardPaper
from verification.scorecards import Card, Line
from verification.wording import outcome_name
from verification.wording.scorecards import Column, columns, month_name, note_of, state_of, text_of, value_of

LANGUAGE = "zh-hans"
SERIES = "PJ"  # how the number of a paper begins, under which its document is filed
HEAD = PatternFill("solid", fgColor="DDE6F0")
COUNT, SHARE, SECONDS = "#,##0", "0.0%", "#,##0.0"
FORMATS = {"share": SHARE, "trend": SHARE, **dict.fromkeys(("agreed", "median", "p95", "outage"), SECONDS)}


def may_issue(staff: Staff) -> bool:
    """Whether this person puts a month on paper: the city's check officers do."""
    return staff.has_role(Role.CHECK_OFFICER, orders.CITY)


def issue(month: date, *, by: Staff | None) -> ScorecardPaper:
    """Put a month on paper as it stands now, under a number. `by` None: by a command."""
    if by is not None and not may_issue(by):
        raise NotAllowedError(_("Your posting does not include this work."))
    card = scorecards.card(month)
    with transaction.atomic(), translation.override(LANGUAGE):
        number = numbers.reference(SERIES, on=timezone.localdate())
        paper = ScorecardPaper.objects.create(number=number, month=month, office_code=orders.CITY, made_by=by)
        # Translators: 来源评价表
        letters.issue("scorecard", _("Scorecard"), paper, msgspec.to_builtins(_letter(card)), by=by)
    return paper


def document_of(paper: ScorecardPaper) -> Document:
    """The document of a paper."""
    found: Document = Document.objects.of(paper).get()
    return found


def of_month(month: date) -> list[ScorecardPaper]:
    """The papers of a month, the newest first, each with its `document`. Two queries."""
    papers = list(ScorecardPaper.objects.filter(month=month).select_related("made_by"))
    documents = {document.subject_id: document for document in Document.objects.of(*papers).defer("data")}
    for paper in papers:
        paper.document = documents[paper.pk]
    return papers


def _letter(card: Card) -> scorecard_data.Scorecard:
    city = Office.objects.filter(code=orders.CITY).first()
    return scorecard_data.Scorecard(
        issuer=city.name_zh if city else "",
        contact=" ".join(part for part in (city.address, city.phone) if part) if city else "",
        month=month_name(card.month),
        state=state_of(card),
        source=_("Source"),
        heads=tuple(scorecard_data.Head(label=each.label, definition=each.definition) for each in columns()),
        rows=tuple(_printed(line) for line in card.lines),
        total=_printed(card.total),
    )


def _printed(line: Line) -> scorecard_data.Row:
    keys = [column.key for column in columns()]
    return scorecard_data.Row(
        name=_name(line),
        cells=tuple(text_of(line, key) for key in keys),
        notes=tuple(note_of(line, key) for key in keys),
    )


def _name(line: Line) -> str:
    # Translators: 合计
    return line.source.name if line.source else _("All sources")


def workbook(card: Card) -> bytes:
    """The month in the reader's language: the figures as numbers, the sorts of errors in columns of their own."""
    book, heads = Workbook(), columns()
    sheet = book.active
    sheet.title = f"{card.month:%Y-%m}"
    words = {column.key: column.label for column in heads}
    sorts = [(key, sort) for key in ("failed", "ended") for sort in FAILURES]
    labels = [_("Source"), *(_unit(each) for each in heads)]
    _head(sheet, labels + [f"{words[key]}: {outcome_name(sort)}" for key, sort in sorts])
    for place, line in enumerate([*card.lines, card.total], start=2):
        _write(sheet, place, 1, _name(line))
        for column, head in enumerate(heads, start=2):
            _write(sheet, place, column, _value(line, head.key), FORMATS.get(head.key, COUNT))
        for column, (key, sort) in enumerate(sorts, start=2 + len(heads)):
            _write(sheet, place, column, getattr(line.row, f"{'calls' if key == 'failed' else key}_{sort}"))
    sheet.freeze_panes = "B2"
    _definitions(book.create_sheet(_("What is counted")), card)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _head(sheet: Worksheet, words: list[str]) -> None:
    for column, word in enumerate(words, start=1):
        _write(sheet, 1, column, word)
        cell = sheet.cell(1, column)
        cell.font, cell.fill, cell.alignment = Font(bold=True), HEAD, Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[get_column_letter(column)].width = 34 if column == 1 else 14


def _definitions(sheet: Worksheet, card: Card) -> None:
    rows = [(month_name(card.month), state_of(card)), *((each.label, each.definition) for each in columns())]
    for place, (label, definition) in enumerate(rows, start=1):
        _write(sheet, place, 1, label)
        _write(sheet, place, 2, definition)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 26, 100


def _write(sheet: Worksheet, row: int, column: int, value: float | str, form: str = COUNT) -> None:
    """Every text is a text: whatever it begins with, no cell is a formula."""
    if isinstance(value, str):
        sheet.cell(row, column, ILLEGAL_CHARACTERS_RE.sub("", value)).data_type = "s"
    else:
        sheet.cell(row, column, value).number_format = form


def _value(line: Line, key: str) -> float | str:
    """Times in seconds; where there is no figure what the page shows."""
    value = value_of(line, key)
    if value is None:
        return text_of(line, key)
    return value / 1000 if key in {"median", "p95"} else value


def _unit(column: Column) -> str:
    if FORMATS.get(column.key) != SECONDS:
        return column.label
    # Translators: %(label)s（秒）
    return _("%(label)s (s)") % {"label": column.label.partition(" (")[0].partition("（")[0]}
