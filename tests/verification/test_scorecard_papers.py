"""The scorecard on paper, as a workbook and by program: the same figures as on the page, kept as they were."""

import io
import json
from datetime import date

import openpyxl
import pypdfium2
import pytest
import time_machine
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.urls import reverse

from bureau.errors import NotAllowedError
from bureau.models import Document
from tests.api_cases import caller
from tests.factories.months import at, call, ordered
from verification import scorecard_papers, scorecards
from verification.models import ScorecardPaper, Source

pytestmark = pytest.mark.django_db
OCTOBER = date(2026, 10, 1)
MONTH = reverse("verification:scorecard")
API = "/api/v1/scorecards"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(at("2026-11-20 12:00"), tick=True):
        yield


@pytest.fixture
def bank(db) -> Source:
    """October: five households of a bank, one of them late, one in error; nobody else was asked."""
    Source.objects.exclude(code="icbc").update(enabled=False)
    Source.objects.filter(code="icbc").update(answer_seconds=10, max_attempts=1, circuit_failures=9)
    call(ordered(3, at("2026-10-05 09:00")), at("2026-10-05 09:00"), seconds=1)
    call(ordered(1, at("2026-10-06 09:00")), at("2026-10-06 09:00"), seconds=11)
    call(ordered(1, at("2026-10-07 09:00")), at("2026-10-07 09:00"), seconds=2, brings="timeout")
    return Source.objects.get(code="icbc")


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    assert all(page.get_width() > page.get_height() for page in document)
    return "\n".join(page.get_textpage().get_text_bounded() for page in document).replace("\r\n", "\n")


def test_an_officer_puts_a_month_on_paper_under_a_number(bank, as_user):
    client = as_user("check", "zh-hans")
    assert client.post(reverse("verification:scorecard_issue"), {"month": "2026-10"}).url == f"{MONTH}?month=2026-10"
    paper = ScorecardPaper.objects.get()
    document = scorecard_papers.document_of(paper)
    assert (paper.month, paper.number, document.number) == (OCTOBER, "PJ2026-000001", "泰房评〔2026〕0001号")
    page = client.get(MONTH, {"month": "2026-10"})
    assert document.number in page.content.decode()
    assert document.number not in client.get(MONTH).content.decode()
    answer = client.get(reverse("verification:scorecard_paper", args=[paper.pk]))
    assert answer["Content-Type"] == "application/pdf"
    text = text_of(answer.content)
    for words in (
        "来源评价表",
        "2026年10月",
        document.number,
        "泰州市住房保障中心",
        "指标说明",
        "约定时限全部届满后数字固定",
    ):
        assert words in text.replace("\n", ""), words
    (line,) = [line for line in text.splitlines() if line.startswith("中国工商银行") and "60.0%" in line]
    assert line.split()[1:6] == ["10", "秒", "5", "3", "60.0%"]
    (other,) = [line for line in text.splitlines() if line.startswith("市公安局")]
    assert other.split()[1:6] == ["60", "秒", "0", "0", "--"]
    assert "0.0%" not in other
    assert "超时未反馈" in text
    assert "合计" in text


def test_a_paper_keeps_its_figures_and_the_next_one_has_its_own(bank, people):
    first = scorecard_papers.issue(OCTOBER, by=people["check"])
    scorecards.freeze_due()
    call(ordered(1, at("2026-11-08 09:00")), at("2026-11-08 09:00"), seconds=1)
    second = scorecard_papers.issue(OCTOBER, by=people["check"])
    states = [scorecard_papers.document_of(paper).data["state"] for paper in (first, second)]
    assert states[0] != states[1]
    assert "已固定" in states[1]
    assert scorecard_papers.of_month(OCTOBER) == [second, first]
    for change in (lambda: ScorecardPaper.objects.update(number="X"), lambda: ScorecardPaper.objects.all().delete()):
        with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
            change()


@pytest.mark.parametrize("username", ["auditor", "admin", "housing"])
def test_only_officers_of_the_city_put_it_on_paper(bank, people, as_user, username):
    assert as_user(username).post(reverse("verification:scorecard_issue"), {"month": "2026-10"}).status_code == 403
    with pytest.raises(NotAllowedError):
        scorecard_papers.issue(OCTOBER, by=people[username])
    assert not ScorecardPaper.objects.exists()
    assert not Document.objects.filter(kind="scorecard").exists()


def test_whoever_reads_the_page_opens_the_paper_and_nobody_else(bank, people, as_user):
    paper = scorecard_papers.issue(OCTOBER, by=people["check"])
    address = reverse("verification:scorecard_paper", args=[paper.pk])
    for username, status in (("auditor", 200), ("admin", 200), ("housing", 403), ("street", 403), ("window", 403)):
        assert as_user(username).get(address).status_code == status, username
    assert as_user("check").get(reverse("verification:scorecard_paper", args=[paper.pk + 1])).status_code == 404
    document = scorecard_papers.document_of(paper)
    documents = {name: Document.objects.visible_to(people[name]).filter(pk=document.pk).exists() for name in people}
    assert {name for name, seen in documents.items() if seen} >= {"check", "auditor"}
    assert not documents["housing"]
    assert not documents["street"]
    assert as_user("window").get(f"/verify/{document.check_code}/").status_code == 200


@pytest.mark.parametrize(("language", "source"), [("en", "Source"), ("zh-hans", "来源")])
def test_the_workbook_has_the_figures_as_numbers(bank, as_user, language, source):
    answer = as_user("auditor", language).get(reverse("verification:scorecard_workbook"), {"month": "2026-10"})
    assert 'filename="scorecard-2026-10.xlsx"' in answer["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    sheet = book["2026-10"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][0] == source
    assert len(rows) == 1 + 24 + 1
    name = bank.name_en if language == "en" else bank.name_zh
    (row,) = [row for row in rows if row[0] == name]
    assert row[1:6] == [10, 5, 3, 0.6, "--"]
    assert row[10:12] == [6, 10.5]
    assert (row[6], row[13], rows[-1][2]) == (1, 1, 5)
    assert len(rows[0]) == 1 + 12 + 8
    assert all(cell.data_type != "f" for each in book for row in each.iter_rows() for cell in row)
    assert book.worksheets[1].max_row == 13


def test_a_name_that_looks_like_a_formula_stays_a_text(bank):
    Source.objects.filter(code="icbc").update(name_en="=1+1", name_zh="=1+1")
    sheet = openpyxl.load_workbook(io.BytesIO(scorecard_papers.workbook(scorecards.card(OCTOBER)))).worksheets[0]
    (cell,) = [row[0] for row in sheet.iter_rows() if row[0].value == "=1+1"]
    assert cell.data_type == "s"


@pytest.mark.parametrize("username", ["window", "street", "housing"])
def test_the_workbook_is_for_readers_only(as_user, username):
    assert as_user(username).get(reverse("verification:scorecard_workbook")).status_code == 403


def test_the_command_writes_the_paper(bank, tmp_path):
    file, out, err = tmp_path / "card.pdf", io.StringIO(), io.StringIO()
    call_command("scorecard", "--month", "2026-10", "--json", "--pdf", str(file), stdout=out, stderr=err)
    assert json.loads(out.getvalue())["total"]["asked"] == 5
    assert "泰房评〔2026〕0001号" in err.getvalue()
    assert "2026年10月" in text_of(file.read_bytes())
    assert ScorecardPaper.objects.get().made_by is None


def test_programs_read_the_same_figures(bank, people):
    answer = caller(people["check"]).get(API, {"month": "2026-10"})
    assert answer.status_code == 200
    told = answer.json()
    assert (told["month"], told["frozen"], told["total"]["figures"]["asked"]) == ("2026-10", False, 5)
    by_source = {each["source"]: each for each in told["sources"]}
    assert len(by_source) == 24
    assert by_source["icbc"]["figures"]["in_time_share"] == 0.6
    assert by_source["police"]["figures"]["in_time_share"] is None
    assert by_source["icbc"]["contradicted"] == 0
    assert caller(people["admin"]).get(API).json()["month"] == "2026-11"


@pytest.mark.parametrize("wanted", ["2026-13", "x", "2027-01", "1234-05", "2026-10-05"])
def test_a_month_that_is_none_is_named(people, wanted):
    answer = caller(people["auditor"]).get(API, {"month": wanted})
    assert answer.status_code == 422
    assert set(answer.json()["fields"]) == {"month"}


@pytest.mark.parametrize("username", ["window", "street", "housing", "credit"])
def test_programs_of_others_read_nothing(people, username):
    assert caller(people[username]).get(API).status_code == 403
