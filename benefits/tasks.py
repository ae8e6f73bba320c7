"""Doors for Celery: one call each. Every one of them is a safety net or a sweep, and safe to run twice."""

from celery import shared_task

from benefits import allotting, billing, chasing, duties, plans, review_rounds, reviews, subsidies


@shared_task(name="benefits.register_due_turns")
def register_due_turns() -> None:
    """Give every household that was approved for a home its place on the waiting list."""
    allotting.register_due()


@shared_task(name="benefits.lapse_due_offers")
def lapse_due_offers() -> None:
    """Count offers that nobody has answered in time as refused."""
    allotting.lapse_due()


@shared_task(name="benefits.grant_due_subsidies")
def grant_due_subsidies() -> None:
    """Grant a subsidy to every household that was approved for one."""
    subsidies.grant_due()


@shared_task(name="benefits.bill_due_rents")
def bill_due_rents() -> None:
    """Charge the rent of every month that has begun and was not billed yet."""
    billing.bill_due()


@shared_task(name="benefits.fill_review")
def fill_review(round_id: int) -> None:
    """Order the checks of a yearly review."""
    review_rounds.fill(round_id)


@shared_task(name="benefits.notify_due_reviews")
def notify_due_reviews() -> None:
    """Send the notices of yearly reviews that have been opened."""
    review_rounds.notify_due()


@shared_task(name="benefits.order_due_reviews")
def order_due_reviews() -> None:
    """Order the checks of yearly reviews whose window has closed, and what is left of those that are checked."""
    review_rounds.order_due()
    review_rounds.fill_due()


@shared_task(name="benefits.remind_due_reviews")
def remind_due_reviews() -> None:
    """Remind who has not answered a yearly review, and stop subsidies from next month."""
    review_rounds.remind_due()


@shared_task(name="benefits.refer_due_stays")
def refer_due_stays() -> None:
    """Refer households that have stayed on beyond their last day to the registry."""
    duties.refer_due_stays()


@shared_task(name="benefits.take_up_due_reviews")
def take_up_due_reviews() -> None:
    """Renew whom a yearly review has found fit, with the amount unchanged."""
    reviews.take_up_due()


@shared_task(name="benefits.chase_due_arrears")
def chase_due_arrears() -> None:
    """Note plans of instalments that are over, remind households in arrears, refer those that stay in arrears."""
    plans.note_due()
    chasing.remind_due()
    chasing.refer_due()
