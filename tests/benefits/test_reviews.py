"""The yearly review: opened over everyone in benefit, reported in, checked, and what follows."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import InternalError, transaction
from django.utils import timezone

from applications.models import Authorisation
from benefits import exits, life_events, review_rounds, self_reports
from benefits.models import Exit, Review, ReviewPolicy, ReviewRound, SelfReport
from bureau.errors import MoveRefusedError, NotAllowedError, UnfitDataError
from tests.factories import benefits
from tests.factories import reviews as made
from verification.models import Check

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


class TestOpening:
    def test_it_holds_everyone_in_benefit_once(self, people, tenancy):
        found = review_rounds.open_round("年审", KINDS, "321200", by=people["housing"])
        row = found.reviews.get()
        assert (row.tenancy, row.status) == (tenancy, Review.Status.REPORTING)
        assert found.number.startswith("NS")
        assert found.reports_until == TODAY() + timedelta(days=20)
        with pytest.raises(UnfitDataError, match="No household"):
            review_rounds.open_round("又一次", KINDS, "321200", by=people["housing"])
        assert ReviewRound.objects.count() == 1
        assert review_rounds.notify_due() == 1
        assert review_rounds.notify_due() == 0
        assert found.reviews.get().letter.kind == "review_notice"

    def test_another_area_or_benefit_is_left_out(self, people, tenancy):
        for kinds, area in ((["rental_subsidy"], "321200"), (KINDS, "321203")):
            with pytest.raises(UnfitDataError, match="No household"):
                review_rounds.open_round("年审", kinds, area, by=people["housing"])

    def test_nobody_but_a_housing_officer_opens_one(self, people, tenancy):
        for who in ("window", "check", "district"):
            with pytest.raises(NotAllowedError):
                review_rounds.open_round("年审", KINDS, "321200", by=people[who])

    def test_who_was_ordered_to_leave_is_not_reviewed(self, people, tenancy):
        exits.order_out(tenancy, reason=Exit.Reason.BREACH, text="转租", by=people["housing"])
        with pytest.raises(UnfitDataError, match="No household"):
            review_rounds.open_round("年审", KINDS, "321200", by=people["housing"])


class TestReporting:
    @pytest.fixture
    def review(self, people, tenancy):
        return review_rounds.open_round("年审", KINDS, "321200", by=people["housing"]).reviews.get()

    def test_nothing_has_changed(self, people, review):
        report = self_reports.take(review, by=people["window"])
        assert (report.events, fresh(review).reported_on) == ([], TODAY())
        assert fresh(review).is_in_time

    def test_a_change_makes_another_declaration_and_the_first_stays(self, people, review):
        bought = life_events.Event(
            kind="home_got", member="m1", on=TODAY(), address="泰州市海陵区东风路1号", area=Decimal("80"), words="购买"
        )
        rise = life_events.Event(kind="income", member="m2", amount=Decimal("60000"), words="涨工资")
        report = self_reports.take(review, [bought, rise], by=people["window"])
        now = review_rounds.declared_of([self_reports.locked(review)])[review.application_id]
        assert now.homes[-1].area == Decimal("80")
        assert now.persons[1].income.wages == Decimal("60000")
        assert self_reports.events_of(report) == (bought, rise)
        with pytest.raises(InternalError), transaction.atomic():
            SelfReport.objects.filter(pk=report.pk).update(digest="x")

    @pytest.mark.parametrize(
        ("event", "words"),
        [
            ({"kind": "home_got", "member": "m1"}, "where the home lies"),
            ({"kind": "income", "member": "m9"}, "member of the household"),
            ({"kind": "gossip"}, "what has happened"),
            ({"kind": "married", "member": "m1", "on": TODAY() + timedelta(days=9)}, "future"),
            ({"kind": "income", "member": "m1", "amount": Decimal("-1")}, "0 or more"),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, people, review, event, words):
        with pytest.raises(UnfitDataError, match=words):
            self_reports.take(review, [life_events.Event(**event)], by=people["window"])
        assert not SelfReport.objects.exists()

    def test_another_window_and_other_roles_take_none(self, people, review):
        for who in ("window2", "street", "check"):
            with pytest.raises(NotAllowedError):
                self_reports.take(review, by=people[who])

    def test_a_day_ahead_or_before_the_review_is_refused(self, people, review):
        for days in (1, -1):
            with pytest.raises(UnfitDataError, match="before the review, or ahead"):
                self_reports.take(review, by=people["window"], made_on=TODAY() + timedelta(days=days))

    def test_checks_wait_for_the_window_unless_everyone_has_reported(self, people, review):
        found = review.review_round
        assert review_rounds.order_due() == 0
        with pytest.raises(MoveRefusedError, match="still report"):
            review_rounds.order_checks(found, by=people["check"])
        self_reports.take(review, by=people["window"])
        with pytest.raises(NotAllowedError):
            review_rounds.order_checks(found, by=people["housing"])
        review_rounds.order_checks(found, by=people["check"])
        assert review_rounds.fill_due() == 1
        row = fresh(review)
        assert (row.status, row.check_ordered.purpose) == (Review.Status.CHECKING, "periodic_review")
        assert people["window"].pk in row.check_ordered.kept_away
        assert review_rounds.fill_due() == 0
        with pytest.raises(MoveRefusedError, match="nothing more is reported"):
            self_reports.take(row, by=people["window"])
        with pytest.raises(MoveRefusedError, match="already"):
            review_rounds.order_checks(fresh(found), by=people["check"])

    def test_who_has_not_authorised_is_stuck_until_it_signs(self, people, review):
        row = Authorisation.objects.filter(application=review.application, ended_at=None).first()
        Authorisation.objects.filter(pk=row.pk).update(ended_at=timezone.now(), end_reason="撤回")
        self_reports.take(review, by=people["window"])
        review_rounds.order_checks(review.review_round, by=people["check"])
        assert review_rounds.fill_due() == 0
        found = fresh(review.review_round)
        assert list(review_rounds.unsigned(found)) == [review]
        assert not Check.objects.filter(purpose="periodic_review").exists()
        row.pk, row.ended_at, row.end_reason = None, None, ""
        row.save()
        assert review_rounds.fill_due() == 1
        assert not review_rounds.unsigned(found).exists()
