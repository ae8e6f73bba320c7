"""Arrears: a reminder at three months, a lead at six, once each; instalments pause the clock while they are kept."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, transaction

from benefits import billing, chasing, ledger, plans, statements
from benefits.models import Plan, Reminder
from benefits.plans import Way
from bureau import workdays
from bureau.errors import MoveRefusedError, NotAllowedError, UnfitDataError
from bureau.models import Document, TimelineEntry
from credit.models import Lead
from tests.factories import benefits

pytestmark = pytest.mark.django_db


@pytest.fixture
def tenancy(people, sources):
    return benefits.running(people, sources)


@pytest.fixture
def cashier(people):
    return people["cashier"]


def after(months):
    """The 20th, so many months on: the bills of so many months are overdue, that of the handover among them."""
    day = workdays.today().replace(day=1)
    for _month in range(months):
        day = (day + timedelta(days=31)).replace(day=1)
    return time_machine.travel(f"{day.replace(day=20)}T09:00:00+08:00", tick=True)


def chase():
    return billing.bill_due(), chasing.remind_due(), chasing.refer_due()


def owed(tenancy):
    return ledger.arrears_of([tenancy.account], on=workdays.today())[tenancy.account_id]


def pay(tenancy, amount, reference, by, on=None):
    return statements.receive(tenancy.account, amount=amount, on=on or workdays.today(), reference=reference, by=by)


class TestWhoIsLate:
    def test_three_months_are_reminded_once_and_six_are_referred_once(self, tenancy):
        for months, reminders, leads in ((1, 0, 0), (2, 1, 0), (3, 1, 0), (5, 1, 1), (8, 1, 1)):
            with after(months):
                chase()
                chase()
            assert (Reminder.objects.count(), Lead.objects.count()) == (reminders, leads)
        row, lead = Reminder.objects.get(), Lead.objects.get()
        assert (row.months, row.lead) == (3, lead.number)
        assert row.letter.kind == "rent_reminder"
        assert lead.act.code == "F06"
        assert lead.origin == f"arrears:{tenancy.number}:{row.since}"
        assert set(lead.subjects.values_list("name", flat=True)) == set(
            tenancy.application.members.values_list("name", flat=True)
        )
        assert "6 个月" in lead.text

    def test_a_late_sweep_reminds_and_refers_at_once(self, tenancy):
        with after(7):
            assert chase()[1:] == (1, 1)
            assert chase()[1:] == (0, 0)

    def test_who_has_paid_begins_anew(self, tenancy, cashier):
        with after(3):
            chase()
            pay(tenancy, ledger.owed(tenancy.account), "B-1", cashier)
            assert chasing.remind_due() == 0
        assert Reminder.objects.get().paid_on is not None
        with after(6):
            chase()
        assert Reminder.objects.count() == 2
        assert not Lead.objects.exists()

    def test_the_database_keeps_one_open_reminder(self, tenancy):
        with after(3):
            chase()
        row = Reminder.objects.get()
        with pytest.raises(IntegrityError, match="once_at_a_time"), transaction.atomic():
            Reminder.objects.create(tenancy=tenancy, since=row.since, on=row.on, months=3, amount=1)
        assert Document.objects.filter(kind="rent_reminder").count() == 1


def agreed(tenancy, cashier, parts=4):
    """Everything overdue in equal parts, on the 25th of this month and of those after."""
    total = owed(tenancy).amount
    part = (total / parts).quantize(Decimal("0.01"))
    amounts = [part] * (parts - 1) + [total - part * (parts - 1)]
    day, days = workdays.today().replace(day=25), []
    for _each in range(parts):
        days.append(day)
        day = (day.replace(day=1) + timedelta(days=31)).replace(day=25)
    return plans.agree(tenancy.account, list(zip(days, amounts, strict=True)), by=cashier)


def state(plan):
    return plans.states_of([Plan.objects.get(pk=plan.pk)], on=workdays.today())[plan.pk]


class TestInstalments:
    def test_a_plan_that_is_kept_pauses_the_clock_and_ends_by_itself(self, tenancy, cashier):
        with after(4):
            chase()
            plan = agreed(tenancy, cashier)
        for month in (4, 5, 6, 7):
            with after(month):
                chase()
                part = plan.instalments.order_by("due_on")[month - 4].amount
                pay(tenancy, part + (200 if month > 4 else 0), f"P-{month}", cashier)
                assert state(plan).way == (Way.KEPT if month == 7 else Way.RUNNING)
                assert not chasing.counting([tenancy.account_id], on=workdays.today())[tenancy.account_id].amount
        with after(8):
            assert plans.note_due() == 1
            assert plans.note_due() == 0
        assert not Lead.objects.exists()
        assert TimelineEntry.objects.filter(event="plan_kept").count() == 1

    def test_a_missed_instalment_ends_it_from_the_day_after_however_late_the_sweep(self, tenancy, cashier):
        with after(4):
            chase()
            plan = agreed(tenancy, cashier)
            assert state(plan).way == Way.RUNNING
            assert chasing.counting([tenancy.account_id], on=workdays.today())[tenancy.account_id].amount == 0
        with after(7):
            found = state(plan)
            assert (found.way, found.over_on) == (Way.MISSED, plan.agreed_on.replace(day=26))
            assert owed(tenancy).amount == ledger.owed(tenancy.account)
            chase()
            plans.note_due()
            assert state(plan) == found
        assert Lead.objects.count() == 1

    def test_a_payment_in_time_that_is_posted_late_has_kept_it(self, tenancy, cashier):
        with after(4):
            chase()
            plan = agreed(tenancy, cashier)
            paid_on = workdays.today()
        with after(5):
            assert state(plan).way == Way.MISSED
            pay(tenancy, plan.instalments.first().amount, "P-1", cashier, on=paid_on)
            assert state(plan).way == Way.RUNNING

    def test_it_is_over_exactly_what_is_overdue_and_one_at_a_time(self, tenancy, cashier, people):
        with pytest.raises(MoveRefusedError, match="Nothing is overdue"):
            plans.agree(tenancy.account, [(workdays.today(), Decimal(1))], by=cashier)
        with after(4):
            chase()
            today, total = workdays.today(), owed(tenancy).amount
            for wrong in (
                [(today, total - 1)],
                [(today - timedelta(days=1), total)],
                [(today, total - 1), (today, Decimal(1))],
                [(today, total + 1), (today + timedelta(days=1), Decimal(-1))],
                [],
            ):
                with pytest.raises(UnfitDataError):
                    plans.agree(tenancy.account, wrong, by=cashier)
            with pytest.raises(NotAllowedError):
                plans.agree(tenancy.account, [(today, total)], by=people["housing"])
            agreed(tenancy, cashier)
            with pytest.raises(MoveRefusedError, match="runs on this account"):
                agreed(tenancy, cashier)
        assert Plan.objects.count() == 1

    def test_a_cancelled_plan_counts_again_from_the_day(self, tenancy, cashier):
        with after(4):
            chase()
            plan = agreed(tenancy, cashier)
            with pytest.raises(UnfitDataError):
                plans.cancel(plan, reason=" ", by=cashier)
            plans.cancel(plan, reason="家庭要求一次付清。", by=cashier)
            assert state(plan).way == Way.CANCELLED
            assert chasing.counting([tenancy.account_id], on=workdays.today())[tenancy.account_id].months > 3
            with pytest.raises(MoveRefusedError, match="over"):
                plans.cancel(Plan.objects.get(), reason="再次", by=cashier)
            agreed(tenancy, cashier)
