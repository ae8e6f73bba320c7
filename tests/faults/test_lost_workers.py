"""Workers killed in mid-order, a broker that forgets everything: every inquiry is answered once all the same."""

import pytest
import redis
from django.conf import settings

from tests import programs
from tests.factories.checks import order_scenario
from verification.models import Check, Inquiry, Source

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
SCENARIOS = ("fit", "hidden-car", "hidden-flat", "unfit-income", "dead-member", "rare-character-name")
EXPECTED = {"fit": "fit", "rare-character-name": "fit"}


@pytest.fixture
def slow_sources(sources):
    """Every source takes its time, and a dead worker is noticed soon."""
    for source in Source.objects.all():
        sources.set(source.code, latency={"kind": "fixed", "median_ms": 700, "p99_ms": 700})
    Source.objects.update(total_seconds=3, read_seconds=3)
    return sources


def some_are_asked(checks):
    return Inquiry.objects.filter(check_ordered__in=checks, lease__isnull=False).exists()


def all_are_assessed(checks):
    return not Check.objects.filter(pk__in=[check.pk for check in checks]).exclude(status="assessed").exists()


def assert_each_answered_once(checks):
    for check in checks:
        rows = check.inquiries.all()
        assert {row.state for row in rows} == {"answered"}
        assert check.assessments.count() == 1
        scenario = check.subject.removeprefix("TEST-").rpartition("-")[0]
        assert check.assessments.get().proposed == EXPECTED.get(scenario, "unfit")
    # Answered once: every row holds the answer of one exchange, and no check was settled or assessed twice.
    assert Inquiry.objects.filter(exchange=None).count() == 0


def test_workers_killed_in_mid_order_lose_nothing_and_double_nothing(slow_sources):
    worker = programs.Worker()
    worker.start()
    try:
        checks = [order_scenario(slow_sources, name) for name in SCENARIOS]
        programs.wait_until(lambda: some_are_asked(checks), "the sources are being asked")
        worker.kill()
        assert not all_are_assessed(checks)
        worker.start()
        programs.wait_until(lambda: all_are_assessed(checks), "every check is assessed")
    finally:
        worker.kill()
    assert_each_answered_once(checks)


def test_a_broker_that_forgets_everything_costs_a_delay_and_nothing_else(slow_sources):
    checks = [order_scenario(slow_sources, name) for name in SCENARIOS]
    redis.Redis.from_url(settings.REDIS_URL).flushall()
    with programs.Worker():
        programs.wait_until(lambda: some_are_asked(checks), "the sweep finds the work by itself")
        redis.Redis.from_url(settings.REDIS_URL).flushall()
        programs.wait_until(lambda: all_are_assessed(checks), "every check is assessed")
    assert_each_answered_once(checks)
