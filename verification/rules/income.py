"""Income per head a month against the line of the tier. Legal basis: the article on income."""

from verification.facts import RecordKind
from verification.figures import Criterion, Figures
from verification.standards import Standard

KINDS = (RecordKind.TAX, RecordKind.FUND, RecordKind.INSURANCE, RecordKind.ASSISTANCE)


def judge(figures: Figures, standard: Standard) -> Criterion | None:
    """CNY per head a month. A certificate tier without an income test has no such criterion.

    What only stands in for the answer of a silent source cannot fail a household: contribution bases have a legal
    minimum above low wages. It is no part of the least that the income comes to.
    """
    test = standard.tier.income
    if test is None:
        return None
    return Criterion.of(
        "income",
        figures.income,
        test.operator,
        test.monthly_limit,
        unit="cny_head_month",
        article=standard.article("income"),
        missing=figures.missing_for(KINDS),
        heads=figures.missing_for((RecordKind.REGISTRATION,)),
        params={"tier": standard.tier.name},
    )
