"""One household, one protection. Legal basis: the article against double protection (一户一保)."""

from decimal import Decimal

from verification.facts import RecordKind
from verification.figures import Criterion, Figures, Operator
from verification.standards import Standard


def judge(figures: Figures, standard: Standard) -> Criterion | None:
    """The number of other housing protections held: none is allowed."""
    if not standard.one_benefit:
        return None
    return Criterion.of(
        "one_benefit",
        figures.benefits,
        Operator.AT_MOST,
        Decimal(0),
        unit="benefits",
        article=standard.article("one_benefit"),
        missing=figures.missing_for((RecordKind.ASSISTANCE, RecordKind.HOUSING)),
    )
