"""The pages of rounds and the board of sources: who sees them, what an officer does there, what they cost."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from bureau.models import Document
from tests.factories.checks import order_scenario, orders_of
from verification import asking, holding, rounds
from verification.models import Check, Hold, Inquiry, Source

pytestmark = pytest.mark.django_db


@pytest.fixture
def found(sources, people):
    """A round of two households, asked and assessed."""
    opened = rounds.open_round("年度复核", {}, by=people["check"])
    checks = rounds.add(opened, orders_of(sources, "hidden-car", 2))
    rounds.filled(opened)
    asking.ask([check.pk for check in checks])
    return opened


def url(name, found, *args):
    return reverse(f"verification:{name}", args=[found.number, *args])


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_tells_how_far_the_round_is_by_source_and_district(found, as_user, language):
    page = as_user("check", language).get(url("round", found))
    assert page.status_code == 200
    progress = page.context["progress"]
    assert (progress["done"], progress["left"]) == (2, 0)
    assert {row["settled"] for row in progress["sources"]} == {2}
    assert [(row["district"], row["ordered"], row["done"]) for row in progress["districts"]] == [("321202", 2, 2)]
    assert len(progress["findings"]) == Check.objects.of_round(found.pk).filter(findings__state="open").count() > 0
    assert "%(" not in page.content.decode()


def test_the_end_is_expected_of_the_slowest_source_and_of_none_that_is_held(found, sources, people, as_user):
    client = as_user("check")
    held = holding.hold(Source.objects.get(code="ccb"), within=found, by=people["check"], reason="接口核查")
    asking.ask([check.pk for check in rounds.add(found, orders_of(sources, "fit", 2))])
    assert client.get(url("round", found)).context["progress"]["ends_at"] is None, "nobody knows until when"

    holding.release(held, by=people["check"], reason="核查完毕")
    told = client.get(url("round", found)).context["progress"]
    since = timezone.now() - found.opened_at
    assert timezone.now() < told["ends_at"] < timezone.now() + since + timedelta(seconds=1), "half is told"


def test_more_households_cost_no_more_queries(found, sources, as_user, django_assert_max_num_queries):
    client = as_user("check")
    rounds.add(found, orders_of(sources, "fit", 5))
    with django_assert_max_num_queries(24):
        client.get(url("round", found))
    with django_assert_max_num_queries(16):
        client.get(reverse("verification:rounds"))
    with django_assert_max_num_queries(16):
        client.get(reverse("verification:board"))


@pytest.mark.parametrize("name", ["rounds", "board"])
@pytest.mark.parametrize(
    ("username", "status"), [("check", 200), ("auditor", 200), ("street", 403), ("window", 403), ("admin", 403)]
)
def test_rounds_and_board_are_for_check_officers_and_auditors(found, as_user, name, username, status):
    assert as_user(username).get(reverse(f"verification:{name}")).status_code == status


def test_who_does_not_have_the_city_does_not_find_the_round(found, as_user):
    assert as_user("window2").get(url("round", found)).status_code == 404
    assert as_user("district").post(url("round_pause", found), {"reason": "x"}).status_code == 404


def test_an_officer_pauses_with_a_reason_goes_on_and_closes(found, as_user):
    client = as_user("check")
    assert client.get(url("round_pause", found)).status_code == 200
    assert client.post(url("round_pause", found), {"reason": ""}).status_code == 422
    assert client.post(url("round_pause", found), {"reason": "银行系统升级"}).status_code == 302
    found.refresh_from_db()
    assert found.status == "paused"
    assert client.get(url("round_pause", found)).status_code == 409
    client.post(url("round_resume", found))
    assert client.post(url("round_close", found)).status_code == 409  # two checks await their conclusion
    client.post(url("round_cancel", found), {"reason": "重新组织"})
    found.refresh_from_db()
    assert found.status == "cancelled"


def test_an_auditor_reads_and_changes_nothing(found, as_user):
    client = as_user("auditor")
    page = client.get(url("round", found))
    assert page.context["progress"]["actions"] == []
    assert not any(row["hold_url"] for row in page.context["progress"]["sources"])
    assert client.post(url("round_pause", found), {"reason": "x"}).status_code == 403
    assert client.post(url("round_hold", found, "police"), {"reason": "x"}).status_code == 403
    assert client.post(reverse("verification:board_ask_again", args=["police"])).status_code == 403


def test_a_source_is_held_and_released_from_the_rounds_page(found, as_user):
    client = as_user("check")
    client.post(url("round_hold", found, "police"), {"reason": "数据有误"})
    held = Hold.objects.get()
    page = client.get(url("round", found)).content.decode()
    assert "数据有误" in page
    client.post(reverse("verification:release", args=[held.pk]), {"reason": "已更正"})
    held.refresh_from_db()
    assert held.released_by.username == "check"


def test_the_board_counts_who_waits_and_one_press_asks_all_again(sources, as_user, people):
    sources.set("icbc", down=True)
    Source.objects.filter(code="icbc").update(max_attempts=1)
    checks = [order_scenario(sources, "fit").pk for _ in range(2)]
    asking.ask(checks)
    client = as_user("check")
    rows = {row["source"].code: row for row in client.get(reverse("verification:board")).context["rows"]}
    assert (rows["icbc"]["failed"], rows["icbc"]["share"]) == (2, 0)
    assert (rows["police"]["failed"], rows["police"]["share"]) == (0, 1)
    page = client.get(reverse("verification:board_source", args=["icbc"]))
    assert len(page.context["rows"]) == 2
    assert all(row["can_ask_again"] for row in page.context["rows"])
    sources.reset()
    client.post(reverse("verification:board_ask_again", args=["icbc"]))
    assert set(Check.objects.values_list("status", flat=True)) == {"asking"}
    assert Inquiry.objects.filter(source__code="icbc", state="open", runs=2).count() == 2
    Source.objects.update(open_until=None, failures_in_row=0)
    asking.ask(checks)
    assert set(Check.objects.values_list("status", flat=True)) == {"assessed"}
    assert not Document.objects.exists()


def test_the_window_for_a_round_tells_how_many_wait_and_what_is_wrong(as_user, people):
    client = as_user("check")
    address = reverse("applications:round_open")
    assert client.get(address).context["waiting"] == 0
    refused = client.post(address, {"name": "新申请", "kinds": ["public_rental"], "area": "321200"})
    assert refused.status_code == 422
    assert "No household waits" in refused.content.decode()
    assert client.post(address, {"name": "", "kinds": [], "area": "999999"}).status_code == 422
    assert as_user("housing").get(address).status_code == 403
