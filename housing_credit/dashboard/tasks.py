"""The dashboard's doors for workers."""

from celery import shared_task

from housing_credit.dashboard import exporting


@shared_task(name="housing_credit.make_export")
def make_export(export_id: int) -> None:
    """Make one export."""
    exporting.make(export_id)


@shared_task(name="housing_credit.make_due_exports")
def make_due_exports() -> None:
    """Make exports that were left behind by a dead worker or a lost message."""
    exporting.make_due()
