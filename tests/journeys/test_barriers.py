"""In Chromium, the main pages have no barrier that axe calls serious or critical; a failed save loses nothing."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from bureau.fields import blind_index
from credit.models import Announcement, Batch, Subject
from housing_credit.seeds import registry, sharing
from tests.factories.applications import concluded, draft
from tests.journeys.browser import Person, chromium

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
GRAVE = {"serious", "critical"}
# A household that is shared, persons banned and released, one with a case only, an employer.
FILES = (*sharing.SHARED, registry.OVER, registry.BANNED, registry.HUSBAND, registry.EMPLOYER)


@pytest.fixture
def browser():
    with chromium() as running:
        yield running


def barriers(person: Person, path: str = "") -> list[str]:
    """What axe finds on a page, as `path: rule: element`; it comes from outside, past the page's policy for scripts."""
    if path:
        person.go(path)
    found = Axe().run(person.page).response["violations"]
    return [
        f"{path or person.page.url}: {rule['id']}: {node['html'][:160]}"
        for rule in found
        if rule["impact"] in GRAVE
        for node in rule["nodes"]
    ]


def test_the_main_pages_have_no_grave_barrier(browser, live_server, people, sources):
    case = concluded(people, sources, "hidden-car", "unfit")
    mine = draft(people["window"])
    clerk = Person(browser, live_server.url, "window")
    found = barriers(clerk, "/") + barriers(clerk, "/applications/?tab=all")
    for part in ("applicant/", "members/", "income/", "papers/", "answers/"):
        found += barriers(clerk, f"/applications/{mine.reference}/intake/{part}")
    officer = Person(browser, live_server.url, "check")
    for tab in ("", "household/", "check/", "statement/", "review/", "papers/", "documents/", "timeline/", "audit/"):
        found += barriers(officer, f"/applications/{case.reference}/{tab}")
    for page in (f"/checks/{case.current_check.number}/", "/checks/", "/checks/rounds/", "/checks/board/"):
        found += barriers(officer, page)
    found += barriers(clerk, f"/applications/{case.reference}/copy/")
    found += barriers(Person(browser, live_server.url, "auditor"), "/audit/")
    assert found == []


@pytest.mark.parametrize(("width", "language"), [(1440, "zh-CN"), (390, "en-GB")])
def test_the_registry_has_no_grave_barrier(browser, live_server, people, width, language):
    registry.seed_registry()
    sharing.seed_sharing()
    officer = Person(browser, live_server.url, "credit", width=width, language=language)
    files = Subject.objects.filter(identifier_index__in=[blind_index(who.identifier) for who in FILES])
    assert files.count() == len(FILES)
    batch = Batch.objects.get()
    found = []
    for address in (
        *(reverse("credit:file", args=[subject.pk]) for subject in files),
        reverse("credit:feeds"),
        reverse("credit:feed", args=[batch.receiver.code]),
        reverse("credit:batch", args=[batch.name]),
        reverse("credit:partners"),
        reverse("credit:partner", args=[sharing.PARTNER]),
        reverse("credit:queries"),
        reverse("credit:announcements"),
        reverse("credit:running_announcements"),
        *(reverse("credit:announcement", args=[each.number]) for each in Announcement.objects.all()),
    ):
        found += barriers(officer, address)
        officer.picture(f"registry{address.replace('/', '-')}{width}")
    assert found == []
    assert officer.troubles == []


def test_the_door_has_no_grave_barrier(browser, live_server, people):
    page = browser.new_page(locale="zh-CN")
    page.goto(f"{live_server.url}/sign-in/")
    found = Axe().run(page).response["violations"]
    assert [rule["id"] for rule in found if rule["impact"] in GRAVE] == []


def test_a_session_that_ends_loses_nothing_that_was_typed(browser, live_server, people):
    mine = draft(people["window"])
    clerk = Person(browser, live_server.url, "window")
    page = clerk.page
    clerk.go(f"/applications/{mine.reference}/intake/applicant/")
    kept = page.context.cookies()
    page.context.clear_cookies(name="sessionid")
    page.fill("[name=rows-0-phone]", "13800001111")
    page.locator("[name=rows-0-phone]").blur()
    page.locator("#signed-out").wait_for(state="visible")
    assert page.locator("#draft-failed").is_visible()
    page.click("main form .form-actions button.button-primary")
    page.wait_for_timeout(500)
    assert page.input_value("[name=rows-0-phone]") == "13800001111"
    page.context.add_cookies(kept)  # signed in again in another window
    clerk.press("main form .form-actions button.button-primary")
    mine.draft.refresh_from_db()
    assert mine.draft.sections["applicant"]["rows"][0]["phone"] == "13800001111"
