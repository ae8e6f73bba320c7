"""Paid-in capital of the household in businesses. Legal basis: the article on business investment."""

from decimal import Decimal

from msgspec.structs import replace

from verification.facts import RecordKind
from verification.figures import Criterion, Figures
from verification.standards import Standard


def judge(figures: Figures, standard: Standard) -> Criterion | None:
    """CNY of the household. Capital in dispute (冒名登记) that would decide leaves it open until it is settled."""
    if standard.business is None:
        return None
    criterion = Criterion.of(
        "business",
        figures.business,
        standard.business.operator,
        standard.business.capital,
        unit="cny",
        article=standard.article("business"),
        missing=figures.missing_for((RecordKind.BUSINESS,)),
    )
    disputed = figures.disputed_capital
    most = (figures.business.value or Decimal(0)) + disputed
    if criterion.met and not standard.business.operator.holds(most, standard.business.capital):
        params = {**criterion.params, "disputed": f"{disputed}"}
        return replace(criterion, met=None, reason="business.disputed", params=params)
    return criterion
