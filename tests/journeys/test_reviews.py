"""In Chromium, the pages of yearly reviews and of visits fit a screen and a phone, in both languages, without a grave
barrier.
"""

import os
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from benefits import visits
from benefits.models import Visit
from bureau import workdays
from tests import papers
from tests.factories import benefits, later
from tests.factories import reviews as made
from tests.journeys.browser import Person, chromium
from tests.journeys.test_barriers import barriers

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def browser():
    with chromium() as running:
        yield running


@pytest.fixture
def found(people, sources):
    """A household that hides a flat is under review, and its home is to be visited."""
    benefits.running(people, sources)
    visits.plan("321200", percent=100, due_on=workdays.today(), by=people["housing"])
    later.tell(sources, "fit", {(0, "housing_bureau"): [later.FLAT]})
    return made.opened(people)


def found_empty(people) -> Visit:
    """The visit was made: nobody lives there."""
    visit = Visit.objects.get()
    room = SimpleUploadedFile("room.png", papers.picture(), "image/png")
    words = "多次敲门无人应答，水电表三个月未走字。"
    day = workdays.today()
    return visits.record(visit, finding="vacant", words=words, on=day, photographs=[room], by=people["street"])


def picture(person: Person, name: str) -> None:
    if where := os.environ.get("HC_PICTURES"):
        person.page.screenshot(path=Path(where) / f"{name}.png", full_page=True)


@pytest.mark.parametrize(("width", "language"), [(1440, "zh-CN"), (390, "en-GB")])
def test_the_pages_of_reviews_and_visits_fit(browser, live_server, people, found, width, language):
    row, visit = found.reviews.get(), Visit.objects.get()
    window = Person(browser, live_server.url, "window", language=language, width=width)
    street = Person(browser, live_server.url, "street", language=language, width=width)
    for person, name, address in (
        (window, "find", reverse("benefits:review_find")),
        (window, "report", reverse("benefits:review_deed", args=[row.number, "report"])),
        (street, "record", reverse("benefits:visit_deed", args=[visit.number, "record"])),
        (street, "visits", reverse("benefits:visits")),
    ):
        person.go(address)
        assert barriers(person) == [], address
        picture(person, f"{name}-{width}")
    found_empty(people)
    made.checked(found, people)
    officer = Person(browser, live_server.url, "housing", language=language, width=width)
    for name, address in (
        ("new", reverse("benefits:review_new")),
        ("reviews", reverse("benefits:reviews")),
        ("round", reverse("benefits:review_round", args=[found.number])),
        ("review", reverse("benefits:review", args=[row.number])),
        ("send_out", reverse("benefits:review_deed", args=[row.number, "send_out"])),
        ("visit", reverse("benefits:visit", args=[visit.number])),
        ("visit_new", reverse("benefits:visit_new")),
    ):
        officer.go(address)
        assert barriers(officer) == [], address
        picture(officer, f"{name}-{width}")
    assert not officer.troubles + window.troubles + street.troubles
