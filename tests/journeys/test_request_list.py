"""In Chromium on a phone's width, a check officer sends a request list, is told of a mistake, brings the reply in."""

import os
from pathlib import Path

import pytest

from tests.factories.checks import order_scenario
from tests.factories.lists import Filled
from tests.journeys.browser import Person, chromium
from tests.journeys.test_barriers import barriers
from verification import asking
from verification.facts import RecordKind
from verification.models import Inquiry, Source
from verification.spreadsheet.columns import REPLIES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CODE = "police"


@pytest.fixture
def browser():
    with chromium() as running:
        yield running


def picture(officer: Person, name: str) -> None:
    if where := os.environ.get("HC_PICTURES"):
        officer.page.screenshot(path=Path(where) / f"{name}.png", full_page=True)


def test_an_officer_sends_a_list_and_brings_its_reply_in(browser, live_server, people, sources, tmp_path):
    sources.set(CODE, down=True)
    Source.objects.filter(code=CODE).update(max_attempts=1)
    asking.ask([order_scenario(sources, "fit").pk])
    officer = Person(browser, live_server.url, "check", width=390)
    officer.go(f"/checks/board/{CODE}/")
    picture(officer, "board")
    officer.press(f"form[action$='/board/{CODE}/lists/'] button")
    address = officer.page.url.removeprefix(live_server.url)
    officer.go(address)
    assert barriers(officer) == []
    with officer.page.expect_download() as download:
        officer.page.click("a[href$='/file/']")
    content = Path(download.value.path()).read_bytes()
    filled = Filled(content).answer_all().found([RecordKind.REGISTRATION])
    given = tmp_path / "清单.xlsx"
    filled.put(REPLIES, 3, result_code=7)
    given.write_bytes(filled.saved())
    officer.page.set_input_files("input[type=file]", given)
    with officer.page.expect_navigation():
        officer.page.click("form[action$='/upload/'] button")
    assert "F 结果代码" in officer.page.inner_text("main")
    assert not officer.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    assert barriers(officer) == []
    picture(officer, "wrong")
    filled.put(REPLIES, 3, result_code=0)
    given.write_bytes(filled.saved())
    officer.page.set_input_files("input[type=file]", given)
    officer.press("form[action$='/upload/'] button")
    picture(officer, "confirm")
    officer.go(address)
    officer.press("form[action$='/bring-in/'] button")
    assert Inquiry.objects.get(source__code=CODE).state == "answered"
    picture(officer, "done")
