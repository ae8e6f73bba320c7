"""Exports hold what the page shows, are made in the background, and are taken by who asked for them only."""

import io
from datetime import timedelta

import pypdfium2
import pytest
from django.db import InternalError, transaction
from django.utils import timezone
from openpyxl import load_workbook

from bureau import workdays
from bureau.errors import UnfitDataError
from bureau.models import AuditEntry
from housing_credit.dashboard import exporting, pages
from housing_credit.dashboard.figures import FIGURES
from housing_credit.dashboard.forms import FilterForm
from housing_credit.dashboard.models import Export
from tests.factories import figures as made

pytestmark = pytest.mark.django_db
TODAY = workdays.today()


@pytest.fixture
def some(people):
    """Checks of both districts and kinds, one by a name that looks like a formula."""
    for place in range(6):
        case = made.concluded_case(
            people["check"],
            ("fit", "unfit")[place % 2],
            at=timezone.now() - timedelta(days=place),
            office_code=("321202001001", "321203001001")[place % 2],
        )
    type(case).objects.filter(pk=case.pk).update(applicant_name="=1+1")
    made.archived("F06", TODAY)
    return people


def made_by(staff, what, form, lang="en", **query):
    export = exporting.begin(what, form, query, by=staff, lang=lang)
    exporting.make(export.pk)
    export.refresh_from_db()
    return export


def book_of(export):
    with export.file.open("rb") as file:
        return load_workbook(io.BytesIO(file.read()))


def text_of(export):
    with export.file.open("rb") as file:
        document = pypdfium2.PdfDocument(file.read())
    return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def test_the_workbook_of_the_dashboard_has_the_numbers_of_the_page(some):
    export = made_by(some["auditor"], "dashboard", "xlsx", period="all")
    assert (export.state, export.total, export.rows, export.attempts) == ("done", export.rows, export.total, 1)
    book = book_of(export)
    form = FilterForm({"period": "all"}, some["auditor"], since=pages.first_day())
    tiles = [tile for group in pages.dashboard_context(form, [*pages.PARTS])["groups"] for tile in group["tiles"]]
    rows = list(book.worksheets[0].iter_rows(min_row=2, values_only=True))
    assert [(row[0], row[1]) for row in rows] == [(str(tile["label"]), tile["value"]) for tile in tiles]
    [by_district] = [
        sheet for sheet in book.worksheets if sheet.title.startswith("Checks") and "istrict" in sheet.title
    ]
    assert sum(row[1] for row in by_district.iter_rows(min_row=2, values_only=True)) == 6


@pytest.mark.parametrize("code", ["checked", "unfit", "recorded", "bans_running", "time_street", "findings_settled"])
def test_the_workbook_of_a_list_has_its_rows_masked(some, code):
    export = made_by(some["auditor"], code, "xlsx", period="all")
    sheet = book_of(export).worksheets[0]
    form = FilterForm({"period": "all"}, some["auditor"], since=pages.first_day())
    assert sheet.max_row - 1 == FIGURES[code].rows(form.chosen).count() == export.rows
    cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert "仲小妮" not in {cell.value for cell in cells}


def test_the_same_on_paper_in_both_languages(some):
    assert "Checks: By month" in text_of(made_by(some["auditor"], "dashboard", "pdf"))
    chinese = text_of(made_by(some["auditor"], "checked", "pdf", lang="zh-hans"))
    assert "仲*妮" in chinese
    assert "统计日期" in chinese


def test_fairness_is_exported_too(some):
    export = made_by(some["check"], "fairness", "xlsx", period="all")
    assert "Findings" in book_of(export).worksheets[1].title


def test_each_person_in_an_exported_list_is_a_look(some):
    made_by(some["auditor"], "checked", "xlsx", period="all")
    looks = AuditEntry.objects.filter(staff=some["auditor"], action="download")
    assert looks.filter(subject_kind="applications.application").count() == 6
    made_by(some["credit"], "checked", "xlsx", period="all")
    assert not AuditEntry.objects.filter(staff=some["credit"], action="download").exists()


def test_the_page_begins_one_shows_how_far_it_is_and_hands_it_out(some, as_user, django_capture_on_commit_callbacks):
    client = as_user("auditor")
    assert 'value="pdf"' in client.get("/dashboard/").content.decode()
    answer = client.post("/dashboard/export/", {"what": "checked", "form": "xlsx", "period": "all"})
    assert answer.url == "/dashboard/exports/"
    page = client.get("/dashboard/exports/").content.decode()
    assert "Waiting" in page
    assert "hx-get" in page
    export = Export.objects.get()
    assert client.get(f"/dashboard/exports/{export.pk}/file/").status_code == 404
    Export.objects.filter(pk=export.pk).update(state="running", total=10, rows=4, begun_at=timezone.now())
    assert 'value="4"' in client.get("/dashboard/exports/progress/").content.decode()
    Export.objects.filter(pk=export.pk).update(state="waiting", rows=0)
    exporting.make(export.pk)
    page = client.get("/dashboard/exports/progress/").content.decode()
    assert "Ready" in page
    assert "hx-get" not in page
    file = client.get(f"/dashboard/exports/{export.pk}/file/")
    assert b"".join(file.streaming_content).startswith(b"PK")
    assert AuditEntry.objects.filter(action="download", reference=export.number).exists()
    assert as_user("check").get(f"/dashboard/exports/{export.pk}/file/").status_code == 404


def test_what_there_is_not_cannot_be_exported(people, as_user):
    for what, form in (("x", "xlsx"), ("checked", "docx"), ("", "")):
        with pytest.raises(UnfitDataError):
            exporting.begin(what, form, {}, by=people["auditor"], lang="en")
    assert as_user("auditor").post("/dashboard/export/", {"what": "x"}).status_code == 422
    assert as_user("window").post("/dashboard/export/", {"what": "dashboard", "form": "pdf"}).status_code == 403
    assert as_user("window").get("/dashboard/exports/").status_code == 403


def test_an_export_is_made_once_and_a_lost_one_is_taken_up_and_given_up_at_last(some):
    export = exporting.begin("checked", "xlsx", {}, by=some["auditor"], lang="en")
    long_ago = timezone.now() - timedelta(hours=1)
    Export.objects.filter(pk=export.pk).update(state="running", begun_at=timezone.now(), attempts=1)
    exporting.make(export.pk)
    export.refresh_from_db()
    assert export.state == "running"
    Export.objects.filter(pk=export.pk).update(begun_at=long_ago)
    assert exporting.make_due() == 1
    export.refresh_from_db()
    assert (export.state, export.attempts) == ("done", 2)
    assert exporting.make_due() == 0
    lost = exporting.begin("checked", "xlsx", {}, by=some["auditor"], lang="en")
    Export.objects.filter(pk=lost.pk).update(state="running", begun_at=long_ago, attempts=3)
    assert exporting.make_due() == 0
    lost.refresh_from_db()
    assert lost.state == "failed"


def test_an_export_is_kept(some):
    export = made_by(some["auditor"], "checked", "xlsx")
    with pytest.raises(InternalError), transaction.atomic():
        export.delete()


def test_a_reader_of_less_exports_less(some):
    export = made_by(some["auditor"], "checked", "xlsx", period="all", district="321203")
    assert export.rows == 3
    assert made_by(some["housing"], "recorded", "xlsx", period="all").rows == 1
    heads = [
        cell.value for cell in book_of(made_by(some["housing"], "recorded", "xlsx", period="all")).worksheets[0][1]
    ]
    assert "Who acted" not in heads
