"""The monthly bills: in order, once, by the days of the first and the last month, and alike however late they are."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from benefits import billing, exits, ledger, reckoning, tenancies
from benefits.models import Entry, Exit, RentTerm, Tenancy
from bureau.errors import UnfitDataError
from tests.factories import benefits
from verification.models import Standard

pytestmark = pytest.mark.django_db
RENT = Decimal("200.00")  # 50 m² at 4.00


YEAR = timezone.localdate().year + 1  # ahead, so that the household is housed by then


def on(day: str):
    return time_machine.travel(f"{YEAR}-{day}T09:00:00+08:00", tick=True)


@pytest.fixture
def tenancy(people, sources):
    """Handed over on 11 March."""
    signed = benefits.signed(people, sources)
    with on("03-11"):
        tenancies.hand_over(signed, by=people["housing"])
    return Tenancy.objects.get(pk=signed.pk)


def bills(tenancy):
    """Month, amount, last day of what stands."""
    rows = Entry.objects.standing().filter(account=tenancy.account_id, kind="bill").order_by("month")
    return [(f"{row.month:%m}", row.amount, f"{row.due_on:%m-%d}") for row in rows]


def order_out(people, tenancy, day="03-20"):
    with on(day):
        return exits.order_out(tenancy, reason=Exit.Reason.CHANGED, text="家庭购房。", by=people["housing"])


def test_the_first_month_is_charged_by_its_days_and_is_due_with_the_next(tenancy):
    with on("04-01"):
        assert billing.bill_due() == 2
        assert billing.bill_due() == 0
    assert bills(tenancy) == [("03", Decimal("135.48"), "04-10"), ("04", RENT, "04-10")]  # 21 of 31 days
    tenancy.refresh_from_db()
    assert tenancy.billed_until == date(YEAR, 4, 1)


def test_months_late_make_the_same_bills(tenancy, people):
    order_out(people, tenancy)
    other = benefits.copies(tenancy, 1)[0]
    Tenancy.objects.filter(pk=other.pk).update(status="signed")  # the sweep does not see it until the end
    for month in ("03-31", "04-01", "05-02", "06-01", "07-01", "08-01"):
        with on(month):
            billing.bill_due()
    Exit.objects.create(
        tenancy=other, reason="changed", text="同上", ordered_on=date(YEAR, 3, 20), leave_by=date(YEAR, 4, 4),
        by=people["housing"],
    )  # fmt: skip
    Tenancy.objects.filter(pk=other.pk).update(status="ordered")
    with on("08-01"):
        assert billing.bill_due() == 6
    assert bills(other) == bills(tenancy)
    assert len(bills(tenancy)) == 6
    days = [list(each.account.entries.values_list("on", flat=True)) for each in (tenancy, other)]
    assert days[0] == days[1]


def test_who_stays_on_pays_by_the_steps_and_who_may_stay_pays_the_contract_again(tenancy, people):
    found = order_out(people, tenancy)  # to leave by 4 April
    with on("10-02"):
        billing.bill_due()
    content = Standard.objects.in_force("public_rental", date(YEAR, 5, 1)).first().content["rent"]
    moving = sum(step["months"] for step in content["transition"])
    later = [amount for _month, amount, _due in bills(tenancy)[2:]]
    assert bills(tenancy)[1][1] == RENT
    assert later[0] == RENT * Decimal(content["transition"][0]["factor"])
    expected = Decimal(content["market_rate"]) * 50 * Decimal(content["overstay"][0]["factor"])
    if moving < len(later):
        assert later[moving] == expected
    assert tenancy.rents.filter(kind=RentTerm.Kind.LEAVING).exists()
    with on("10-03"):
        exits.let_stay(found, reason="核实有误", by=people["housing"])
    with on("11-01"):
        billing.bill_due()
    assert bills(tenancy)[-1][1] == RENT
    assert tenancies.rent_in(tenancy, date(YEAR, 11, 1)) == RENT
    assert tenancies.rent_in(tenancy, date(YEAR, 10, 1)) == later[-1]


def test_a_changed_rent_is_charged_from_its_month(tenancy, people):
    with on("04-20"):
        billing.bill_due()
        due = reckoning.Reckoned(Decimal("150.00"), [], "taizhou-demo-public-rental")
        tenancies.change_rent(tenancy, due, from_month=date(YEAR, 5, 1), reason="年审", by=people["housing"])
    with on("06-01"):
        billing.bill_due()
    assert [amount for _month, amount, _due in bills(tenancy)] == [
        Decimal("135.48"),
        RENT,
        Decimal("150.00"),
        Decimal("150.00"),
    ]


def test_the_last_month_is_charged_by_its_days_and_what_was_charged_beyond_is_taken_back(tenancy, people):
    with on("06-02"):
        billing.bill_due()
        exits.leave(tenancy, reason=Exit.Reason.VOLUNTARY, text="迁往外地。", by=people["housing"])
        exits.take_back(tenancy, on=date(YEAR, 5, 10), condition="完好", by=people["housing"])
    assert bills(tenancy)[-1] == ("05", Decimal("64.52"), "05-10")  # 10 of 31 days
    assert Entry.objects.filter(account=tenancy.account_id, kind="reversal").count() == 2  # May and June
    assert sum(Entry.objects.in_books().values()) == 0
    with on("09-01"):
        assert billing.bill_due() == 0


def test_keys_that_come_back_before_the_sweep_ran_are_charged_to_the_day(tenancy, people):
    with on("05-20"):
        exits.leave(tenancy, reason=Exit.Reason.VOLUNTARY, text="迁往外地。", by=people["housing"])
        exits.take_back(tenancy, on=date(YEAR, 5, 10), condition="完好", by=people["housing"])
    assert [amount for _month, amount, _due in bills(tenancy)] == [Decimal("135.48"), RENT, Decimal("64.52")]


def test_a_month_billed_by_hand_is_not_billed_again_and_one_taken_back_is(tenancy, people):
    with on("04-15"):
        for month in (3, 4):
            day = date(YEAR, month, 28)
            ledger.bill(tenancy.account, month=day, amount=RENT, due_on=day, by=people["cashier"])
        wrong = Entry.objects.get(month=date(YEAR, 3, 1))
        ledger.reverse(wrong, reason="按天计", by=people["cashier"])
        assert billing.bill_due() == 1
    assert bills(tenancy) == [("03", Decimal("135.48"), "04-10"), ("04", RENT, "04-28")]


def test_a_rent_that_cannot_be_worked_out_keeps_nobody_else_waiting(tenancy, people, caplog):
    other = benefits.copies(tenancy, 1)[0]
    early = other.signed_on - timedelta(days=90)  # before any rent was agreed
    Tenancy.objects.filter(pk=other.pk).update(signed_on=early, handed_over_on=early)
    with on("04-01"):
        assert billing.bill_due() == 2
        assert "cannot be worked out" in caplog.text
        other.refresh_from_db()
        exits.leave(other, reason=Exit.Reason.VOLUNTARY, text="迁走。", by=people["housing"])
        with pytest.raises(UnfitDataError):
            exits.take_back(other, on=date(YEAR, 3, 31), condition="完好", by=people["housing"])
    assert bills(other) == []


def test_thousands_of_bills_take_as_many_queries_as_two(tenancy, django_assert_max_num_queries):
    benefits.copies(tenancy, 499)
    with on("07-01"), django_assert_max_num_queries(18):
        assert billing.bill_due() == 2500
    assert Entry.objects.filter(kind="bill").count() == 2500
    assert sum(Entry.objects.in_books().values()) == 0
    assert not Tenancy.objects.exclude(billed_until=date(YEAR, 7, 1)).exists()
    assert billing.bill_due() == 0
