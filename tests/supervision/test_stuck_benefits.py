"""What is stuck with a household in benefit stands on the board of whose work it is, and leaves it when it is done."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from applications.models import Authorisation
from benefits import allotting, exits, review_rounds, reviews, self_reports, visits
from benefits.models import Exit, ReviewPolicy, Tenancy, Visit
from tests import papers
from tests.factories import benefits
from tests.factories import reviews as made
from tests.supervision.boards import board

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def stuck(person):
    """By kind the names on this person's board."""
    return {kind["trouble"].code: [line.name for line in kind["lines"]] for kind in board(person) if kind["lines"]}


@pytest.fixture
def tenancy(people, sources):
    return benefits.running(people, sources)


def looks(as_user, code, *names):
    """Everybody named sees the row, and the door behind it opens."""
    for name in names:
        [line] = as_user(name).get(f"/supervision/stuck/{code}/").context["lines"]
        assert as_user(name).get(line.url).status_code == 200, name


def test_an_offer_that_nobody_answers(people, sources, as_user):
    turn = benefits.waiting(people, sources)
    allotting.offer(turn, benefits.home(), by=people["housing"])
    assert "late_offers" not in stuck(people["housing"])
    with benefits.later(30):
        assert stuck(people["housing"])["late_offers"] == [turn.number]
        looks(as_user, "late_offers", "housing", "auditor")
        assert "late_offers" not in stuck(people["credit"])
        assert allotting.lapse_due() == 1
        assert "late_offers" not in stuck(people["housing"])


def test_a_visit_that_is_not_made_and_one_that_nobody_confirms(people, tenancy, as_user):
    [visit] = visits.plan("321200", percent=10, due_on=TODAY() + timedelta(days=3), by=people["housing"])
    assert "late_visits" not in stuck(people["housing"])
    with benefits.later(4):
        assert stuck(people["housing"])["late_visits"] == [visit.number]
        looks(as_user, "late_visits", "housing", "auditor")
        assert "late_visits" not in stuck(people["credit"])
        photograph = SimpleUploadedFile("room.png", papers.picture(), "image/png")
        found = visits.record(
            visit,
            finding=Visit.Finding.SUBLET,
            words="开门者称向户主租住。",
            on=TODAY(),
            photographs=[photograph],
            by=people["street"],
        )
        assert "late_visits" not in stuck(people["housing"])
        assert stuck(people["housing"])["unconfirmed_visits"] == [visit.number]
        looks(as_user, "unconfirmed_visits", "housing")
        visits.dismiss(found, reason="系亲属探望。", by=people["housing"])
        assert "unconfirmed_visits" not in stuck(people["housing"])


def test_an_order_to_leave_whose_day_has_passed(people, tenancy, as_user):
    exits.order_out(tenancy, reason=Exit.Reason.BREACH, text="转租", by=people["housing"])
    assert "overdue_exits" not in stuck(people["housing"])
    with benefits.later(120):
        assert stuck(people["housing"])["overdue_exits"] == [tenancy.number]
        looks(as_user, "overdue_exits", "housing", "auditor")
        exits.take_back(Tenancy.objects.get(pk=tenancy.pk), on=TODAY(), condition="完好", by=people["housing"])
        assert "overdue_exits" not in stuck(people["housing"])


def test_a_review_of_a_household_that_has_not_signed(people, tenancy, as_user):
    found = made.opened(people)
    review = found.reviews.get()
    Authorisation.objects.filter(application=review.application, ended_at=None).update(
        ended_at=timezone.now(), end_reason="撤回"
    )
    assert "unsigned_reviews" not in stuck(people["housing"])
    self_reports.take(review, by=people["window"])
    review_rounds.order_checks(found, by=people["check"])
    for name in ("housing", "auditor"):
        assert stuck(people[name])["unsigned_reviews"] == [tenancy.number], name
    looks(as_user, "unsigned_reviews", "housing", "auditor")
    assert "unsigned_reviews" not in stuck(people["check"])


def test_a_household_that_stays_silent(people, tenancy, as_user):
    ReviewPolicy.objects.create(
        effective_from=TODAY() - timedelta(days=400),
        demands_report=True,
        basis="每年申报",
        report_days=20,
        grace_days=30,
    )
    review = made.opened(people, days_ago=30).reviews.get()
    assert review_rounds.order_due() == 1
    review_rounds.remind_due()
    assert "silent_reviews" not in stuck(people["housing"])
    with benefits.later(25):
        assert stuck(people["housing"])["silent_reviews"] == [tenancy.number]
        looks(as_user, "silent_reviews", "housing", "auditor")
        review.refresh_from_db()
        reviews.order_out_silent(review, text="逾期未年审", by=people["housing"])
        assert "silent_reviews" not in stuck(people["housing"])


def test_a_review_whose_check_is_done_and_nothing_follows(people, tenancy, as_user):
    made.checked(made.opened(people), people)
    assert "undecided_reviews" not in stuck(people["housing"])
    with benefits.later(8):
        assert stuck(people["housing"])["undecided_reviews"] == [tenancy.number]
        looks(as_user, "undecided_reviews", "housing", "auditor")
        reviews.take_up_due()
        assert "undecided_reviews" not in stuck(people["housing"])
