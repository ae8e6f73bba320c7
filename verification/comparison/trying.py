"""What another standard would make of a household: the result as it stands against the result as it would be.

Plain Python. Both sides are worked out from the same inputs by the same rules, so that only the standard differs.
"""

from collections.abc import Iterator
from decimal import Decimal

from msgspec import Struct

from verification.comparison.outcome import FIT, INCOMPLETE, UNFIT, Comparison
from verification.figures import Criterion, Operator

STAYS, LEAVES, JOINS, OPENS, SETTLES, FAILED = "stays", "leaves", "joins", "opens", "settles", "failed"
TRIAL_KINDS = (LEAVES, JOINS, OPENS, SETTLES, FAILED, STAYS)
SOURCES = "sources"  # stands for a criterion where only what the standard wants of the sources has changed the result
NOT_SET = "not_set"  # how a criterion stands in a standard that does not set it

_VERDICTS = {True: "met", None: "unknown"}


class Turned(Struct, frozen=True, kw_only=True):
    """A criterion that stands otherwise in the other standard; `distance` is that to its line there."""

    name: str
    unit: str
    operator: Operator
    verdicts: tuple[str, str]  # met, failed, dismissed, unknown, not_set: as it stands, as it would
    value: Decimal | None = None
    limits: tuple[Decimal | None, Decimal | None] = (None, None)
    distance: Decimal | None = None


class Tried(Struct, frozen=True, kw_only=True):
    """How the result of one household stands and would stand, and what turned it. `reasons` say why it is not fit."""

    was: str
    now: str
    turned: tuple[Turned, ...] = ()
    reasons: tuple[str, ...] = ()

    @property
    def criteria(self) -> tuple[str, ...]:
        """The names of what turned; `sources` where no criterion did."""
        return tuple(each.name for each in self.turned) or (SOURCES,)


def trial_kind(was: str, now: str) -> str:
    """What the other standard means for a household: it stays, leaves (fit to unfit), joins (unfit to fit), becomes
    open, or an open result settles.
    """
    if was == now:
        return STAYS
    known = {(FIT, UNFIT): LEAVES, (UNFIT, FIT): JOINS}
    return known.get((was, now)) or (OPENS if now == INCOMPLETE else SETTLES)


def tried(before: Comparison, after: Comparison) -> Tried:
    """What differs between two comparisons of one household."""
    return Tried(was=before.proposed, now=after.proposed, turned=tuple(_turned(before, after)), reasons=after.reasons)


def _turned(before: Comparison, after: Comparison) -> Iterator[Turned]:
    """In the order of the other standard; what that does not set any more comes last."""
    dropped = [each for each in before.criteria if after.criterion(each.name) is None]
    for criterion in (*after.criteria, *dropped):
        was, now = before.criterion(criterion.name), after.criterion(criterion.name)
        verdicts = _verdict(was, before), _verdict(now, after)
        if verdicts[0] != verdicts[1]:
            yield Turned(
                name=criterion.name,
                unit=criterion.unit,
                operator=criterion.operator,
                verdicts=verdicts,
                value=criterion.value,
                limits=(was.limit if was else None, now.limit if now else None),
                distance=now.distance if now else None,
            )


def _verdict(criterion: Criterion | None, within: Comparison) -> str:
    """How a criterion stands. One that failed and whose finding a person dismissed makes nobody unfit."""
    if criterion is None:
        return NOT_SET
    if criterion.met is False:
        return "failed" if f"{criterion.name}.failed" in within.reasons else "dismissed"
    return _VERDICTS[criterion.met]
