"""Doors for Celery: one call each. Every one of them is a safety net or a sweep, and safe to run twice."""

from celery import shared_task

from benefits import allotting, billing, subsidies


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
