"""What follows from a yearly review: renewed, another amount, the way out, silence, a death, and nobody else."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import Error
from django.utils import timezone

from benefits import exits, ledger, life_events, review_rounds, reviews, self_reports, tenancies
from benefits.models import Exit, Grant, Review, ReviewPolicy, ReviewRound, Tenancy
from bureau.errors import MoveRefusedError, NotAllowedError, UnfitDataError
from tests.factories import benefits, later
from tests.factories import reviews as made
from verification import orders

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
KINDS = made.KINDS


@pytest.fixture
def tenancy(people, sources):
    return benefits.running(people, sources)


@pytest.fixture
def grant(people, sources):
    return benefits.paid(people, sources)


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def demand_reports():
    ReviewPolicy.objects.create(
        effective_from=TODAY() - timedelta(days=400),
        demands_report=True,
        basis="每年申报",
        report_days=20,
        grace_days=30,
    )


class TestOutcomes:
    def test_a_fit_household_is_renewed_by_the_sweep_once(self, people, tenancy):
        found = made.opened(people)
        made.checked(found, people)
        assert reviews.take_up_due() == 1
        assert reviews.take_up_due() == 0
        row = found.reviews.get()
        assert row.status == Review.Status.RENEWED
        assert row.amount_before == row.amount_after == Decimal("200.00")
        review_rounds.close(fresh(found), by=people["housing"])
        assert fresh(found).status == ReviewRound.Status.CLOSED

    def test_a_review_is_not_closed_before_its_last_outcome(self, people, tenancy):
        found = made.opened(people)
        made.checked(found, people)
        with pytest.raises(MoveRefusedError, match="1 households"):
            review_rounds.close(fresh(found), by=people["housing"])

    def test_another_amount_waits_for_an_officer_and_begins_next_month(self, people, tenancy):
        due = tenancies.reckoning.Reckoned(Decimal("320.00"), [], "x")
        tenancies.set_rent(tenancy, "contract", due, from_month=TODAY(), by=None)
        found = made.opened(people)
        made.checked(found, people)
        assert reviews.take_up_due() == 0
        row = found.reviews.get()
        with pytest.raises(NotAllowedError):
            reviews.renew(row, reason="调整", by=people["check"])
        with pytest.raises(UnfitDataError, match="reason"):
            reviews.renew(row, reason=" ", by=people["housing"])
        reviews.renew(row, reason="按年审结果调整", by=people["housing"])
        row = fresh(row)
        assert (row.status, row.amount_before, row.amount_after) == ("changed", Decimal("320.00"), Decimal("200.00"))
        this = TODAY().replace(day=1)
        assert tenancies.rent_in(tenancy, this) == Decimal("320.00")
        assert tenancies.rent_in(tenancy, tenancies.months_after(this, 1)) == Decimal("200.00")

    def test_a_hidden_flat_ends_it_by_an_officer_only(self, people, sources, tenancy):
        later.tell(sources, "fit", {(0, "housing_bureau"): [later.FLAT]})
        found = made.opened(people)
        [row] = made.checked(found, people)
        assert reviews.take_up_due() == 0
        with pytest.raises(MoveRefusedError):
            reviews.renew(row, reason="同意", by=people["housing"])
        assert fresh(row).status == "checking"
        ordered = reviews.send_out(row, text="家庭购房，不再符合条件。", by=people["housing"])
        assert (ordered.reason, ordered.origin) == (Exit.Reason.CHANGED, f"review:{row.pk}")
        assert fresh(tenancy).status == Tenancy.Status.ORDERED
        assert (fresh(row).status, fresh(row).exit) == ("to_exit", ordered)
        with pytest.raises(MoveRefusedError):
            reviews.send_out(fresh(row), text="再次", by=people["housing"])

    def test_nobody_is_put_out_whom_the_check_found_fit_and_the_database_holds_it(self, people, tenancy):
        [row] = made.checked(made.opened(people), people)
        with pytest.raises(MoveRefusedError, match="not found"):
            reviews.send_out(row, text="应退出", by=people["housing"])
        assert not Exit.objects.exists()
        for status in ("to_exit", "dead"):
            with pytest.raises(Error, match="not carried by its check"), transaction.atomic():
                Review.objects.filter(pk=row.pk).update(status=status, decided_by=people["housing"], decided_on=TODAY())
        with pytest.raises(IntegrityError, match="decided_by_a_person"), transaction.atomic():
            Review.objects.filter(pk=row.pk).update(status="changed")

    def test_a_cancelled_check_is_ordered_again(self, people, tenancy):
        found = made.opened(people)
        review_rounds.order_due()
        review_rounds.fill_due()
        first = found.reviews.get().check_ordered
        orders.cancel(first, by=people["check"], reason="误发")
        assert reviews.take_up_due() == 1
        assert review_rounds.fill_due() == 1
        assert found.reviews.get().check_ordered != first

    def test_who_leaves_meanwhile_is_reviewed_no_longer(self, people, tenancy):
        found = made.opened(people)
        exits.leave(tenancy, reason=Exit.Reason.VOLUNTARY, text="迁往外地", by=people["housing"])
        exits.take_back(tenancy, on=TODAY(), condition="完好", by=people["housing"])
        assert reviews.take_up_due() == 1
        assert found.reviews.get().status == Review.Status.OVER


class TestSilence:
    @pytest.fixture
    def silent(self, people):
        def order(days_ago=made.WINDOW):
            demand_reports()
            found = made.opened(people, days_ago=days_ago)
            assert review_rounds.order_due() == 1
            return found.reviews.get()

        return order

    def test_the_subsidy_stops_from_next_month_and_comes_back_without_the_rest(self, people, grant, silent):
        row = silent()
        assert row.status == Review.Status.UNANSWERED
        assert review_rounds.fill_due() == 0
        assert review_rounds.remind_due() == 1
        assert review_rounds.remind_due() == 0
        following = tenancies.months_after(TODAY().replace(day=1), 1)
        assert (fresh(grant).status, fresh(grant).stopped_from) == (Grant.Status.STOPPED, following)
        self_reports.take(row, by=people["window"])
        assert not fresh(row).is_in_time
        [row] = made.checked(row.review_round, people)
        assert reviews.take_up_due() == 0  # a stopped subsidy is resumed by a person
        reviews.renew(row, reason="已补办年审", by=people["housing"])
        assert fresh(row).status == Review.Status.RENEWED
        assert (fresh(grant).status, fresh(grant).paid_from) == (Grant.Status.RUNNING, following)

    def test_a_home_is_ordered_back_by_an_officer_after_the_grace(self, people, tenancy, silent):
        row = silent(days_ago=30)
        review_rounds.remind_due()
        with pytest.raises(MoveRefusedError, match="time to answer"):
            reviews.order_out_silent(row, text="逾期未年审", by=people["housing"])
        with benefits.later(25):
            with pytest.raises(NotAllowedError):
                reviews.order_out_silent(row, text="逾期未年审", by=people["window"])
            found = reviews.order_out_silent(row, text="逾期未年审", by=people["housing"])
        assert found.reason == Exit.Reason.BREACH
        assert reviews.take_up_due() == 0  # it may still answer
        self_reports.take(fresh(row), by=people["window"])
        exits.let_stay(found, reason="已补办年审", by=people["housing"])
        assert review_rounds.fill_due() == 1

    def test_who_need_not_report_is_checked_all_the_same(self, people, tenancy):
        made.opened(people)
        review_rounds.order_due()
        assert review_rounds.fill_due() == 1


class TestNobodyIsAlive:
    def dead(self, on="-2m"):
        police = {
            "kind": "registration", "record_key": "HK-970001", "record_type": "01", "hukou_no": "3212020019701",
            "head_relation": "02", "hukou_kind": "1", "division_code": "321202", "address": "泰州市海陵区城东街道",
            "birth_date": "1947-03-02", "members": [], "deceased": True, "cancelled": True, "death_date": on,
            "cancel_date": on,
        }  # fmt: skip
        funeral = {
            "kind": "registration", "record_key": "BZ-970001", "record_type": "03", "death_date": on,
            "cremation_date": on, "facility": "泰州市殡仪馆",
        }  # fmt: skip
        return police, funeral

    def test_a_death_told_by_two_sources_is_its_own_outcome(self, people, sources):
        tenancy = benefits.running(people, sources, "fit-single-elder")
        police, funeral = self.dead()
        later.tell(sources, "fit-single-elder", {(0, "police"): [police], (0, "civil_affairs"): [funeral]})
        [row] = made.checked(made.opened(people), people)
        assert reviews.take_up_due() == 0
        with pytest.raises(MoveRefusedError):
            reviews.send_out(row, text="不符合", by=people["housing"])
        reviews.find_dead(row, text="承租人死亡，无共同居住人。", by=people["housing"])
        assert fresh(row).status == Review.Status.DEAD
        found = tenancy.exits.get()
        assert found.reason == Exit.Reason.DEATH
        assert fresh(tenancy).status == Tenancy.Status.RUNNING  # the keys are still to come
        exits.take_back(tenancy, on=TODAY(), condition="已清空", by=people["housing"])
        left = ledger.owed(tenancy.account)
        ledger.receive(tenancy.account, amount=left, on=TODAY(), reference="NB1", by=people["cashier"])
        exits.settle(tenancy, by=people["cashier"])
        assert fresh(tenancy.account).closed_on == TODAY()

    def test_told_by_one_source_it_is_not(self, people, sources):
        benefits.running(people, sources, "fit-single-elder")
        police, _funeral = self.dead()
        later.tell(sources, "fit-single-elder", {(0, "police"): [police]})
        [row] = made.checked(made.opened(people), people)
        with pytest.raises(MoveRefusedError, match="two sources"):
            reviews.find_dead(row, text="死亡", by=people["housing"])
        assert not Exit.objects.exists()


def test_a_review_finds_exactly_the_households_whose_truth_was_changed(people, sources):
    """Twelve tenants: three hide what has changed, one of them within the limit; one has reported it in time."""
    town = made.Town(sources, 12)
    rented = town.tenants(people)
    found = made.opened(people)
    of = {row.tenancy_id: row for row in found.reviews.all()}
    rows = [of[tenancy.pk] for tenancy in rented]
    bought = life_events.Event(
        kind="home_got",
        member="m1",
        on=TODAY() - timedelta(days=60),
        address=later.FLAT["address"],
        area=Decimal("84"),
        words="购房",
    )
    with benefits.later(-30):
        self_reports.take(rows[7], [bought], by=people["window"])
        self_reports.take(rows[2], by=people["window"])  # it hides a flat
    town.tell(
        {
            (2, 0, "housing_bureau"): [later.FLAT],
            (5, 1, "boc"): [later.account("700000.00")],
            (9, 0, "boc"): [later.account("390000.00")],
            (7, 0, "housing_bureau"): [later.FLAT],
        }
    )
    made.checked(found, people)
    assert reviews.take_up_due() == 8
    left = {place for place, row in enumerate(rows) if fresh(row).status == "checking"}
    assert left == {2, 5, 7, 9}
    hidden = {
        place
        for place in range(12)
        if fresh(rows[place]).check_ordered.findings.filter(state="confirmed").exclude(kind="over_limit").exists()
    }
    assert hidden == {2, 5, 9}
    for place in (2, 5, 7):
        reviews.send_out(rows[place], text="不再符合条件。", by=people["housing"])
    reviews.renew(rows[9], reason="存款未申报，仍在限额以内。", by=people["housing"])
    assert Exit.objects.count() == 3
    review_rounds.close(fresh(found), by=people["housing"])
