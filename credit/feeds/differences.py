"""What a receiver has to be told, from what it holds and what it should hold.

Asked of each record anew, so that it does not matter how often a record changed since the last batch: one that came and
went in between is not told at all.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum

from msgspec import Struct

Values = Mapping[str, str]


class Action(StrEnum):
    """What becomes of a record at the receiver."""

    ADD = "add"
    CHANGE = "change"
    DELETE = "delete"


def action_for(held: Values | None, wanted: Values | None) -> Action | None:
    """None: nothing is to be told."""
    if wanted is None:
        return None if held is None else Action.DELETE
    if held is None:
        return Action.ADD
    return None if dict(held) == dict(wanted) else Action.CHANGE


class Kind(StrEnum):
    """How a record differs between us and a receiver."""

    MISSING = "missing"  # not there
    LEFT_OVER = "left_over"  # still there
    DIFFERENT = "different"


class Difference(Struct, frozen=True):
    """One record on which we and the receiver differ; of different ones the columns that do."""

    kind: Kind
    record_key: str
    columns: tuple[str, ...] = ()


def compare(ours: Mapping[str, Values], theirs: Mapping[str, Values]) -> Iterator[Difference]:
    """Each record that is not alike on both sides, by its key. Only columns that the receiver has told are compared."""
    for key in sorted({*ours, *theirs}):
        if key not in theirs:
            yield Difference(Kind.MISSING, key)
        elif key not in ours:
            yield Difference(Kind.LEFT_OVER, key)
        elif unlike := tuple(name for name, value in theirs[key].items() if ours[key].get(name) != value):
            yield Difference(Kind.DIFFERENT, key, unlike)
