"""In Chromium, one household from the blank form to approved, another to refused, by five people at five browsers."""

import re
from datetime import datetime, time
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone

from applications import publicity
from applications.models import Application, PublicNotice
from bureau.models import Document
from tests import papers
from tests.journeys.browser import Person, chromium
from tests.journeys.typing import type_household

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OPINION = "textarea[name=opinion], textarea[name=text], textarea[name=words]"


@pytest.fixture
def browser():
    with chromium() as running:
        yield running


@pytest.fixture
def office(browser, live_server, worker):
    """Sign one of the cast in at a browser of their own."""
    signed_in: list[Person] = []

    def sign_in(username: str, **options: object) -> Person:
        signed_in.append(Person(browser, live_server.url, username, **options))
        return signed_in[-1]

    yield sign_in
    assert [trouble for person in signed_in for trouble in person.troubles] == []


@pytest.fixture
def scan(tmp_path) -> Path:
    """A small PDF, as a scanner makes it."""
    path = tmp_path / "signed.pdf"
    path.write_bytes(papers.PDF)
    return path


def forward(person: Person, reference: str, words: str) -> None:
    person.go(f"/applications/{reference}/review/")
    person.page.locator("input[value=forward]").check(force=True)
    person.page.locator(OPINION).first.fill(words)
    person.press("form[action$='/opinion/'] button.button-primary")


def order(check_officer: Person, reference: str) -> None:
    """Send the order and watch the sources answer, live."""
    check_officer.go(f"/applications/{reference}/order/")
    check_officer.press("main form button[type=submit]")
    check_officer.page.get_by_text("24/24").first.wait_for(timeout=30_000)
    check_officer.picture(f"progress-{reference}")


def conclude(check_officer: Person, reference: str, outcome: str) -> None:
    page = check_officer.page
    check_officer.go(f"/applications/{reference}/statement/")
    while page.locator("form[action$='/confirm/']").count():
        form = page.locator("form[action$='/confirm/']").first
        form.locator("xpath=ancestor::details[1]/summary").click()
        form.locator("select").select_option(index=1)
        form.locator("textarea").fill("已电话向家庭核实，情况属实。")
        with page.expect_navigation():
            form.locator("button").click()
    page.locator(f"input[name=outcome][value={outcome}]").check(force=True)
    page.locator("form[action$='/conclude/'] textarea").fill("按核对结果认定。")
    check_officer.press("form[action$='/conclude/'] button.button-primary")
    check_officer.picture(f"statement-{reference}")


def comes_to_housing(housing: Person, reference: str) -> None:
    """Wait until the sweep has taken the conclusion up: before, the case is not the housing officer's to see."""
    mine = Application.objects.filter(reference=reference, status=Application.Status.CHECKED)
    for _ in range(60):
        if mine.exists():
            break
        housing.page.wait_for_timeout(500)
    housing.go(f"/applications/{reference}/")


def to_the_decision(office, sources, scan, scenario: str, outcome: str) -> tuple[str, Person]:
    clerk = office("window")
    reference = type_household(clerk, sources.papers(scenario), scan)
    forward(office("street"), reference, "已入户走访，情况属实。")
    forward(office("district"), reference, "材料齐全，同意上报。")
    check_officer = office("check")
    forward(check_officer, reference, "同意发出核对指令。")
    order(check_officer, reference)
    conclude(check_officer, reference, outcome)
    housing = office("housing")
    comes_to_housing(housing, reference)
    return reference, housing


def test_a_household_goes_from_the_blank_form_to_approved(office, sources, scan):
    reference, housing = to_the_decision(office, sources, scan, "fit", "fit")
    housing.go(f"/applications/{reference}/grant/")
    housing.page.locator(OPINION).first.fill("拟准予保障，予以公示。")
    housing.press("main form button[type=submit]")
    assert "公示中" in housing.text()
    notice = PublicNotice.objects.get(application__reference=reference)
    with time_machine.travel(datetime.combine(notice.closes_on, time(9), timezone.get_current_timezone()), tick=False):
        assert publicity.close_due() == 1
    housing.go(f"/applications/{reference}/")
    assert "准予保障" in housing.text()
    housing.picture(f"approved-{reference}")
    assert Application.objects.get(reference=reference).status == "approved"
    assert Document.objects.filter(reference=reference, kind="approval").exists()


def test_a_household_with_a_hidden_car_is_refused_on_a_confirmed_finding(office, sources, scan):
    reference, housing = to_the_decision(office, sources, scan, "hidden-car", "unfit")
    housing.go(f"/applications/{reference}/refuse/")
    housing.page.locator(OPINION).first.fill("车辆价格超过标准，不予保障。")
    housing.press("main form button[type=submit]")
    assert "不予保障" in housing.text()
    assert Application.objects.get(reference=reference).status == "refused"
    letter = Document.objects.get(reference=reference, kind="refusal")
    assert re.search("车", str(letter.data))


def test_the_pages_speak_english_too(office, sources, scan):
    clerk = office("window", language="en-US")
    clerk.go("/")
    chinese = set(re.findall(r"[\u4e00-\u9fff]+", clerk.page.inner_text("main")))
    assert chinese <= {"简体中文"}
