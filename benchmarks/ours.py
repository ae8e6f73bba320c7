"""Our way, whole: order, ask, decode, encrypt, record, assess, by the workers that the Procfile starts."""

import time
from collections.abc import Callable, Iterable
from itertools import islice

from django.db import connection

from verification import orders
from verification.models import Check
from verification.orders import Order

ORDERED_AT_A_TIME = 2 * orders.ROUND_SIZE  # households per transaction: the first are asked while the next are ordered
LOOK_EVERY = 0.05  # seconds
UNFINISHED = "SELECT 1 FROM verification_check WHERE status IN ('asking', 'settled') LIMIT 1"


def run(households: Iterable[Order], say: Callable[[int], None], *, at_a_time: int = ORDERED_AT_A_TIME) -> None:
    """Order a check of each household as a round; returns when all are assessed in the database.

    `say` hears now and then how many are.
    """
    there = assessed()
    waiting, looked = iter(households), 0
    while some := list(islice(waiting, at_a_time)):
        orders.place_many(some, by=None, queue="rounds")
    while _is_at_work():
        looked += 1
        if looked % 20 == 0:
            say(assessed() - there)
        time.sleep(LOOK_EVERY)


def assessed() -> int:
    """How many checks are assessed."""
    return Check.objects.filter(status="assessed").count()


def _is_at_work() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(UNFINISHED)
        return cursor.fetchone() is not None
