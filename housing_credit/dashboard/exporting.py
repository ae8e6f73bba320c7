"""Exports, made by a worker: claimed, counted within the offices of who asked, written, kept encrypted.

A worker that dies leaves its row behind; the sweep takes it up, and gives it up after some attempts.
"""

import datetime
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import msgspec
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from bureau import audit, bell, figures_data, numbers, typesetting, workdays
from bureau.errors import UnfitDataError
from bureau.models import Office, Staff
from bureau.roles import Role
from housing_credit.dashboard import pages, sheets
from housing_credit.dashboard.base import READERS
from housing_credit.dashboard.figure import Figure
from housing_credit.dashboard.figures import FIGURES
from housing_credit.dashboard.forms import FilterForm
from housing_credit.dashboard.models import Export
from housing_credit.dashboard.sheets import Table
from housing_credit.dashboard.words import period_name
from housing_credit.dashboard.workbooks import Book
from housing_credit.seeds.ground import OUR_CITY

PREFIX = "DC"  # 导出
AT_A_TIME = 1000
MOST_ON_PAPER = 2000  # rows of a list; a workbook has all
MOST_ATTEMPTS = 3
LOST = timedelta(minutes=10)  # longer than a worker may take
FIELDS = ["list"]  # of the access log
State = Export.State


@transaction.atomic
def begin(what: str, form: str, query: Mapping[str, str], *, by: Staff, lang: str) -> Export:
    """Ask for an export of a page of figures, or of the list behind one.

    Raises `UnfitDataError` for what there is not.
    """
    if what not in sheets.GROUPS and what not in FIGURES or form not in Export.Form.values:
        raise UnfitDataError(_("There is no such export."))
    number = numbers.reference(PREFIX, on=workdays.today())
    export = Export.objects.create(number=number, what=what, form=form, query=dict(query), lang=lang, by=by)
    bell.ring("housing_credit.make_export", export.pk)
    return export


def make(export_id: int) -> None:
    """Make one export, unless somebody else is at it or it is made."""
    if not _claim(export_id):
        return
    export = Export.objects.select_related("by").get(pk=export_id)
    with translation.override(export.lang):
        content = _content(export)
    field = export.file.field
    path = field.storage.save(field.generate_filename(export, f"{export.number}.{export.form}"), ContentFile(content))
    made = Export.objects.filter(pk=export.pk, state=State.RUNNING, attempts=export.attempts).update(
        state=State.DONE, done_at=timezone.now(), file=path, size=len(content)
    )
    if not made:
        field.storage.delete(path)


def make_due() -> int:
    """Make what is still waiting or was left behind, and give up what failed too often; returns how many were tried."""
    lost = Q(state=State.RUNNING, begun_at__lt=timezone.now() - LOST)
    Export.objects.filter(lost, attempts__gte=MOST_ATTEMPTS).update(state=State.FAILED)
    waiting = Q(state=State.WAITING, asked_at__lt=timezone.now() - timedelta(seconds=10))
    due = list(Export.objects.filter(lost | waiting).order_by("asked_at").values_list("pk", flat=True)[:10])
    for pk in due:
        make(pk)
    return len(due)


def _claim(export_id: int) -> bool:
    """Whether it is ours now."""
    lost = Q(state=State.RUNNING, begun_at__lt=timezone.now() - LOST, attempts__lt=MOST_ATTEMPTS)
    rows = Export.objects.filter(Q(state=State.WAITING) | lost, pk=export_id)
    return bool(rows.update(state=State.RUNNING, begun_at=timezone.now(), attempts=F("attempts") + 1, rows=0))


def title_of(export: Export) -> str:
    """What was exported, in the reader's language."""
    figure = FIGURES.get(export.what)
    if figure:
        return str(figure.label)
    return _("Fairness of enforcement") if export.what == "fairness" else _("Dashboard")


def form_of(export: Export) -> FilterForm:
    """The filters with which it was asked for."""
    figure = FIGURES.get(export.what)
    return FilterForm(export.query, export.by, since=pages.first_day(), base=figure.base if figure else None)


def _content(export: Export) -> bytes:
    form = form_of(export)
    if figure := FIGURES.get(export.what):
        return _list(export, figure, form)
    found = sheets.tables(export.what, form)
    Export.objects.filter(pk=export.pk).update(total=len(found))
    content = _paper(export, form, found) if export.form == Export.Form.PDF else _workbook(form, found)
    Export.objects.filter(pk=export.pk).update(rows=len(found))
    return content


def _workbook(form: FilterForm, found: Sequence[Table]) -> bytes:
    book = Book()
    for table in found:
        sheet = book.sheet(table.title, table.heads)
        for row in table.rows:
            book.row(sheet, row)
    _chosen(book, form, [])
    return book.content()


def _chosen(book: Book, form: FilterForm, more: Sequence[tuple[str, str]]) -> None:
    # Translators: 统计范围
    sheet = book.sheet(_("What was chosen"), (_("Filter"), _("Value")))
    for label, value in (*sheets.chosen_words(form), *more):
        book.row(sheet, (label, value))


def _list(export: Export, figure: Figure, form: FilterForm) -> bytes:
    """The rows behind a number, a thousand at a time; each shown person is a look."""
    rows, shown = figure.rows(form.chosen), sheets.shown_columns(figure, export.by)
    total, heads = rows.count(), [str(column.label) for column in shown]
    on_paper = export.form == Export.Form.PDF
    wanted = min(total, MOST_ON_PAPER) if on_paper else total
    Export.objects.filter(pk=export.pk).update(total=wanted)
    book = Book()
    sheet = book.sheet(str(figure.label), heads)
    printed: list[Sequence[Any]] = []
    chunk: list[Any] = []
    written = 0
    for row in figure.base.listed(rows)[:wanted].iterator(chunk_size=AT_A_TIME):
        values = [sheets.value_of(column, row) for column in shown]
        printed.append(values) if on_paper else book.row(sheet, values)
        chunk.append(row)
        if len(chunk) == AT_A_TIME:
            written += _noted(export, figure, chunk, written)
            chunk = []
    _noted(export, figure, chunk, written)
    if not on_paper:
        _chosen(book, form, [(str(figure.label), str(figure.definition))])
        return book.content()
    # Translators: 共 %(total)s 行，此处为前 %(shown)s 行；全部见 xlsx。
    cut = _("The first %(shown)s of %(total)s rows; the workbook has all of them.") if wanted < total else ""
    title = f"{figure.definition} {cut % {'shown': wanted, 'total': total}}".strip()
    return _paper(export, form, [Table(title, heads, printed)])


def _noted(export: Export, figure: Figure, chunk: Sequence[Any], written: int) -> int:
    """Write down the looks at these rows and how far the export is; returns how many there were."""
    if chunk and pages.shows_persons(figure, export.by):
        subjects = [figure.base.subject(row) for row in chunk]
        audit.look_many(export.by, subjects, purpose=purpose_of(export.by), action="download", fields=FIELDS)
    Export.objects.filter(pk=export.pk).update(rows=written + len(chunk))
    return len(chunk)


def purpose_of(staff: Staff) -> str:
    """To what purpose this person reads lists: statistics, or audit by who only reads."""
    return "statistics" if staff.holds(*(set(READERS) - {Role.AUDITOR})) else "audit"


def _paper(export: Export, form: FilterForm, found: Sequence[Table]) -> bytes:
    city = Office.objects.filter(code=OUR_CITY).first()
    words = [f"{label}: {value}" for label, value in sheets.chosen_words(form)]
    letter = figures_data.Figures(
        issuer=city.name if city else "",
        number=export.number,
        issued_on=workdays.today(),
        lang="zh" if export.lang.startswith("zh") else "en",
        title=title_of(export),
        period=period_name(form.chosen.period),
        chosen=tuple(words),
        tables=tuple(
            figures_data.Table(
                title=table.title,
                heads=tuple(table.heads),
                rows=tuple(tuple(_printed(value) for value in row) for row in table.rows),
            )
            for table in found
        ),
    )
    return typesetting.render_pdf("figures", msgspec.to_builtins(letter), check_url=export.number)


def _printed(value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, datetime.date):
        return value.isoformat()[:10]
    return value if isinstance(value, str) else f"{value:,}"
