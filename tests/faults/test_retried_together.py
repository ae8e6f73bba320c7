"""Households that were asked about together are asked about together again: a retry does not scatter a batch."""

import pytest

from tests.factories.checks import orders_of
from verification import asking, orders
from verification.models import Exchange, Inquiry, Source

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_batch_that_failed_falls_due_as_one(sources):
    sources.set("icbc", error_rate=1)
    Source.objects.update(backoff_seconds=60)
    checks = orders.place_many(orders_of(sources, "fit", 6), by=None, queue="rounds")

    asking.ask([check.pk for check in checks])

    put_off = Inquiry.objects.filter(source__code="icbc", state="open")
    assert put_off.count() == 6
    assert put_off.values("not_before").distinct().count() == 1
    assert Exchange.objects.get(source__code="icbc").households == 6


def test_two_batches_do_not_come_back_at_one_moment(sources):
    sources.set("icbc", error_rate=1)
    Source.objects.update(backoff_seconds=60, batch_size=3)
    checks = orders.place_many(orders_of(sources, "fit", 6), by=None, queue="rounds")

    asking.ask([check.pk for check in checks])

    assert Inquiry.objects.filter(source__code="icbc").values("not_before").distinct().count() == 2
