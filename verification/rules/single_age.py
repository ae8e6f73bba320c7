"""The age from which a person may apply alone. Legal basis: the article on single applicants."""

from decimal import Decimal

from verification.figures import Criterion, Figures, Operator
from verification.standards import Standard


def judge(figures: Figures, standard: Standard) -> Criterion | None:
    """Full years of age; it does not apply to a household of several, nor to the excused."""
    if standard.single is None or figures.single_age.value is None:
        return None
    return Criterion.of(
        "single_age",
        figures.single_age,
        Operator.AT_LEAST,
        Decimal(standard.single.age),
        unit="years",
        article=standard.article("single_age"),
    )
