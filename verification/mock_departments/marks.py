"""How invented records write money and months, and the marks by which they are known again."""

from functools import lru_cache
from hashlib import blake2b
from typing import Any

from verification.mock_departments.questions import Asked, Household
from verification.mock_departments.relative_dates import months_before

Records = list[dict[str, Any]]


def yuan(amount: float) -> str:
    """Money on the wire: two decimals."""
    return f"{amount:.2f}"


def month(household: Household, before: int) -> str:
    """The month so many months before the day asked about, YYYY-MM."""
    return f"{months_before(household.asof_date.replace(day=1), before):%Y-%m}"


def record_key(*parts: str) -> str:
    """The source's own identifier of a record."""
    return "-".join(parts)


@lru_cache(maxsize=20_000)
def hash_of(text: str, seed: int) -> int:
    """A number below 2**64 that follows from text and seed; Python's own hash differs from run to run."""
    return int.from_bytes(blake2b(f"{seed}/{text}".encode(), digest_size=8).digest(), "big")


def tail(person: Asked, seed: int) -> str:
    """Six digits that stand for the person in record keys, never part of the number itself."""
    return f"{hash_of(person.id_no, seed) % 1_000_000:06d}"
