"""The number of private vehicles that the household has. Legal basis: the article on vehicles."""

from decimal import Decimal

from verification.facts import RecordKind
from verification.figures import Criterion, Figures, Operator
from verification.standards import Standard


def judge(figures: Figures, standard: Standard) -> Criterion | None:
    """Vehicles, at most as many as the standard allows."""
    if standard.vehicles is None:
        return None
    return Criterion.of(
        "vehicles",
        figures.vehicles,
        Operator.AT_MOST,
        Decimal(standard.vehicles.count),
        unit="vehicles",
        article=standard.article("vehicles"),
        missing=figures.missing_for((RecordKind.VEHICLE,)),
    )
