"""From the approval to the closed account: the waiting list, an offer, the keys, an order to leave, the way out."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from applications.models import Application
from benefits import allotting, exits, ledger, reckoning, subsidies, tenancies
from benefits.models import Exit, Grant, Home, Offer, RentTerm, Tenancy, Turn
from bureau.errors import MoveRefusedError, NotAllowedError, UnfitDataError
from tests.factories import benefits

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def turn(people, sources):
    return benefits.waiting(people, sources)


@pytest.fixture
def tenancy(people, sources):
    return benefits.running(people, sources)


def fresh(row):
    return type(row).objects.get(pk=row.pk)


class TestTheWaitingList:
    def test_an_approved_household_has_a_place_and_a_second_sweep_adds_none(self, turn):
        assert turn.status == Turn.Status.WAITING
        assert turn.approved_on == TODAY()
        assert allotting.register_due() == 0
        assert Turn.objects.count() == 1

    def test_an_offer_holds_the_home(self, people, turn):
        home = benefits.home()
        offer = allotting.offer(turn, home, by=people["housing"])
        assert (fresh(home).status, fresh(turn).status) == (Home.Status.OFFERED, Turn.Status.OFFERED)
        assert offer.answer_by > TODAY()

    def test_a_home_offered_to_one_is_not_offered_to_another(self, people, turn):
        home = benefits.home()
        allotting.offer(turn, home, by=people["housing"])
        Turn.objects.filter(pk=turn.pk).update(status="waiting")
        with pytest.raises(MoveRefusedError, match="not vacant"):
            allotting.offer(fresh(turn), fresh(home), by=people["housing"])
        with pytest.raises(IntegrityError, match="home_is_offered_to_one"), transaction.atomic():
            Offer.objects.create(turn=turn, home=home, offered_on=TODAY(), answer_by=TODAY(), by=people["housing"])

    def test_a_home_too_small_is_not_offered(self, people, turn):
        with pytest.raises(UnfitDataError, match="too few rooms"):
            allotting.offer(turn, benefits.home(rooms=1), by=people["housing"])
        assert fresh(turn).status == Turn.Status.WAITING

    def test_nobody_but_a_housing_officer_offers(self, people, turn):
        with pytest.raises(NotAllowedError):
            allotting.offer(turn, benefits.home(), by=people["window"])

    def test_who_refuses_too_often_loses_the_place(self, people, turn):
        for status in (Turn.Status.WAITING, Turn.Status.GIVEN_UP):
            home = benefits.home()
            allotting.refuse(
                allotting.offer(turn, home, by=people["housing"]), reason="离工作地太远", by=people["housing"]
            )
            assert fresh(home).status == Home.Status.VACANT
            assert fresh(turn).status == status

    def test_an_offer_that_nobody_answers_lapses_once(self, people, turn):
        allotting.offer(turn, benefits.home(), by=people["housing"])
        assert allotting.lapse_due() == 0
        with benefits.later(30):
            assert allotting.lapse_due() == 1
            assert allotting.lapse_due() == 0
        assert turn.offers.get().answer == Offer.Answer.LAPSED

    def test_an_offer_is_answered_once(self, people, turn):
        offer = allotting.offer(turn, benefits.home(), by=people["housing"])
        tenancies.accept(offer, by=people["housing"])
        with pytest.raises(MoveRefusedError, match="answered already"):
            allotting.refuse(offer, reason="不要了", by=people["housing"])


class TestTheTenancy:
    def test_signing_makes_the_contract_the_account_and_the_rent(self, people, sources):
        tenancy = benefits.signed(people, sources)
        contract = tenancy.contracts.get()
        assert contract.ends_on == tenancies.months_after(TODAY(), 36) - timedelta(days=1)
        assert tenancies.rent_in(tenancy, TODAY().replace(day=1)) == Decimal("200.00")  # 50 m² at 4.00
        assert fresh(tenancy.home).status == Home.Status.LET
        assert ledger.owed(tenancy.account) == 0

    def test_a_contract_of_more_than_five_years_is_refused(self, people, turn):
        offer = allotting.offer(turn, benefits.home(), by=people["housing"])
        with pytest.raises(UnfitDataError, match="60 months"):
            tenancies.accept(offer, by=people["housing"], months=61)
        assert not Tenancy.objects.exists()

    def test_it_runs_from_the_handover(self, tenancy):
        assert tenancy.status == Tenancy.Status.RUNNING
        assert tenancy.handed_over_on == TODAY()

    def test_a_contract_called_off_leaves_nothing(self, people, sources):
        tenancy = benefits.signed(people, sources)
        tenancies.call_off(tenancy, reason="家庭放弃入住", by=people["housing"])
        assert fresh(tenancy).status == Tenancy.Status.ENDED
        assert fresh(tenancy.account).closed_on == TODAY()
        assert fresh(tenancy.home).status == Home.Status.REPAIR

    def test_a_rent_is_not_changed_for_what_is_over(self, people, tenancy):
        due = reckoning.Reckoned(Decimal("150.00"), [], "taizhou-demo-public-rental")
        past = (TODAY().replace(day=1) - timedelta(days=1)).replace(day=1)
        with pytest.raises(UnfitDataError, match="months that are over"):
            tenancies.change_rent(tenancy, due, from_month=past, reason="复核", by=people["housing"])
        Tenancy.objects.filter(pk=tenancy.pk).update(billed_until=TODAY().replace(day=1))
        with pytest.raises(UnfitDataError, match="has been billed"):
            tenancies.change_rent(tenancy, due, from_month=TODAY(), reason="复核", by=people["housing"])
        assert tenancy.rents.get().kind == RentTerm.Kind.CONTRACT

    def test_it_is_renewed_before_its_end_and_not_earlier(self, people, tenancy):
        with pytest.raises(MoveRefusedError, match="three months"):
            tenancies.renew(tenancy, by=people["housing"])
        with benefits.later(34 * 30 + 30):
            found = tenancies.renew(tenancy, by=people["housing"], months=12)
        first = tenancy.contracts.order_by("begins_on").first()
        assert found.begins_on == first.ends_on + timedelta(days=1)


class TestTheWayOut:
    def order(self, people, tenancy):
        return exits.order_out(
            tenancy,
            reason=Exit.Reason.CHANGED,
            text="家庭购房，不再符合条件。",
            by=people["housing"],
            origin="review:1",
        )

    def test_an_order_gives_days_and_can_be_taken_back_once(self, people, tenancy):
        found = self.order(people, tenancy)
        assert found.leave_by == TODAY() + timedelta(days=15)
        assert fresh(tenancy).status == Tenancy.Status.ORDERED
        exits.let_stay(found, reason="房屋已转让且核实有误", by=people["housing"])
        assert fresh(tenancy).status == Tenancy.Status.RUNNING
        with pytest.raises(MoveRefusedError, match="over"):
            exits.let_stay(fresh(found), reason="再次", by=people["housing"])

    def test_court_only_after_the_last_day(self, people, tenancy):
        found = self.order(people, tenancy)
        with pytest.raises(MoveRefusedError, match="time to leave"):
            exits.go_to_court(found, note="起诉", by=people["housing"])
        with benefits.later(17):
            exits.go_to_court(fresh(found), note="起诉", by=people["housing"])
        assert fresh(tenancy).status == Tenancy.Status.COURT

    def test_a_home_given_back_is_recovered_and_the_account_closes_at_nothing(self, people, tenancy):
        self.order(people, tenancy)
        found = exits.take_back(tenancy, on=TODAY(), condition="完好", by=people["housing"])
        assert found.is_recovery
        assert fresh(tenancy.home).status == Home.Status.REPAIR
        with pytest.raises(MoveRefusedError, match=r"are left"):
            exits.settle(tenancy, by=people["cashier"])
        left = ledger.owed(tenancy.account)  # the rent of one day
        with pytest.raises(NotAllowedError):
            exits.settle(tenancy, by=people["housing"])
        ledger.receive(tenancy.account, amount=left, on=TODAY(), reference="NB1", by=people["cashier"], recovered=True)
        exits.settle(tenancy, by=people["cashier"])
        assert fresh(tenancy).status == Tenancy.Status.ENDED
        assert Application.objects.get(pk=tenancy.application_id).status == Application.Status.CLOSED
        assert not tenancy.application.members.filter(live=True).exists()

    def test_the_database_ends_no_tenancy_with_an_open_account(self, people, tenancy):
        self.order(people, tenancy)
        exits.take_back(tenancy, on=TODAY(), condition="完好", by=people["housing"])
        with pytest.raises(IntegrityError, match="closed account"), transaction.atomic():
            Tenancy.objects.filter(pk=tenancy.pk).update(status="ended")

    def test_who_leaves_by_own_wish_is_no_recovery(self, people, tenancy):
        with pytest.raises(MoveRefusedError, match="State first"):
            exits.take_back(tenancy, on=TODAY(), condition="完好", by=people["housing"])
        exits.leave(tenancy, reason=Exit.Reason.VOLUNTARY, text="迁往外地。", by=people["housing"])
        assert not exits.take_back(tenancy, on=TODAY(), condition="完好", by=people["housing"]).is_recovery

    def test_nobody_is_ordered_out_without_facts_or_for_a_death(self, people, tenancy):
        for reason, text in ((Exit.Reason.CHANGED, " "), (Exit.Reason.DEATH, "户主死亡")):
            with pytest.raises(UnfitDataError):
                exits.order_out(tenancy, reason=reason, text=text, by=people["housing"])
        assert fresh(tenancy).status == Tenancy.Status.RUNNING


class TestTheSubsidy:
    def test_it_is_worked_out_and_paid_from_the_month_after(self, people, sources):
        grant = benefits.paid(people, sources)
        assert grant.status == Grant.Status.RUNNING
        following = tenancies.months_after(TODAY().replace(day=1), 1)
        assert grant.paid_from == following
        assert subsidies.amount_in(grant, TODAY().replace(day=1)) is None
        assert subsidies.amount_in(grant, following) == grant.terms.get().amount > 0
        assert subsidies.grant_due() == 0

    def test_a_wrong_account_is_refused_and_nothing_is_written(self, people, sources):
        case = benefits.approved(people, sources, kind="rental_subsidy")
        subsidies.grant_due()
        grant = Grant.objects.get(application=case)
        with pytest.raises(UnfitDataError, match="digits"):
            subsidies.set_up(grant, bank="工行", account="12", rent_paid=None, by=people["window"])
        assert (fresh(grant).status, grant.terms.count()) == (Grant.Status.AWAITING, 0)

    def test_stopped_it_is_not_paid_and_resumed_from_the_next_month_without_the_rest(self, people, sources):
        grant = benefits.paid(people, sources)
        following = grant.paid_from
        with benefits.later(62):
            subsidies.stop(grant, from_month=following, reason="未参加年审", by=people["housing"])
            assert subsidies.amount_in(fresh(grant), following) is None
            subsidies.resume(grant, reason="已补办年审", by=people["housing"])
            again = tenancies.months_after(TODAY().replace(day=1), 1)
        assert subsidies.amount_in(fresh(grant), following) is None
        assert subsidies.amount_in(fresh(grant), again) > 0
        [pause] = grant.pauses.all()
        assert (pause.from_month, tenancies.months_after(pause.last_month, 1)) == (following, again)

    def test_it_ends_and_the_household_is_free(self, people, sources):
        grant = benefits.paid(people, sources)
        exits.end_subsidy(grant, reason=Exit.Reason.CHANGED, text="收入超标。", by=people["housing"])
        assert fresh(grant).status == Grant.Status.ENDED
        assert fresh(grant.application).status == Application.Status.CLOSED
