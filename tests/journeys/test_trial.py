"""In Chromium a check officer tries a standard that is to come, watches the result come in, and another one signs."""

import os
from pathlib import Path

import pytest

from tests.factories import trials as made
from tests.journeys.browser import Person, chromium
from tests.journeys.test_barriers import barriers
from verification import trying
from verification.models import Trial

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
STANDARD = f"/checks/standards/{made.NEXT}/"


@pytest.fixture
def browser():
    with chromium() as running:
        yield running


def looked_at(person: Person, name: str) -> None:
    assert barriers(person) == []
    if where := os.environ.get("HC_PICTURES"):
        person.page.screenshot(path=Path(where) / f"{name}.png", full_page=True)


@pytest.mark.parametrize(("language", "width"), [("zh-CN", 1440), ("en", 390)])
def test_one_officer_tries_a_standard_and_another_signs(browser, live_server, people, monkeypatch, language, width):
    monkeypatch.setattr(trying, "BATCH", 1)
    for monthly, office in (
        (3000, "321202001001"),
        (4400, "321203001001"),
        (4600, "321202001001"),
        (4650, "321203001001"),
    ):
        made.checked(people["check"], made.earning(monthly), office_code=office)
    standard = made.coming(**made.income_line(4700))
    name = f"{language}-{width}"
    officer = Person(browser, live_server.url, "check", language=language, width=width)
    for address in ("/checks/standards/", STANDARD, f"{STANDARD}try/"):
        officer.go(address)
        looked_at(officer, f"{name}{address.replace('/', '-')}")
    officer.press("main form.form button[type=submit]")
    trial = Trial.objects.get(standard=standard)
    assert "0/4" in officer.page.inner_text("main")
    trying.work(trial.pk, seconds=0)
    officer.page.wait_for_selector("text=1/4")
    looked_at(officer, f"{name}-running")
    trying.work(trial.pk)
    officer.page.wait_for_selector("a[href$='/export/']")
    officer.go(f"{STANDARD}trials/1/")
    looked_at(officer, f"{name}-trial")
    officer.press("main table a[href*='kind=joins']")
    looked_at(officer, f"{name}-households")
    second = Person(browser, live_server.url, "check2", language=language, width=width)
    second.go(f"{STANDARD}trials/1/")
    second.press("a[href$='/sign/']")
    second.page.fill("textarea[name=note]", "增加 2 户，房源可以满足，同意。")
    looked_at(second, f"{name}-sign")
    second.press("main form button[type=submit]")
    officer.go(STANDARD)
    assert people["check2"].name in officer.page.inner_text("main")
    looked_at(officer, f"{name}-signed")
    admin = Person(browser, live_server.url, "admin", language=language, width=width)
    admin.go(f"{STANDARD}trials/1/")
    assert admin.page.locator("main table a").count() == 0
    looked_at(admin, f"{name}-admin")
    assert officer.troubles + second.troubles + admin.troubles == []
