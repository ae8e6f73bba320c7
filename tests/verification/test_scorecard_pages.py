"""The pages of the scorecard: who reads them, what stands there, and the lists behind the figures."""

import re
from datetime import date

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.months import at, call, ordered
from tests.verification.test_scorecard_months import corrected, disputed
from verification import scorecards
from verification.models import ScorecardRow, Source
from verification.tasks import freeze_due_months

pytestmark = pytest.mark.django_db
MONTH = reverse("verification:scorecard")
READERS = ("check", "auditor", "admin")


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(at("2026-11-20 12:00"), tick=True):
        yield


@pytest.fixture
def bank(db) -> Source:
    """October: five households of a bank, one of them late, one in error; nobody else was asked."""
    Source.objects.exclude(code="icbc").update(enabled=False)
    Source.objects.filter(code="icbc").update(answer_seconds=10, max_attempts=1, circuit_failures=9)
    call(ordered(3, at("2026-10-05 09:00")), at("2026-10-05 09:00"), seconds=1)
    call(ordered(1, at("2026-10-06 09:00")), at("2026-10-06 09:00"), seconds=11)
    call(ordered(1, at("2026-10-07 09:00")), at("2026-10-07 09:00"), seconds=2, brings="timeout")
    return Source.objects.get(code="icbc")


def row_of(page, name: str) -> dict[str, str]:
    (found,) = [row for row in (*page.context["rows"], page.context["total"]) if row["name"] == name]
    return {cell["label"]: cell["text"] for cell in found["cells"]}


@pytest.mark.parametrize("username", READERS)
def test_officers_auditors_and_administrators_read_a_month(bank, as_user, username):
    page = as_user(username).get(MONTH, {"month": "2026-10"})
    assert page.status_code == 200
    assert len(page.context["rows"]) == 24
    cells = row_of(page, bank.name)
    assert (cells["Asked (inquiries)"], cells["In time"], cells["In time (%)"]) == ("5", "3", "60.0%")
    assert (cells["Median"], cells["Failed requests"], cells["Agreed time"]) == ("6 s", "1", "10 s")
    assert row_of(page, "All sources")["Asked (inquiries)"] == "5"


@pytest.mark.parametrize("username", ["window", "street", "district", "housing", "credit"])
def test_nobody_else_reads_any_of_it(bank, as_user, username):
    client = as_user(username)
    for name in ("source", "failed", "contradicted"):
        assert client.get(reverse(f"verification:scorecard_{name}", args=["icbc"])).status_code == 403
    assert client.get(MONTH).status_code == 403
    assert "scorecard" not in client.get("/").content.decode()


@pytest.mark.parametrize("username", READERS)
def test_the_menu_leads_there(bank, as_user, username):
    assert f'href="{MONTH}"' in as_user(username).get(MONTH).content.decode()


def test_who_was_not_asked_has_no_share(bank, as_user):
    cells = row_of(as_user("check").get(MONTH, {"month": "2026-10"}), "Public Security Bureau")
    assert (cells["Asked (inquiries)"], cells["In time (%)"], cells["Median"]) == ("0", "--", "--")
    assert cells["Against last month"] == "--"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_is_whole_in_both_languages(bank, people, as_user, language):
    checks = ordered(1, at("2026-10-08 09:00"))
    call(checks, at("2026-10-08 09:00"), seconds=1)
    corrected(disputed(checks[0], people, "YY2099-000001"), people, "2026-11-10 09:00")
    client = as_user("check", language)
    addresses = [MONTH, f"{MONTH}?month=2026-10&sort=-asked", f"{MONTH}icbc/", f"{MONTH}icbc/failed/?month=2026-10"]
    for address in (*addresses, f"{MONTH}icbc/contradicted/?month=2026-10", f"{MONTH}police/contradicted/"):
        page = client.get(address)
        assert page.status_code == 200, address
        assert not re.search(r"%\(|{{|style=", page.content.decode()), address
    assert "YY2099-000001" in client.get(f"{MONTH}icbc/contradicted/?month=2026-10").content.decode()


def test_each_column_says_what_it_counts(bank, as_user):
    page = as_user("check").get(MONTH).content.decode()
    for column in as_user("check").get(MONTH).context["columns"]:
        assert page.count(column.definition.replace("'", "&#x27;")) == 2, column.key  # on its head and in the list


def test_the_table_is_sorted_by_any_column_and_nothing_comes_last(bank, as_user):
    client = as_user("check")
    by_share = client.get(MONTH, {"month": "2026-10", "sort": "share"}).context["rows"]
    assert by_share[0]["name"] == bank.name
    assert client.get(MONTH, {"month": "2026-10", "sort": "-asked"}).context["rows"][0]["name"] == bank.name
    usual = [source.name for source in Source.objects.order_by("place", "code")]
    for sort in ("", "nothing", "-password"):
        rows = client.get(MONTH, {"month": "2026-10", "sort": sort}).context["rows"]
        assert [row["name"] for row in rows] == usual


@pytest.mark.parametrize("wanted", ["", "2026-11", "1999-01", "2026-13", "2027-01", "x", "2026-10-05"])
def test_a_month_that_there_is_not_shows_the_running_one(bank, as_user, wanted):
    page = as_user("check").get(MONTH, {"month": wanted})
    assert page.context["month"] == "2026-11"
    assert [value for value, _words in page.context["form"].fields["month"].choices] == ["2026-11", "2026-10"]


def test_the_page_says_whether_the_figures_are_fixed(bank, as_user):
    client = as_user("check")
    assert "is over" in client.get(MONTH, {"month": "2026-10"}).content.decode()
    freeze_due_months()
    freeze_due_months()
    assert ScorecardRow.objects.totals().count() == 1
    assert "are fixed;" in client.get(MONTH, {"month": "2026-10"}).content.decode()
    assert "is running" in client.get(MONTH).content.decode()
    Source.objects.filter(code="icbc").update(answer_seconds=60)  # agreed anew; October keeps what it was judged by
    assert row_of(client.get(MONTH, {"month": "2026-10"}), bank.name)["Agreed time"] == "10 s"


def test_the_month_in_which_counting_began_says_so(bank, as_user):
    call(ordered(1, at("2026-11-03 09:00")), at("2026-11-03 09:00"), seconds=1)
    client = as_user("check")
    october, november = (client.get(MONTH, {"month": month}).content.decode() for month in ("2026-10", "2026-11"))
    assert "Counting began on 2026-10-05, so this month is not whole." in october
    assert "Counting began" not in november
    assert "自 2026-10-05 起开始统计" in as_user("check", "zh-hans").get(MONTH, {"month": "2026-10"}).content.decode()


def test_a_month_counted_from_its_first_day_is_whole(as_user):
    call(ordered(1, at("2026-10-01 00:30")), at("2026-10-01 00:30"), seconds=1)
    assert scorecards.card(date(2026, 10, 1)).counted_from is None


def test_a_figure_leads_to_exactly_the_requests_that_make_it(bank, as_user):
    call(ordered(1, at("2026-10-08 09:00"), purpose="rehearsal"), at("2026-10-08 09:00"), seconds=1, brings="timeout")
    client = as_user("check")
    page = client.get(MONTH, {"month": "2026-10"})
    (cell,) = [cell for row in page.context["rows"] for cell in row["cells"] if cell["url"]]
    assert (cell["text"], cell["note"]) == ("1", "Timed out\u00a01")
    shown = client.get(cell["url"])
    assert [row["took"] for row in shown.context["rows"]] == ["2.0"]
    assert client.get(f"{MONTH}icbc/failed/?month=2026-10&sort=refused").context["rows"] == []
    assert len(client.get(f"{MONTH}icbc/failed/?month=2026-10&sort=timeout").context["rows"]) == 1
    assert client.get(f"{MONTH}icbc/failed/?month=2026-11").context["rows"] == []
    assert client.get(f"{MONTH}nobody/failed/").status_code == 404


def test_an_administrator_is_not_led_to_a_check(bank, people, as_user):
    checks = ordered(1, at("2026-10-08 09:00"))
    call(checks, at("2026-10-08 09:00"), seconds=1)
    corrected(disputed(checks[0], people, "YY2099-000001"), people, "2026-11-10 09:00")
    address = f"{MONTH}icbc/contradicted/?month=2026-10"
    check = reverse("verification:check", args=[checks[0].number])
    objection = reverse("verification:objection", args=["YY2099-000001"])
    for link in (check, objection):
        assert link in as_user("check").get(address).content.decode()
        assert link not in as_user("admin").get(address).content.decode()
    assert len(as_user("admin").get(address).context["page"].object_list) == 1


def test_twelve_months_of_a_source(bank, as_user):
    page = as_user("auditor").get(f"{MONTH}icbc/")
    rows = page.context["rows"]
    assert [row["name"] for row in rows] == ["2026-11", "2026-10"]  # nothing was counted before
    assert len(page.context["bars"]) == 12
    assert [bar["text"] for bar in page.context["bars"][-2:]] == ["60", "--"]
    assert page.context["bars"][-2]["height"] == 60


def test_the_pages_cost_the_same_however_much_was_asked(bank, as_user):
    client = as_user("check")

    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get(address)
        return len(seen)

    addresses = (f"{MONTH}?month=2026-10", f"{MONTH}icbc/")
    before = [queries(address) for address in addresses]
    call(ordered(40, at("2026-10-09 09:00")), at("2026-10-09 09:00"), seconds=1)
    assert [queries(address) for address in addresses] == before
    assert max(before) <= 20


def test_the_sweep_and_the_command_agree_with_the_page(bank, as_user, capsys):
    freeze_due_months()
    call_command("scorecard", month=date(2026, 10, 1))
    assert "(frozen)" in capsys.readouterr().out
    assert scorecards.card(date(2026, 10, 1)).is_frozen
