"""In Chromium a credit officer makes a batch, hands it over, brings its receipt in, sends again, and reconciles."""

import os
from pathlib import Path

import pytest

from credit import feeding
from credit.models import Batch, Receipt, Reconciliation
from tests.credit.conftest import later  # noqa: F401  # the calendar of the registry's tests
from tests.factories import feeds as fed
from tests.journeys.browser import Person, chromium
from tests.journeys.test_barriers import barriers

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGE = "/credit/feeds/city-credit/"


@pytest.fixture
def browser():
    with chromium() as running:
        yield running


def picture(officer: Person, name: str) -> None:
    if where := os.environ.get("HC_PICTURES"):
        officer.page.screenshot(path=Path(where) / f"{name}.png", full_page=True)


def look(officer: Person, address: str, name: str) -> None:
    """The page opens, is no wider than the screen, and nobody is kept from reading it."""
    officer.go(address)
    assert barriers(officer) == []
    picture(officer, name)


def upload(officer: Person, form: str, name: str, content: bytes, folder: Path) -> None:
    given = folder / "reply.txt"
    given.write_bytes(content)
    officer.page.set_input_files(f"input[name={name}-file]", given)
    with officer.page.expect_navigation():
        officer.page.click(f"form[action$='/{form}/'] button")


@pytest.mark.parametrize(("width", "language"), [(1440, "zh-CN"), (390, "en-GB")])
def test_an_officer_tells_the_city_and_hears_back(browser, live_server, people, later, tmp_path, width, language):  # noqa: F811
    _case, key = fed.recorded(later, about=fed.OTHERS[0])
    fed.recorded(later, origin="finding:2")
    feeding.make(fed.bank(), by=None)
    officer = Person(browser, live_server.url, "credit", width=width, language=language)
    look(officer, "/credit/feeds/", f"feeds-{width}")
    look(officer, "/credit/feeds/central-bank/", f"bank-{width}")
    officer.go(PAGE)
    officer.press("form[action$='/make/'] button")
    batch = Batch.objects.get()
    with officer.page.expect_download() as download:
        officer.page.click("form[action$='/file/'] button")
    assert Path(download.value.path()).read_bytes() == feeding.content_of(batch)
    officer.go(PAGE)
    upload(officer, "receipt", "receipt", fed.receipt(batch)[:-9], tmp_path)
    assert not Receipt.objects.exists()
    assert barriers(officer) == []
    picture(officer, f"wrong-{width}")
    upload(officer, "receipt", "receipt", fed.receipt(batch, key), tmp_path)
    look(officer, f"/credit/feeds/batches/{batch.name}/", f"batch-{width}")
    officer.press("form[action$='/rejected/'] button")
    assert Batch.objects.count() == 2
    officer.go(PAGE)
    upload(officer, "reconcile", "holdings", fed.holdings(fed.city(), {"SX1999-000001-7": {}}), tmp_path)
    look(officer, f"/credit/feeds/reconciliations/{Reconciliation.objects.get().pk}/", f"reconciliation-{width}")
    officer.press("form[action$='/correct/'] button")
    look(officer, PAGE, f"feed-{width}")
    assert Batch.objects.latest("pk").deleted == 1
    assert [trouble for trouble in officer.troubles if "422" not in trouble] == []
