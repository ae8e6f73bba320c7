"""The doors of this floor for workers."""

from celery import shared_task

from applications import checks, publicity, result_objections, rounds, stay_sums


@shared_task(name="applications.take_up_due_checks")
def take_up_due_checks() -> None:
    """Move on the cases whose check is concluded."""
    checks.take_up_due()


@shared_task(name="applications.take_up_due_objections")
def take_up_due_objections() -> None:
    """Decide anew where an objection has changed the result; go on where it has not."""
    result_objections.take_up_due()


@shared_task(name="applications.close_due_notices")
def close_due_notices() -> None:
    """Approve what has been on notice long enough."""
    publicity.close_due()


@shared_task(name="applications.fill_round")
def fill_round(round_id: int) -> None:
    """Order the checks of a round, set by set."""
    rounds.fill(round_id)


@shared_task(name="applications.fill_due_rounds")
def fill_due_rounds() -> None:
    """Go on with rounds that were left half filled."""
    rounds.fill_due()


@shared_task(name="applications.sum_due_stays")
def sum_due_stays() -> None:
    """Sum the times at desks of the months that are past."""
    stay_sums.sum_due()
