"""The registry's doors for workers."""

from celery import shared_task

from credit import announcing, feeding, hooks, releasing


@shared_task(name="credit.release_due_sanctions")
def release_due_sanctions() -> None:
    """Tell what has ended, and close the cases of which nothing is left."""
    releasing.release_due()


@shared_task(name="credit.make_due_batches")
def make_due_batches() -> None:
    """Make the batches of feeds that are due by the receivers' schedules."""
    feeding.make_due()


@shared_task(name="credit.send_due_events")
def send_due_events() -> None:
    """Lay out new events for the departments that follow them, and send what is due."""
    hooks.lay_out_due()
    hooks.deliver_due()


@shared_task(name="credit.take_down_due_announcements")
def take_down_due_announcements() -> None:
    """Note of announcements whose day has come that they are down."""
    announcing.take_down_due()
