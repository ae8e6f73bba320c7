"""What a claim honours: paused rounds, held sources, maintenance, quiet hours, rates, room kept for single checks."""

from datetime import time, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from bureau.errors import MoveRefusedError, NotAllowedError, UnfitDataError
from tests.factories.checks import order_scenario, orders_of
from verification import asking, claiming, holding, rounds
from verification.models import Hold, Inquiry, Lease, Maintenance, Round, Source

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def found(sources, people):
    """A round of three households, filled."""
    opened = rounds.open_round("年度复核", {}, by=people["check"])
    rounds.add(opened, orders_of(sources, "fit", 3))
    rounds.filled(opened)
    return opened


def claimed(check_ids) -> set[str]:
    return {row.source.code for row in claiming.claim(check_ids)[1]}


def ids_of(found: Round) -> list[int]:
    return list(found.checks.values_list("pk", flat=True))


def test_nothing_of_a_paused_round_is_asked_until_it_goes_on(found, people):
    rounds.pause(found, by=people["check"], reason="银行系统升级")
    assert claimed(ids_of(found)) == set()
    assert claiming.due_checks("rounds", 10) == []
    rounds.resume(found, by=people["check"])
    assert sorted(claiming.due_checks("rounds", 10)) == sorted(ids_of(found))
    assert len(claimed(ids_of(found))) == 24


def test_a_single_check_is_asked_while_the_round_is_paused(found, sources, people):
    rounds.pause(found, by=people["check"], reason="银行系统升级")
    single = order_scenario(sources, "fit")
    assert claiming.due_checks("checks", 10) == [single.pk]
    assert len(claimed([*ids_of(found), single.pk])) == 24


def test_a_source_held_in_the_round_waits_there_and_nowhere_else(found, sources, people):
    police = Source.objects.get(code="police")
    held = holding.hold(police, by=people["check"], reason="数据有误", within=found)
    single = order_scenario(sources, "fit")
    assert "police" not in claimed(ids_of(found))
    assert "police" in claimed([single.pk])
    holding.release(held, by=people["check"], reason="已更正")
    assert claimed(ids_of(found)) == {"police"}


def test_a_source_held_everywhere_is_not_asked_at_all(found, sources, people):
    holding.hold(Source.objects.get(code="police"), by=None, reason="control persons", ground=Hold.Ground.CANARY)
    assert "police" not in claimed([order_scenario(sources, "fit").pk, *ids_of(found)])


def test_a_hold_needs_an_officer_and_a_reason_and_is_made_and_lifted_once(found, people):
    police = Source.objects.get(code="police")
    with pytest.raises(NotAllowedError):
        holding.hold(police, by=people["street"], reason="x", within=found)
    with pytest.raises(UnfitDataError):
        holding.hold(police, by=people["check"], reason=" ", within=found)
    held = holding.hold(police, by=people["check"], reason="数据有误", within=found)
    with pytest.raises(MoveRefusedError):
        holding.hold(police, by=people["check"], reason="数据有误", within=found)
    holding.release(held, by=people["check"], reason="已更正")
    with pytest.raises(MoveRefusedError):
        holding.release(held, by=people["check"], reason="已更正")
    with pytest.raises(IntegrityError), transaction.atomic():
        Hold.objects.filter(pk=held.pk).update(release_reason="")


def test_a_source_under_maintenance_or_in_its_quiet_hours_is_left_alone(sources):
    now = timezone.now()
    police, housing = (Source.objects.get(code=code) for code in ("police", "housing_bureau"))
    Maintenance.objects.create(
        source=police, starts_at=now - timedelta(minutes=1), ends_at=now + timedelta(minutes=1), note="upgrade"
    )
    hour = timezone.localtime(now).hour
    housing.quiet_from, housing.quiet_to = time(hour), time((hour + 1) % 24)
    housing.save()
    check = order_scenario(sources, "fit")
    assert not {"police", "housing_bureau"} & claimed([check.pk])
    Maintenance.objects.all().delete()
    housing.quiet_from, housing.quiet_to = time((hour + 1) % 24), time((hour + 2) % 24)
    housing.save()
    assert claimed([check.pk]) == {"police", "housing_bureau"}
    assert not Inquiry.objects.filter(source=police, attempts__gt=1).exists()


def test_a_rate_holds_over_all_claims_and_refills(sources):
    Source.objects.filter(code="police").update(per_minute=2)
    checks = [order_scenario(sources, "fit").pk for _ in range(5)]
    assert sum(row.source.code == "police" for row in claiming.claim(checks)[1]) == 2
    assert "police" not in claimed(checks)
    Source.objects.filter(code="police").update(allowance_at=timezone.now() - timedelta(seconds=31))
    assert sum(row.source.code == "police" for row in claiming.claim(checks)[1]) == 1


def test_a_round_leaves_room_for_single_checks(found, sources):
    rounds.add(found, orders_of(sources, "fit", 9))
    Source.objects.update(concurrency=10)
    assert len(claiming.claim(ids_of(found))[1]) == 24 * 9
    assert len(claiming.claim([order_scenario(sources, "fit").pk])[1]) == 24
    assert claiming.claim([order_scenario(sources, "fit").pk])[1] == []


def test_a_whole_round_is_asked_and_counted_by_its_exchanges(found):
    asking.ask(ids_of(found))
    assert found.checks.filter(status="assessed").count() == 3
    assert sum(found.exchanges.values_list("settled", flat=True)) == 3 * 24
    assert found.exchanges.filter(outcome="answered").count() == 24


def test_what_is_out_is_counted_by_source_and_given_back(found):
    token, rows = claiming.claim(ids_of(found))
    assert len(rows) == 3 * 24
    assert set(Lease.objects.values_list("token", "places")) == {(token, 3)}
    assert set(Lease.objects.values_list("source__code", flat=True)) == {row.source.code for row in rows}
    claiming.give_back(token)
    assert not Lease.objects.exists()


def test_nothing_stays_out_of_a_round_that_was_asked(found):
    asking.ask(ids_of(found))
    assert not Lease.objects.exists()


def test_a_lease_that_ran_out_takes_no_room(found, sources):
    Source.objects.update(concurrency=3)
    claiming.claim(ids_of(found))
    single = order_scenario(sources, "fit")
    assert claimed([single.pk]) == set()
    Lease.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert len(claimed([single.pk])) == 24


def test_an_inquiry_needs_a_check_and_a_source_that_exist(found):
    row = Inquiry.objects.first()
    for wrong in ({"check_ordered_id": 10**9}, {"source_id": 10**9}):
        copy = {"check_ordered_id": row.check_ordered_id, "source_id": row.source_id} | wrong
        with pytest.raises(IntegrityError), transaction.atomic():
            Inquiry.objects.create(**copy)


def test_a_source_of_which_a_check_is_on_file_is_not_deleted(found):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM verification_source WHERE code = 'police'")


def read_rows(plan: dict) -> float:
    """Rows that a plan looked at, kept or not."""
    own = plan["Actual Loops"] * (plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0))
    return max([own, *(read_rows(part) for part in plan.get("Plans", []))])


@pytest.mark.parametrize("statement", ["CLAIM", "DUE_SINGLE"])
def test_a_claim_reads_its_own_checks_only_whatever_the_planner_believed(found, sources, statement):
    asking.ask(ids_of(found))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # at this moment no inquiry is open
    rounds.add(found, orders_of(sources, "fit", 200))
    single = order_scenario(sources, "fit")
    moment = claiming._moment(timezone.now(), checks=[single.pk], lease="0" * 32, rows=4800)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {getattr(claiming, statement)}", moment)
        plan = cursor.fetchone()[0][0]["Plan"]
    assert read_rows(plan) < 1000, "24 inquiries are the check's, 4,800 the round's"
