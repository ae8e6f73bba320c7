"""The yearly review of everybody in a home of the city: opened, checked in a round, decided."""

from collections.abc import Sequence

from applications.models import Application
from benefits import review_rounds, reviews
from benefits.models import Review, ReviewRound
from housing_credit.replay import getting_in, officers
from housing_credit.replay.days import Month
from housing_credit.seeds.ground import OUR_CITY
from verification.models import Conclusion

HELD_IN = Month(2017, 3)
OPENED_ON = 3  # place among the desk days: after the measure of 2017 is in force


def open_review() -> None:
    """Everybody who lives in a home of the city is asked whether anything has changed."""
    name = f"{HELD_IN.year}年度复核"
    kinds = [Application.Kind.PUBLIC_RENTAL.value]
    review_rounds.open_round(name, kinds, OUR_CITY, by=officers.staff(officers.DECIDES))


def is_to_be_checked() -> bool:
    """Whether a review waits for its checks, whose window has closed by now."""
    return ReviewRound.objects.filter(status=ReviewRound.Status.REPORTING).exists()


def check(_: Sequence[object]) -> None:
    """Order the checks of everybody, ask and assess."""
    review_rounds.order_due()
    review_rounds.fill_due()
    for found in ReviewRound.objects.filter(status=ReviewRound.Status.CHECKING).select_related("round"):
        if found.round is not None:
            getting_in.ask(getting_in.checks_of(found.round))


def decide() -> None:
    """Who was found unfit is ordered to leave; of whom something was found and who is fit, stays."""
    reviews.take_up_due()
    officer = officers.staff(officers.DECIDES)
    for row in Review.objects.to_decide().select_related("check_ordered__conclusion"):
        assert row.check_ordered is not None  # noqa: S101 -- it was concluded
        outcome = row.check_ordered.conclusion.outcome
        if outcome == Conclusion.Outcome.UNFIT:
            reviews.send_out(row, text="年度复核不再符合保障条件。", by=officer)
        elif outcome == Conclusion.Outcome.FIT:
            reviews.renew(row, reason="年度复核符合条件。", by=officer)


def close() -> None:
    """A review in which every household has its outcome is done."""
    for found in ReviewRound.objects.filter(status=ReviewRound.Status.CHECKING, round__filled_at__isnull=False):
        if not found.reviews.open().exists():
            review_rounds.close(found, by=officers.staff(officers.DECIDES))
