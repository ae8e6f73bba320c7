"""What makes a finding the same one in a later check, and when it has changed so much that it is another.

A finding is about something: a source, a record, a kind of finding, a period. Its amount falls into a band. Hard edges
alone would bring a settled finding back for a cent, so there are two rows of bands, the edges of the one between those
of the other: a finding is the same while it lies in the same band of either row. With less than 1.4 times its amount it
never is another finding, with 2.5 times and more it always is.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from cryptography.hazmat.primitives import hashes

# Upper edges, CNY; below the first of them nothing is material.
BANDS = tuple(Decimal(step * 10**power) for power in range(2, 11) for step in (1, 2, 5))
BETWEEN = tuple(Decimal(step * 10**power) for power in range(1, 10) for step in (14, 32, 71))
VALUE_OF_AREA = 10_000  # CNY per m²: sorts findings of different units, and gives them one scale of bands
HALF_A_YEAR = 6


def marks(
    source: str, record_key: str, finding: str, period: str, amount: Decimal, on: date | None = None
) -> tuple[str, ...]:
    """By which a finding is known again, SM3 in hex: two that share a mark are the same. The first is its fingerprint.

    `amount` in CNY, or what it is worth in CNY. `on`: the day before which the period lies, where it moves on with the
    day of the check; such a finding is another after half a year at the earliest, after a year for certain.
    """
    what = (source, record_key, finding, period)
    rows = [f"{_place(BANDS, amount)}", f"{_place(BETWEEN, amount)}-"]
    return tuple(_digest(*what, row, time) for time in _times(on) for row in rows)


def about(source: str, record_key: str, finding: str, period: str) -> str:
    """What the finding is about, whatever its amount: the same for one that came back because that has changed."""
    return _digest(source, record_key, finding, period)


def holds_within(amount: Decimal) -> tuple[Decimal, Decimal | None]:
    """From what amount to below what amount a finding of this amount is the same one; None: there is no upper end."""
    ends = [_band(BANDS, amount), _band(BETWEEN, amount)]
    uppers = [upper for _, upper in ends]
    return min(lower for lower, _ in ends), None if None in uppers else max(upper for upper in uppers if upper)


def group_key(keys: Iterable[str]) -> str:
    """One record key for several records that make one figure."""
    return "+".join(sorted(set(keys)))


def own_key(person: str, key: str) -> str:
    """The key of a record that is a person's own: a source may give two persons the same (source contract, 10)."""
    return f"{person}/{key}"


def _times(on: date | None) -> tuple[str, ...]:
    """The calendar year and the year from July to June, so that no finding is another because a year has turned."""
    if on is None:
        return ("",)
    return f"{on.year}", f"{on.year + (on.month > HALF_A_YEAR)}-"


def _place(edges: tuple[Decimal, ...], amount: Decimal) -> int:
    return sum(edge <= abs(amount) for edge in edges)


def _band(edges: tuple[Decimal, ...], amount: Decimal) -> tuple[Decimal, Decimal | None]:
    place = _place(edges, amount)
    return (edges[place - 1] if place else Decimal(0)), (edges[place] if place < len(edges) else None)


def _digest(*parts: str) -> str:
    digest = hashes.Hash(hashes.SM3())
    digest.update("\x1f".join(parts).encode())
    return digest.finalize().hex()
