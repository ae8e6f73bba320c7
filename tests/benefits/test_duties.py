"""What was not done becomes a lead once; the way out and the credit case stand side by side to the closed account."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from benefits import duties, exits, ledger, life_events, review_rounds, reviews, self_reports, stages
from benefits.models import Exit, ReviewPolicy, Tenancy
from bureau import workdays
from bureau.errors import MoveRefusedError, NotAllowedError, UnfitDataError
from credit import cases, courts
from credit.cases import ToDo
from credit.courts import Brought, Ended
from credit.models import Lead, Proceeding
from tests.credit.conftest import later as clock  # noqa: F401 -- a fixture
from tests.factories import benefits, later
from tests.factories import credit as given
from tests.factories import reviews as made

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
UNREPORTED = {(0, "housing_bureau"): [later.FLAT]}


@pytest.fixture
def tenancy(people, sources):
    return benefits.running(people, sources)


def fresh(row):
    return type(row).objects.get(pk=row.pk)


class TestAChangeNotReported:
    def test_it_is_referred_once_by_an_officer_as_what_it_is(self, people, sources, tenancy):
        later.tell(sources, "fit", UNREPORTED)
        [row] = made.checked(made.opened(people), people)
        [flat] = [each for each in duties.candidates(row) if not each.why_not]
        assert flat.finding.kind == "undeclared_home"
        with pytest.raises(NotAllowedError):
            duties.refer_findings(row, [flat.finding.pk], by=people["window"])
        with pytest.raises(UnfitDataError, match="Choose"):
            duties.refer_findings(row, [], by=people["housing"])
        [referral] = duties.refer_findings(row, [flat.finding.pk], by=people["housing"])
        assert (referral.lead.kind, referral.lead.act.code) == (Lead.Kind.FINDING, "F04")
        assert "未申报" in referral.lead.text
        with pytest.raises(UnfitDataError, match="Referred already"):
            duties.refer_findings(row, [flat.finding.pk], by=people["housing"])
        assert Lead.objects.count() == 1

    def test_who_reported_it_in_time_leaves_without_a_mark(self, people, sources, tenancy):
        later.tell(sources, "fit", UNREPORTED)
        found = made.opened(people)
        bought = life_events.Event(
            kind="home_got", member="m1", on=TODAY(), address="口头说明，坐落待查", area=Decimal("84"), words="购房"
        )
        with benefits.later(-30):
            self_reports.take(found.reviews.get(), by=people["window"], words="没有变化")
        self_reports.take(found.reviews.get(), [bought], by=people["window"], made_on=found.reports_until)
        [row] = made.checked(found, people)
        assert [each for each in duties.candidates(row) if not each.why_not] == []
        for each in duties.candidates(row):
            with pytest.raises(UnfitDataError):
                duties.refer_findings(row, [each.finding.pk], by=people["housing"])
        reviews.send_out(row, text="家庭已购房，主动申报。", by=people["housing"])
        assert not Lead.objects.exists()

    def test_what_an_earlier_check_knew_is_no_change(self, people, sources, tenancy):
        later.tell(sources, "fit", {(0, "boc"): [later.account("300000.00")]})
        [row] = made.checked(made.opened(people, days_ago=60), people)
        reviews.renew(row, reason="仍在限额以内", by=people["housing"])
        again = made.opened(people)
        made.checked(again, people)
        assert reviews.take_up_due() == 1  # nothing new
        row = again.reviews.get()
        assert {each.why_not for each in duties.candidates(row)} == {"Known from an earlier check; it is no change."}


class TestSilence:
    def test_who_answered_neither_is_referred_after_the_grace(self, people, tenancy):
        ReviewPolicy.objects.create(effective_from=TODAY() - timedelta(days=400), demands_report=True, basis="每年申报")
        found = made.opened(people, days_ago=30)
        review_rounds.order_due()
        review_rounds.remind_due()
        row = found.reviews.get()
        with pytest.raises(MoveRefusedError, match="time to answer"):
            duties.refer_silence(row, by=people["housing"])
        with benefits.later(30):
            with pytest.raises(NotAllowedError):
                duties.refer_silence(row, by=people["window"])
            lead = duties.refer_silence(row, by=people["housing"])
            assert (lead.kind, lead.act.code, lead.origin) == (Lead.Kind.DUTY, "F05", f"review:{row.pk}")
            with pytest.raises(UnfitDataError, match="already"):
                duties.refer_silence(row, by=people["housing"])


class TestAHomeNotLeft:
    def order(self, people, tenancy, reason=Exit.Reason.CHANGED):
        return exits.order_out(tenancy, reason=reason, text="不再符合条件。", by=people["housing"])

    @pytest.mark.parametrize("reason", [Exit.Reason.CHANGED, Exit.Reason.UNFIT, Exit.Reason.BREACH])
    def test_beyond_the_last_day_it_is_a_lead_once(self, people, tenancy, reason):
        found = self.order(people, tenancy, reason)
        assert not Exit.objects.overdue(TODAY()).exists()
        assert duties.refer_due_stays() == 0
        with benefits.later(17):
            assert list(Exit.objects.overdue(TODAY())) == [found]
            assert duties.refer_due_stays() == 1
            assert duties.refer_due_stays() == 0
            lead = Lead.objects.get()
            assert (lead.kind, lead.act.code, lead.origin) == (Lead.Kind.DUTY, "F12", f"exit:{found.pk}")

    def test_an_order_that_was_taken_back_or_obeyed_makes_none(self, people, tenancy):
        exits.let_stay(self.order(people, tenancy), reason="核实有误", by=people["housing"])
        self.order(people, tenancy)
        exits.take_back(tenancy, on=TODAY(), condition="完好", by=people["housing"])
        with benefits.later(17):
            assert duties.refer_due_stays() == 0

    @pytest.mark.parametrize("reason", [Exit.Reason.VOLUNTARY, Exit.Reason.DEATH])
    def test_who_leaves_of_itself_has_no_last_day(self, people, tenancy, reason):
        exits.leave(tenancy, reason=reason, text="迁出", by=people["housing"])
        with benefits.later(60):
            assert duties.refer_due_stays() == 0
        codes = [stage.code for stage in stages.of(tenancy)]
        assert codes == ["left", "keys", "settled"]


def test_from_the_order_through_the_court_to_the_closed_account(people, tenancy, clock):  # noqa: F811
    """One tenancy, one credit case: each shows where the other stands, and everything ends."""
    found = exits.order_out(tenancy, reason=Exit.Reason.CHANGED, text="家庭购房。", by=people["housing"])
    assert [stage.code for stage in stages.of(tenancy)] == ["ordered", "last_day", "keys", "settled"]
    clock(days=17)
    duties.refer_due_stays()
    exits.go_to_court(fresh(found), note="拟起诉", by=people["housing"])
    lead = Lead.objects.get(origin=f"exit:{found.pk}")
    case = given.recorded(
        clock, lead=lead, act_code="F12", things=(ToDo("hand_back", "退还住房"), ToDo("pay", "缴清欠租", Decimal("50")))
    )
    case.refresh_from_db()
    assert list(stages.cases_of(tenancy)) == [case]
    assert list(stages.tenancies_of(case)) == [tenancy]
    assert [cure.done_on for cure in stages.cures_of(case)][0] is None
    credit = people["credit"]
    values = {"firm": "江苏海陵律师事务所", "lawyer": "周正", "telephone": "0523-80000000", "days": 10}
    courts.send_lawyers_letter(case, by=credit, **values)
    clock(days=12)
    suit = courts.bring(
        case,
        Brought(
            kind=Proceeding.Kind.SUIT,
            body="泰州市海陵区人民法院",
            number="（2026）苏1202民初88号",
            filed_on=workdays.today(),
            claim="腾退住房",
        ),
        by=credit,
    )
    late = stages.of(tenancy)[1]
    assert (late.code, late.done) == ("last_day", False)
    assert late.late > 0
    clock(days=30)
    courts.conclude(
        suit,
        Ended(outcome=Proceeding.Outcome.WON, on=workdays.today(), paper="判决书88号", recovered=Decimal("50.00")),
        by=credit,
    )
    codes = [(stage.code, stage.done) for stage in stages.of(tenancy)]
    assert codes == [
        *(("ordered", True), ("last_day", False), ("lead", True), ("case", True), ("lawyer", True), ("suit", True)),
        *(("keys", False), ("settled", False)),
    ]
    exits.take_back(tenancy, on=workdays.today(), condition="完好", by=people["housing"])
    left = ledger.owed(tenancy.account)
    assert left > 0
    cashier = people["cashier"]
    ledger.receive(tenancy.account, amount=left, on=workdays.today(), reference="NB88", by=cashier, recovered=True)
    assert [cure.done_on for cure in stages.cures_of(case)] == [workdays.today(), workdays.today()]
    exits.settle(tenancy, by=cashier)
    assert all(stage.done for stage in stages.of(fresh(tenancy)))
    assert fresh(tenancy).status == Tenancy.Status.ENDED
    assert cases.Case.objects.get(pk=case.pk).status == "recorded"
