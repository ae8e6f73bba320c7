"""Homes let and recovered, rent recovered, who waits and who is paid: as the lives of benefits tell."""

from decimal import Decimal

import pytest

from benefits import exits, ledger
from benefits.models import Exit
from bureau import workdays
from housing_credit.dashboard import pages
from housing_credit.dashboard.figures import FIGURES
from housing_credit.dashboard.forms import FilterForm
from tests.factories import benefits as given

pytestmark = pytest.mark.django_db
TODAY = workdays.today()
CODES = ("homes_let", "homes_recovered", "rent_recovered", "waiting", "subsidies")


def numbers(staff, **query):
    form = FilterForm({"period": "all"} | query, staff, since=pages.first_day())
    return [FIGURES[code].number(form.chosen) for code in CODES]


def test_a_home_is_let_then_recovered_with_its_rent(people, sources, as_user):
    tenancy = given.running(people, sources)
    assert numbers(people["auditor"]) == [1, 0, 0, 0, 0]
    exits.order_out(tenancy, reason=Exit.Reason.BREACH, text="连续空置。", by=people["housing"])
    exits.take_back(tenancy, on=TODAY, condition="完好。", by=people["housing"])
    assert numbers(people["auditor"]) == [0, 1, 0, 0, 0]
    due, by = Decimal("250.00"), people["cashier"]
    posted = ledger.receive(tenancy.account, amount=due, on=TODAY, reference="ZH1", by=by, recovered=True)
    assert numbers(people["auditor"]) == [0, 1, Decimal("250.00"), 0, 0]
    client = as_user("auditor")
    page = client.get("/dashboard/parts/benefits/").content.decode()
    assert "250.00" in page
    listed = client.get("/dashboard/figures/rent_recovered/")
    assert listed.context["total"] == Decimal("250.00")
    assert listed.context["page"].paginator.count == 1
    homes = client.get("/dashboard/figures/homes_recovered/").content.decode()
    assert tenancy.number in homes
    assert tenancy.tenant_name not in homes
    ledger.reverse(posted, reason="重复入账", by=people["cashier"])
    assert numbers(people["auditor"]) == [0, 1, 0, 0, 0]


def test_who_leaves_by_its_own_wish_is_no_recovery(people, sources):
    tenancy = given.running(people, sources)
    exits.leave(tenancy, reason=Exit.Reason.VOLUNTARY, text="购房。", by=people["housing"])
    exits.take_back(tenancy, on=TODAY, condition="完好。", by=people["housing"])
    assert numbers(people["auditor"]) == [0, 0, 0, 0, 0]


def test_who_waits_and_who_is_paid_is_counted_now(people, sources):
    given.waiting(people, sources)
    assert numbers(people["auditor"]) == [0, 0, 0, 1, 0]
    assert numbers(people["auditor"], kind="rental_subsidy") == [0, 0, 0, 0, 0]
