"""What becomes of tenants: who stops paying, who gets a flat of his own, who does not leave. Plain Python.

The flow hears of none of it: payments come or do not come, and the departments know what they know.
"""

import random
from collections.abc import Iterable, Sequence
from decimal import Decimal

from msgspec import Struct

from housing_credit.replay.days import Month

CENT = Decimal("0.01")
# The measure of 2017 knows acts from March on: the review of that spring and the arrears of that winter meet it.
CHANGED_BY = Month(2017, 2)
STOP, STOP_EARLY, STOP_FOR_A_WHILE = Month(2017, 1), Month(2016, 10), Month(2016, 12)
IN_A_HOME_BY = Month(2016, 6)
PAYS_BACK_IN = Month(2017, 10)
HOW = ("flat", "dear_car", "wages", "deposits")  # circumstances change


class Fate(Struct, frozen=True, kw_only=True):
    """What a household will do, or what will happen to it, once it lives in a home of the city."""

    stops: Month | None = None  # paying, with the bill of this month
    is_late: bool = False  # pays everything once a reminder has come
    pays_back: Decimal = Decimal(0)  # in the autumn, of what it owes
    changes: str = ""  # what the departments learn of it, and the household does not report
    stays_on: bool = False  # beyond the day by which it was ordered to leave, until it is recorded


ORDINARY = Fate()


class PlantError(Exception):
    """It cannot be planted like this; the text says why."""


class Planted(Struct, frozen=True, kw_only=True):
    """How many of each fate; `recovered` is what those in arrears pay back together, CNY."""

    changed: int = 24
    staying: int = 13  # of these
    arrears: int = 21
    losing_home: int = 8  # of these: they have not paid for a year when the others have for nine months
    late: int = 12
    recovered: Decimal = Decimal("25360.00")

    def share(self, part: float) -> "Planted":
        """The same in a smaller town."""
        changed, arrears = round(self.changed * part), round(self.arrears * part)
        return Planted(
            changed=changed,
            staying=min(changed, round(self.staying * part)),
            arrears=arrears,
            losing_home=min(arrears, round(self.losing_home * part)),
            late=round(self.late * part),
            recovered=(self.recovered * arrears / (self.arrears or 1)).quantize(CENT),
        )

    @property
    def households(self) -> int:
        """To whom something happens."""
        return self.changed + self.arrears + self.late


def fates(tenants: Iterable[int], planted: Planted, seed: int) -> dict[int, Fate]:
    """By place, for those of these households to whom something happens. Raises `PlantError` when they are too few."""
    draw = random.Random(seed)  # noqa: S311 -- invented people, not a secret
    there = sorted(tenants)
    if len(there) < planted.households:
        text = f"Something is to happen to {planted.households} tenants, and {len(there)} get a home in time."
        raise PlantError(text)
    chosen = draw.sample(there, planted.households)
    changed, owing = chosen[: planted.changed], chosen[planted.changed : planted.changed + planted.arrears]
    sums = parts(planted.recovered, [draw.randint(80, 100) for _ in owing])
    found = {place: Fate(changes=draw.choice(HOW), stays_on=at < planted.staying) for at, place in enumerate(changed)}
    for at, (place, amount) in enumerate(zip(owing, sums, strict=True)):
        found[place] = Fate(stops=STOP_EARLY if at < planted.losing_home else STOP, pays_back=amount)
    for place in chosen[planted.changed + planted.arrears :]:
        found[place] = Fate(stops=STOP_FOR_A_WHILE, is_late=True)
    return found


def parts(total: Decimal, weights: Sequence[int]) -> list[Decimal]:
    """The sum in whole cents by weights, nothing lost."""
    left, weight, found = total, sum(weights), []
    for each in weights:
        part = (left * each / weight).quantize(CENT)
        found.append(part)
        left, weight = left - part, weight - each
    return found
