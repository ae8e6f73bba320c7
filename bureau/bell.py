"""Wake a worker by task name, after the commit.

A hint that may be lost: the sweep in beat finds the same work by itself.
"""

import structlog
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

log = structlog.stdlib.get_logger(__name__)


def ring(task: str, *args: object, after: float = 0) -> None:
    """Send the task once the current transaction has committed, to be run `after` so many seconds.

    A broker that is down is noted and not waited for.
    """

    def send() -> None:
        try:
            current_app.send_task(task, args=args, countdown=after or None, retry=False)
        except OperationalError as error:
            log.warning("bell_not_heard", task=task, error=type(error).__name__)

    transaction.on_commit(send, robust=True)
