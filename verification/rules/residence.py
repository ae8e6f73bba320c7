"""Local household registration of so many adults for so many years. Legal basis: the article on residence."""

from decimal import Decimal

from verification.facts import RecordKind
from verification.figures import Criterion, Figures, Operator
from verification.standards import Standard


def judge(figures: Figures, standard: Standard) -> Criterion | None:
    """Full years; with several members needed, the years of the last of them."""
    rule = standard.residence
    if rule is None:
        return None
    return Criterion.of(
        "residence",
        figures.residence,
        Operator.AT_LEAST,
        Decimal(rule.years),
        unit="years",
        article=standard.article("residence"),
        missing=figures.missing_for((RecordKind.REGISTRATION,)),
        params={"members": f"{rule.members}", "divisions": ",".join(rule.divisions)},
    )
