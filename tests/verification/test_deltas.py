"""What changed since the last check of a case: kept with the assessment, listed in a round, shown and given out."""

import pytest
from django.db import connection
from django.db.models import prefetch_related_objects
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bureau.models import AuditEntry
from tests.api_cases import caller
from tests.factories.checks import order_scenario, orders_of
from tests.factories.later import FLAT, account, asked, concluded, open_kinds, order_again, ordered_again, tell
from verification import asking, assessing, deltas, findings, orders, rounds
from verification.models import Assessment, Check, Delta, Source

pytestmark = pytest.mark.django_db


@pytest.fixture
def first(sources, people) -> Check:
    """A household that is fit, checked and concluded."""
    check = asked(order_scenario(sources, "fit"))
    concluded(check, people["check"])
    return check


def kinds_of(check):
    return [change.kind for change in deltas.changes_of(check.delta)]


def lists(found, name):
    return reverse(f"verification:{name}", args=[found.number])


def test_a_second_check_of_the_same_answers_has_no_changes_and_nothing_to_settle(first, as_user):
    second = asked(ordered_again(first))
    delta = second.delta
    assert (kinds_of(second), delta.weight, delta.kinds) == ([], 0, [])
    assert delta.before == first.assessments.get()
    assert open_kinds(second) == []
    page = as_user("check").get(reverse("verification:check", args=[second.number]))
    assert page.context["statement"]["changes"]["rows"] == []
    assert "Nothing has changed since." in page.content.decode()


def test_a_first_check_has_no_delta(first, as_user):
    assert not Delta.objects.exists()
    page = as_user("check").get(reverse("verification:check", args=[first.number]))
    assert page.context["statement"]["changes"] is None
    assert "Since the last check" not in page.content.decode()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_home_bought_meanwhile_stands_first(first, sources, as_user, language):
    tell(sources, "fit", {(1, "housing_bureau"): [FLAT]})
    second = asked(ordered_again(first))
    assert kinds_of(second) == ["criterion_turned", "finding_new", "record_new"]
    page = as_user("check", language).get(reverse("verification:check", args=[second.number]))
    turned, _finding, home = page.context["statement"]["changes"]["rows"]
    assert "0.00" in turned["text"]
    assert "28.00" in turned["text"]
    assert FLAT["address"] in home["text"]
    assert len(home["members"]) == 1
    text = page.content.decode()
    assert first.number in text
    assert "%(" not in text


def test_a_balance_that_grew_within_its_band_is_told_and_stays_settled(sources, people):
    tell(sources, "fit", {(2, "boc"): [account("12000.00")]})
    first = asked(order_scenario(sources, "fit"))
    concluded(first, people["check"], dismiss=("undeclared_deposit",))
    tell(sources, "fit", {(2, "boc"): [account("15000.00")]})
    second = asked(ordered_again(first))
    assert open_kinds(second) == []
    (change,) = deltas.changes_of(second.delta)
    assert (change.kind, change.was, change.now, change.weight) == ("record_changed", "12000.00", "15000.00", 3000)

    tell(sources, "fit", {(2, "boc"): [account("48000.00")]})
    concluded(second, people["check"])
    third = asked(ordered_again(second))
    assert open_kinds(third) == ["undeclared_deposit"]
    assert set(kinds_of(third)) == {"finding_back", "record_changed"}


def test_a_source_that_is_silent_now_is_said_to_be(first, sources, as_user):
    sources.set("ccb", down=True)
    second = ordered_again(first)
    Source.objects.filter(code="ccb").update(max_attempts=1)
    asked(second)
    silent = next(change for change in deltas.changes_of(second.delta) if change.kind == "source_silent")
    assert (silent.source, silent.weight) == ("ccb", 38000)
    assert "record_gone" not in second.delta.kinds
    page = as_user("check").get(reverse("verification:check", args=[second.number])).content.decode()
    assert "answered the last time; now:" in page


def test_only_a_concluded_check_is_compared_with(first, sources, people):
    orders.cancel(ordered_again(first), by=people["check"], reason="重复。")
    tell(sources, "fit", {(1, "housing_bureau"): [FLAT]})
    second = asked(ordered_again(first))
    concluded(second, people["check"])
    third = asked(ordered_again(second))
    assert second.delta.before.check_ordered == first
    assert third.delta.before.check_ordered == second
    assert third.delta.weight == 0


def test_a_new_version_of_the_assessment_has_its_delta_anew(first, sources, people):
    tell(sources, "fit", {(2, "boc"): [account("12000.00")]})
    second = asked(ordered_again(first))
    before = Delta.objects.get()
    assert "finding_new" in before.kinds
    findings.dismiss(second.findings.open().get(), by=people["check"], reason="已核实。")
    after = Delta.objects.get()
    assert after.pk == before.pk
    assert (before.assessment.version, after.assessment.version) == (1, 2)
    assert "finding_new" not in after.kinds


def test_a_delta_is_never_removed(first):
    asked(ordered_again(first))
    with pytest.raises(Exception, match="delta_is_kept|Cannot delete"):
        Delta.objects.all().delete()


def queries(checks):
    prefetch_related_objects(checks, "standard")
    with CaptureQueriesContext(connection) as captured:
        assessing.write(checks)
    return [query["sql"] for query in captured]


def test_first_checks_cost_one_small_query_more_and_a_set_no_more_than_one_check(sources, people):
    checks = [asked(order_scenario(sources, "fit")) for _ in range(4)]
    one, four = queries(checks[:1]), queries(checks)
    assert len(one) == len(four)
    assert sum("verification_conclusion" in sql for sql in four) == 1
    assert not any("verification_delta" in sql for sql in four)
    for check in checks:
        concluded(check, people["check"])
    again = [asked(ordered_again(check)) for check in checks]
    one, four = queries(again[:1]), queries(again)
    assert len(one) == len(four)
    assert sum("verification_delta" in sql for sql in four) == 1


@pytest.fixture
def found(sources, people):
    """A round: one household with a new home, one with a grown balance, one unchanged, one checked the first time."""
    before = {name: asked(order_scenario(sources, name)) for name in ("fit", "hidden-car", "unfit-deposits")}
    for check in before.values():
        concluded(check, people["check"])
    tell(sources, "fit", {(1, "housing_bureau"): [FLAT]})
    tell(sources, "hidden-car", {(2, "boc"): [account("500.00")]})
    opened = rounds.open_round("年度复核", {}, by=people["check"])
    again = [order_again(check) for check in before.values()]
    checks = rounds.add(opened, [*again, *orders_of(sources, "fit-single-elder", 1)])
    rounds.filled(opened)
    asking.ask([check.pk for check in checks])
    return opened


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_round_lists_its_households_by_weight_and_counts_the_others_apart(found, as_user, language):
    page = as_user("check", language).get(lists(found, "round_changes"))
    assert page.status_code == 200
    assert page.context["counts"] == {"changed": 2, "unchanged": 1, "first": 1}
    rows = page.context["rows"]
    assert ["criterion_turned" in row["check"].delta.kinds for row in rows] == [True, False]
    assert rows[0]["household"] == "刘*明"
    text = page.content.decode()
    assert "刘建明" not in text
    assert "%(" not in text


FILTERS = {
    "what=criterion_turned": 1,
    "what=record_new": 2,
    "what=record_gone": 0,
    "district=321202": 2,
    "district=321203": 0,
    "district=321202&what=criterion_turned": 1,
}


def test_the_list_is_filtered_by_district_and_kind(found, as_user):
    client = as_user("check")
    shown = {query: client.get(f"{lists(found, 'round_changes')}?{query}").context["rows"] for query in FILTERS}
    assert {query: len(rows) for query, rows in shown.items()} == FILTERS


@pytest.mark.parametrize("name", ["round_changes", "round_near"])
def test_the_lists_of_a_round_are_for_who_has_the_round(people, as_user, name):
    opened = rounds.open_round("年度复核", {}, by=people["check"])
    expected = {"check": 200, "auditor": 200, "street": 404, "district": 404, "window2": 404, "admin": 404}
    assert {each: as_user(each).get(lists(opened, name)).status_code for each in expected} == expected
    assert as_user("check").post(lists(opened, name)).status_code == 405
    assert as_user("check").get(f"{lists(opened, name)}?what=nonsense").status_code == 422


def test_a_look_at_a_list_is_kept_with_every_household_on_it(found, as_user):
    as_user("check").get(lists(found, "round_changes"))
    looked = AuditEntry.objects.filter(fields=["changes"])
    assert set(looked.values_list("reference", flat=True)) == {
        row.check_ordered.number for row in Delta.objects.of_round(found.pk).changed().select_related("check_ordered")
    }


def test_the_near_line_is_kept_at_insert_and_listed_by_share_with_the_fact(found, sources, as_user):
    near = Assessment.objects.filter(round=found, near_share__isnull=False)
    for row in Assessment.objects.filter(round=found):
        result = assessing.result_of(row).near
        close = result is not None and result.share <= assessing.NEAR
        assert (row.near_share is not None) is close
        assert (row.near_criterion, row.near_share) == ((result.criterion, result.share) if close else ("", None))
    page = as_user("check").get(lists(found, "round_near"))
    assert [row["share"] for row in page.context["rows"]] == sorted(near.values_list("near_share", flat=True))


@pytest.fixture
def close(sources, people):
    """A round of two households, one with savings just under the line: 600,000 for three."""
    tell(sources, "fit", {(2, "boc"): [account("520000.00")]})
    opened = rounds.open_round("年度复核", {}, by=people["check"])
    checks = rounds.add(opened, orders_of(sources, "fit", 2))
    asking.ask([check.pk for check in checks])
    return opened


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_who_stands_within_a_tenth_of_a_line_is_listed_with_the_fact_to_check(close, as_user, language):
    page = as_user("check", language).get(lists(close, "round_near"))
    rows = page.context["rows"]
    assert len(rows) == 2
    assert rows[0]["share"] < assessing.NEAR
    text = page.content.decode()
    assert "7001" in rows[0]["fact"]  # the account, masked
    assert "%(" not in text
    for query, count in {"what=assets": 2, "what=income": 0, "district=321203": 0}.items():
        assert len(as_user("check").get(f"{lists(close, 'round_near')}?{query}").context["rows"]) == count


def test_who_has_left_the_line_in_a_newer_assessment_is_not_listed(close, sources, people, as_user):
    check = Check.objects.of_round(close.pk).first()
    findings.dismiss(check.findings.open().get(), by=people["check"], reason="属他人存款。")
    assert check.assessments.count() == 2
    rows = as_user("check").get(lists(close, "round_near")).context["rows"]
    assert check.number not in {row["check"].number for row in rows}
    assert len(rows) == 1


@pytest.mark.parametrize("name", ["round_changes", "round_near"])
def test_more_households_cost_no_more_queries(found, sources, people, as_user, name):
    client = as_user("check")
    client.get(lists(found, name))

    def cost():
        with CaptureQueriesContext(connection) as captured:
            page = client.get(lists(found, name))
        return len(page.context["rows"]), len(captured)

    few, before = cost()
    earlier = [asked(order_scenario(sources, "fit-single-elder")) for _ in range(4)]
    for check in earlier:
        concluded(check, people["check"])
    tell(sources, "fit-single-elder", {(0, "boc"): [account("7000.00")]})
    checks = rounds.add(found, [order_again(check) for check in earlier])
    asking.ask([check.pk for check in checks])
    many, after = cost()
    assert many > few or name == "round_near"
    assert after == before <= 24


def test_a_program_reads_the_delta_of_a_check(first, sources, people):
    tell(sources, "fit", {(1, "housing_bureau"): [FLAT]})
    second = asked(ordered_again(first))
    address = f"/api/v1/checks/{second.number}/delta"
    answer = caller(people["check"]).get(address)
    assert answer.status_code == 200
    told = answer.json()
    assert (told["check_number"], told["before"]) == (second.number, first.number)
    assert told["before_on"] == first.as_of.isoformat()
    turned = told["changes"][0]
    assert (turned["kind"], turned["name"], turned["verdicts"]) == ("criterion_turned", "area", ["met", "failed"])
    assert "Not met" in turned["text"]
    assert AuditEntry.objects.filter(action="api", reference=second.number, fields=["changes"]).count() == 1


def test_a_program_reads_nothing_of_a_first_check_and_changes_nothing(first, people):
    address = f"/api/v1/checks/{first.number}/delta"
    told = caller(people["check"]).get(address).json()
    assert (told["before"], told["before_on"], told["changes"]) == (None, None, [])
    assert caller(people["check"]).post(address, {}, format="json").status_code == 405
    assert caller(people["window2"]).get(address).status_code == 404
    assert caller(None).get(address).status_code == 401
    assert caller(people["auditor"]).get(address).status_code == 200
