"""One round of the rehearsal: order the households in sets, let disturbances come in between, wait for the end."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec

from housing_credit.faults.patience import patiently
from verification import rounds
from verification.models import Check, Round
from verification.orders import ROUND_SIZE, Order

LOOK_EVERY = 0.1  # seconds
SETS_AT_LEAST = 8  # also of a small round, so that workers share it and lose parts of it

Say = Callable[[int], None]


@dataclass
class Held:
    """A round that was held: which one, how long it took, and whether it came to its end in time."""

    round: Round
    orders: list[Order]
    seconds: float = 0.0
    in_time: bool = True


def hold(
    name: str,
    households: Sequence[Order],
    say: Say,
    *,
    limit: float,
    disturb: Callable[[], int] = lambda: 0,
) -> Held:
    """Order a check of each household under another subject, and wait until all are assessed, `limit` seconds at most.

    `disturb` is called at every look and says how much is still to break. While there is, a set is ordered each time
    that something has broken, so that there is always work under way to be lost.
    """
    orders = [msgspec.structs.replace(each, subject=f"{name}-{each.subject}") for each in households]
    held = Held(patiently(lambda: _opened(name)), orders)
    started = time.monotonic()
    to_break = disturb()
    sets = _sets(orders, at_least=max(SETS_AT_LEAST, to_break + 1))
    place(held.round, sets.pop(0))
    while True:
        before, to_break = to_break, disturb()
        if sets and (to_break == 0 or before != to_break):
            place(held.round, sets.pop(0))
        done = assessed(held.round)
        say(done)
        held.seconds = time.monotonic() - started
        if done >= len(orders) and not sets and not to_break:
            return held
        if held.seconds > limit:
            held.in_time = False
            return held
        time.sleep(LOOK_EVERY)


def _sets(orders: Sequence[Order], *, at_least: int) -> list[Sequence[Order]]:
    size = max(1, min(ROUND_SIZE, -(-len(orders) // at_least)))
    return [orders[start : start + size] for start in range(0, len(orders), size)]


def place(found: Round, orders: Sequence[Order]) -> None:
    """Order these, once, whatever happens to the database meanwhile."""

    def order_missing() -> None:
        there = set(Check.objects.of_round(found.pk).values_list("subject", flat=True))
        if missing := [order for order in orders if order.subject not in there]:
            rounds.add(found, missing)

    patiently(order_missing)


def assessed(found: Round) -> int:
    """How many checks of the round are assessed."""
    return patiently(lambda: Check.objects.of_round(found.pk).filter(status="assessed").count())


def _opened(name: str) -> Round:
    """An open round that nobody but us fills."""
    found = rounds.open_round(name, {}, by=None)
    rounds.filled(found)
    return found
