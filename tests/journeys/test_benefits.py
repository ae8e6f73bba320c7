"""In Chromium, the pages of benefits fit a screen and a telephone, in both languages, without a grave barrier."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from benefits import allotting, exits, ledger, subsidies
from benefits.models import Exit
from tests.benefits.doors import address
from tests.factories import benefits
from tests.journeys.browser import Person, chromium
from tests.journeys.test_barriers import barriers

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TENANCY_PARTS = ("contracts", "rents", "exits", "letters", "timeline", "history")
SUBSIDY_PARTS = ("amounts", "exits", "letters", "timeline", "history")


@pytest.fixture
def browser():
    with chromium() as running:
        yield running


def month(day: date) -> date:
    return day.replace(day=1)


def test_the_pages_of_benefits_have_no_grave_barrier(browser, live_server, people, sources):
    officer, today = people["housing"], timezone.localdate()
    tenancy = benefits.running(people, sources)
    ledger.bill(tenancy.account, month=month(today), amount=Decimal("200.00"), due_on=today, by=None)
    text = "家庭于2026年10月购买住房一套，建筑面积89.60平方米，不再符合条件。"
    exits.order_out(tenancy, reason=Exit.Reason.CHANGED, text=text, by=officer)
    turn = benefits.waiting(people, sources, "fit-single-elder")
    allotting.offer(turn, benefits.home(rooms=1), by=officer)
    vacant = benefits.home()
    addresses = [
        "/",
        *(f"/benefits/{name}/" for name in ("homes", "homes/new", "homes/estates/new", "waiting", "tenancies")),
        address(vacant),
        address(vacant, "take_out"),
        address(tenancy.home),
        address(turn),
        address(turn, "accept"),
        address(tenancy),
        address(tenancy, "give_back"),
        *(address(tenancy, part=part) for part in TENANCY_PARTS),
    ]
    look(browser, live_server.url, addresses)


def test_the_pages_of_subsidies_have_no_grave_barrier(browser, live_server, people, sources):
    grant = benefits.paid(people, sources)
    subsidies.stop(grant, from_month=month(timezone.localdate()), reason="未参加年审", by=people["housing"])
    subsidies.resume(grant, reason="已补办年审", by=people["housing"])
    addresses = ["/benefits/subsidies/", address(grant), address(grant, "change_amount"), address(grant, "stop")]
    look(browser, live_server.url, [*addresses, *(address(grant, part=part) for part in SUBSIDY_PARTS)])


def look(browser, server, addresses):
    """Every page at a screen in Chinese and at a telephone in English."""
    for width, language in ((1440, "zh-CN"), (390, "en-GB")):
        person = Person(browser, server, "housing", width=width, language=language)
        found = []
        for page in addresses:
            found += barriers(person, page)
            person.picture(f"benefits{page.rstrip('/').replace('/', '-')}-{width}")
        assert found == []
        assert person.troubles == []
