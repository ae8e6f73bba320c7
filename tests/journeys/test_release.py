"""In Chromium, a check officer reads why a source is held and releases it, on a desk and on a phone."""

import os
from pathlib import Path

import pytest
from django.urls import reverse

from housing_credit.seeds.control_persons import seed_control_persons
from tests.factories.checks import orders_of
from tests.journeys.browser import Person, chromium
from tests.journeys.test_barriers import barriers
from verification import asking, assessing, canaries, flood, rounds, spreading
from verification.models import HitBand, Hold, Source

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CODE = "police"


@pytest.fixture
def browser():
    with chromium() as running:
        yield running


def picture(officer: Person, name: str) -> None:
    if where := os.environ.get("HC_PICTURES"):
        officer.page.screenshot(path=Path(where) / f"{name}.png", full_page=True)


@pytest.mark.parametrize(("width", "language"), [(390, "zh-CN"), (1440, "en-GB")])
def test_an_officer_reads_why_a_source_is_held_and_releases_it(browser, live_server, people, sources, width, language):
    seed_control_persons()
    found = rounds.open_round("年度复核", {}, by=people["check"])
    rounds.add(found, orders_of(sources, "fit", 1))
    sources.set(CODE, control_wrong=True)
    canaries.ask(found.pk)
    officer = Person(browser, live_server.url, "check", width=width, language=language)
    for name, address in (
        ("round", reverse("verification:round", args=[found.number])),
        ("source", reverse("verification:board_source", args=[CODE])),
        ("board", reverse("verification:board")),
    ):
        officer.go(address)
        assert barriers(officer) == []
        picture(officer, f"{name}-{width}")
    officer.press(f"a[href$='/{Hold.objects.get().pk}/release/']")
    assert barriers(officer) == []
    picture(officer, f"release-{width}")
    officer.page.check("input[name=verdict][value=stand]", force=True)
    officer.page.fill("textarea[name=reason]", "已与该单位核实，数据接口已更正。")
    officer.press("main form button[type=submit]")
    assert not Hold.objects.live().exists()
    assert officer.troubles == []


@pytest.mark.parametrize(("width", "language"), [(390, "en-GB"), (1440, "zh-CN")])
def test_an_officer_sees_what_a_broken_feed_keeps_back(browser, live_server, people, sources, width, language):
    HitBand.objects.create(source=Source.objects.get(code=CODE), kind="vehicle", high=40, least=4)
    found = rounds.open_round("年度复核", {}, by=people["check"])
    checks = rounds.add(found, orders_of(sources, "hidden-car", 3))
    sources.set(CODE, everybody=True)
    asking.ask([check.pk for check in checks])
    flood.watch_due()
    spreading.spread_due()
    assessing.assess_due()
    officer = Person(browser, live_server.url, "check", width=width, language=language)
    for name, address in (
        ("check", reverse("verification:check", args=[checks[0].number])),
        ("flood", reverse("verification:release", args=[Hold.objects.get().pk])),
    ):
        officer.go(address)
        assert barriers(officer) == []
        picture(officer, f"{name}-{width}")
    assert officer.troubles == []
