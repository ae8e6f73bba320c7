"""The pages of request lists: who sees them, what an officer does there, what is told of a wrong file."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.factories.checks import order_scenario
from tests.factories.lists import Filled
from verification import asking, manual, manual_replies
from verification.facts import RecordKind
from verification.models import Inquiry, ManualRequest, Source
from verification.spreadsheet.columns import REPLIES

pytestmark = pytest.mark.django_db
CODE = "housing_bureau"


@pytest.fixture
def check(sources):
    """A household whose housing bureau was down."""
    sources.set(CODE, down=True)
    Source.objects.filter(code=CODE).update(max_attempts=1)
    found = order_scenario(sources, "fit")
    asking.ask([found.pk])
    return found


@pytest.fixture
def found(check, people):
    return manual.export(Source.objects.get(code=CODE), by=people["check"])


def url(name, *args):
    return reverse(f"verification:{name}", args=[CODE, *args])


def upload(client, found, content):
    given = SimpleUploadedFile("清单.xlsx", content)
    return client.post(url("board_list_upload", found.number), {"file": given})


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_list_is_exported_downloaded_filled_in_and_brought_in(check, as_user, language):
    client = as_user("check", language)
    assert client.get(url("board_source")).context["lists"]["waiting"] == 1
    answer = client.post(url("board_export"))
    found = ManualRequest.objects.get()
    assert answer.url == url("board_list", found.number)
    page = client.get(answer.url)
    assert page.status_code == 200
    assert "%(" not in page.content.decode()
    file = client.get(url("board_list_file", found.number))
    assert file["Cache-Control"] == "no-store"
    assert f"{found.number}.xlsx" in file["Content-Disposition"]
    kinds = [RecordKind(kind) for kind in found.source.kinds]
    filled = Filled(file.content).answer_all().found(kinds)
    assert upload(client, found, filled.saved()).status_code == 302
    page = client.get(url("board_list", found.number))
    assert page.context["counts"].households == 1
    assert "%(" not in page.content.decode()
    client.post(url("board_list_bring_in", found.number))
    assert Inquiry.objects.get(source__code=CODE).state == "answered"
    statement = client.get(reverse("verification:check", args=[check.number])).content.decode()
    assert found.number in statement
    assert "赵敏" in statement
    assert client.post(url("board_list_bring_in", found.number)).status_code == 409
    assert client.get(url("board_list_file", found.number)).status_code == 409


def test_a_wrong_list_is_told_cell_by_cell_in_the_readers_language(found, as_user, people):
    filled = Filled(manual.file_of(found, by=people["check"])).answer_all()
    filled.put(REPLIES, 3, result_code=7)
    page = upload(as_user("check", "zh-hans"), found, filled.saved())
    assert page.status_code == 422
    (problem,) = page.context["problems"]
    assert (problem["sheet"], problem["row"], problem["column"]) == (REPLIES, 3, "F 结果代码")
    assert "不是列表中的代码" in page.content.decode()
    found.refresh_from_db()
    assert found.upload is None
    assert upload(as_user("check"), found, b"").status_code == 422
    assert as_user("check").post(url("board_list_upload", found.number)).status_code == 422


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_check_page_and_the_board_say_that_a_list_is_out(found, check, as_user, language):
    client = as_user("check", language)
    for address in (reverse("verification:check", args=[check.number]), url("board_source")):
        page = client.get(address).content.decode()
        assert found.number in page
        assert found.due_on.isoformat() in page


def test_an_auditor_reads_a_list_and_does_nothing_with_it(found, as_user):
    client = as_user("auditor")
    page = client.get(url("board_list", found.number))
    assert page.status_code == 200
    assert not page.context["may_handle"]
    assert client.get(url("board_list_file", found.number)).status_code == 403
    for name in ("board_list_upload", "board_list_bring_in"):
        assert client.post(url(name, found.number)).status_code == 403
    assert client.get(url("board_list_take_back", found.number)).status_code == 403
    assert client.post(url("board_export")).status_code == 403


@pytest.mark.parametrize("username", ["window", "street", "district", "housing", "admin"])
def test_others_do_not_see_lists(found, as_user, username):
    assert as_user(username).get(url("board_list", found.number)).status_code == 403


def test_a_list_of_another_source_is_not_found_there(found, as_user):
    address = reverse("verification:board_list", args=["police", found.number])
    assert as_user("check").get(address).status_code == 404


def test_a_list_is_taken_back_with_a_reason(found, as_user):
    client = as_user("check")
    assert client.get(url("board_list_take_back", found.number)).status_code == 200
    assert client.post(url("board_list_take_back", found.number), {"reason": ""}).status_code == 422
    assert client.post(url("board_list_take_back", found.number), {"reason": "接口恢复"}).status_code == 302
    assert "接口恢复" in client.get(url("board_list", found.number)).content.decode()
    assert Inquiry.objects.get(source__code=CODE).lease is None


def test_the_evidence_of_a_list_can_be_read(found, check, as_user, people):
    filled = Filled(manual.file_of(found, by=people["check"])).answer_all()
    manual_replies.take_in(found, filled.saved(), by=people["check"])
    manual_replies.bring_in(found, by=people["check"])
    row = Inquiry.objects.get(source__code=CODE)
    page = as_user("check").get(reverse("verification:exchange", args=[check.number, row.exchange_id]))
    assert f"[{REPLIES}]" in page.content.decode()
    assert io.BytesIO(row.exchange.reply).read(2) == b"PK"
