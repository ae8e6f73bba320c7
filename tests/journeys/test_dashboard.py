"""In Chromium, dashboard and lists fit a screen and a phone, in both languages, without a grave barrier."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bureau import workdays
from housing_credit.dashboard.pages import PARTS
from tests.factories import figures as made
from tests.journeys.browser import Person, chromium
from tests.journeys.test_barriers import barriers
from tests.supervision import test_stuck as troubles
from verification.models import Source

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TODAY = workdays.today()


@pytest.fixture
def browser():
    with chromium() as running:
        yield running


@pytest.fixture
def some(people):
    """Checks of a year in two districts, records for several reasons, bans."""
    for place in range(40):
        outcome = ("fit", "unfit", "fit", "incomplete", "fit", "unfit")[place % 6]
        day = TODAY - timedelta(days=place * 8)
        window = ("321202001001", "321203001001")[place % 2]
        made.concluded_case(people["check"], outcome, at=made.noon(day), office_code=window)
    for place, act in enumerate(("F01", "F04", "F05", "F06", "F06", "F08", "U01")):
        made.archived(act, TODAY - timedelta(days=place * 20))
    made.banned(people["credit"], begins=TODAY - timedelta(days=300), until=TODAY + timedelta(days=65))
    return people


@pytest.fixture
def stuck(people):
    """Something at a desk, at the check centre and in the registry that does not go on, and findings settled."""
    for _ in range(7):
        troubles.overdue(people, None)
    troubles.silent_checks(people, None)
    troubles.holds(people, None)
    troubles.announcements(people, None)
    for place, source in enumerate(Source.objects.order_by("place")[:4]):
        for number in range(6):
            case = made.concluded_case(people["check"], "fit", at=timezone.now())
            state = "dismissed" if number < place else "confirmed"
            made.settled_finding(case.current_check, people["check"], state, at=timezone.now(), source=source.code)
    return people


@pytest.mark.parametrize(("width", "language"), [(1440, "zh-CN"), (1440, "en-GB"), (390, "zh-CN"), (390, "en-GB")])
def test_the_supervision_pages_have_no_grave_barrier(browser, live_server, stuck, width, language):
    reader = Person(browser, live_server.url, "check", width=width, language=language)
    for name, path in {
        "supervision": "/supervision/",
        "stuck": "/supervision/stuck/",
        "trouble": "/supervision/stuck/overdue/",
        "fairness": "/supervision/fairness/",
    }.items():
        reader.go(path)
        reader.page.wait_for_selector("[hx-trigger=load]", state="detached")  # every part has come
        assert barriers(reader) == []
        reader.picture(f"{name}-{width}-{language[:2]}")
    assert reader.troubles == []


@pytest.mark.parametrize(("width", "language"), [(1440, "zh-CN"), (1440, "en-GB"), (390, "zh-CN"), (390, "en-GB")])
def test_the_dashboard_has_no_grave_barrier(browser, live_server, some, width, language):
    reader = Person(browser, live_server.url, "auditor", width=width, language=language)
    for name, path in {
        "list": "/dashboard/figures/unfit/?period=all",
        "records": "/dashboard/figures/recorded/?period=all",
        "exports": "/dashboard/exports/",
        "notices": "/notices/",
    }.items():
        assert barriers(reader, path) == []
        reader.picture(f"{name}-{width}-{language[:2]}")
    reader.go("/dashboard/?period=all&by=month")
    for part in list(PARTS)[1:]:
        reader.page.wait_for_selector(f"#{part} :is(.stats, table)")  # each asked for by the page
    assert barriers(reader) == []
    reader.picture(f"dashboard-{width}-{language[:2]}")
    reader.press("#checks .stat-value a")
    assert "40" in reader.text()
    assert reader.troubles == []
