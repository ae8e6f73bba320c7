"""The doors of this floor for workers."""

from celery import shared_task

from applications import checks, publicity


@shared_task(name="applications.take_up_due_checks")
def take_up_due_checks() -> None:
    """Move on the cases whose check is concluded."""
    checks.take_up_due()


@shared_task(name="applications.close_due_notices")
def close_due_notices() -> None:
    """Approve what has been on notice long enough."""
    publicity.close_due()
