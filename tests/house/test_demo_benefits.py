"""The demonstration's households in benefit: entered months ago, once, the way that every household goes."""

from decimal import Decimal

import pytest
from django.utils import timezone

from benefits import billing, ledger
from benefits.models import Grant, PaymentList, StatementLine, Tenancy, Turn
from bureau import workdays
from housing_credit import demo_benefits as demo
from tests.benefits.doors import page

pytestmark = pytest.mark.django_db


@pytest.fixture
def seeded(people, sources, settings):
    settings.MOCK_DEPARTMENTS_URL = sources.url
    assert demo.seed_benefits() == 3
    return people


def test_the_demo_has_a_tenancy_a_subsidy_and_a_household_that_waits_and_enters_them_once(seeded, as_user):
    tenancy = Tenancy.objects.select_related("account").get()
    assert tenancy.status == Tenancy.Status.RUNNING
    assert (workdays.today() - tenancy.signed_on).days == demo.BEGAN - demo.NOTICE_DAYS - 3
    assert Grant.objects.get().status == Grant.Status.RUNNING
    assert list(StatementLine.objects.order_by("row").values_list("state", flat=True)) == ["posted", "waiting"]
    assert PaymentList.objects.get().rows.count() >= 2
    assert sorted(Turn.objects.values_list("status", flat=True)) == ["housed", "waiting"]
    billing.bill_due()
    assert ledger.owed(tenancy.account) > Decimal(0)
    assert demo.seed_benefits() == 0
    history = page(as_user("housing"), tenancy, "history")
    ats = [row["at"] for row in history.context["entries"] if hasattr(row["at"], "hour")]
    assert ats == sorted(ats, reverse=True)
    assert ats[-1] < timezone.now()
    for words in ("Handed in", "Lease signed", "Home handed over", "billed CNY"):
        assert words in history.content.decode()
