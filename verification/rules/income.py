"""Income per head a month against the line of the tier. Legal basis: the article on income."""

from decimal import Decimal

from msgspec.structs import replace

from verification.facts import RecordKind
from verification.figures import Criterion, Figures
from verification.standards import Standard

KINDS = (RecordKind.TAX, RecordKind.FUND, RecordKind.INSURANCE)


def judge(figures: Figures, standard: Standard) -> Criterion | None:
    """CNY per head a month. A certificate tier without an income test has no such criterion.

    Contribution bases have a legal minimum above low wages, so with the tax office silent they cannot fail a household.
    """
    test = standard.tier.income
    if test is None:
        return None
    criterion = Criterion.of(
        "income",
        figures.income,
        test.operator,
        test.monthly_limit,
        unit="cny_head_month",
        article=standard.article("income"),
        missing=figures.missing_for(KINDS),
        params={"tier": standard.tier.name},
    )
    known = (figures.income.value or Decimal(0)) - figures.estimated_income
    tax_silent = bool(figures.missing_for((RecordKind.TAX,)))
    if criterion.met is False and tax_silent and test.operator.holds(known, test.monthly_limit):
        params = {
            **criterion.params,
            "estimated": f"{figures.estimated_income}",
            "sources": ",".join(criterion.missing),
        }
        return replace(criterion, met=None, reason="income.unknown", params=params)
    return criterion
