"""The check centre's doors for workers."""

from celery import shared_task

from verification import asking, assessing, canaries, flood, scorecards, spreading, trials


@shared_task(name="verification.ask_checks")
def ask_checks(check_ids: list[int]) -> None:
    """Ask the sources about single checks; their own queue, never behind a round."""
    asking.ask(check_ids)


@shared_task(name="verification.ask_round")
def ask_round(check_ids: list[int]) -> None:
    """Ask the sources about a set of checks of a round."""
    asking.ask(check_ids)


@shared_task(name="verification.ask_due_inquiries")
def ask_due_inquiries() -> None:
    """Ask what is due: put off, or left behind by a dead worker or a lost message."""
    asking.ask_due()


@shared_task(name="verification.settle_due_checks")
def settle_due_checks() -> None:
    """Close the asking of checks whose last answer is in."""
    asking.settle_due()


@shared_task(name="verification.assess_due_checks")
def assess_due_checks() -> None:
    """Assess what is settled and not assessed yet."""
    assessing.assess_due()


@shared_task(name="verification.try_standard")
def try_standard(trial_id: int) -> None:
    """A turn at one trial of a standard."""
    trials.go_on(trial_id)


@shared_task(name="verification.go_on_with_due_trials")
def go_on_with_due_trials() -> None:
    """Go on with trials that were left behind by a dead worker or a lost message."""
    trials.go_on_with_due()


@shared_task(name="verification.freeze_due_months")
def freeze_due_months() -> None:
    """Write the scorecards of months that are over for good."""
    scorecards.freeze_due()


@shared_task(name="verification.ask_canaries")
def ask_canaries(round_id: int) -> None:
    """Ask the control questions before a round."""
    canaries.ask(round_id)


@shared_task(name="verification.ask_due_canaries")
def ask_due_canaries() -> None:
    """Ask control questions that were put off, or left behind by a dead worker or a lost message."""
    canaries.ask_due()


@shared_task(name="verification.watch_due_rounds")
def watch_due_rounds() -> None:
    """Hold a source that finds something on far more people than usual, or on far fewer."""
    flood.watch_due()


@shared_task(name="verification.spread_due_doubts")
def spread_due_doubts() -> None:
    """Let checks follow a hold that puts answers in doubt, and its release."""
    spreading.spread_due()
