"""Financial assets, per head or of the household, by household size. Legal basis: the article on property."""

from verification.facts import RecordKind
from verification.figures import Criterion, Figure, Figures, per_head
from verification.standards import Standard


def judge(figures: Figures, standard: Standard) -> Criterion | None:
    """CNY per head or CNY, as the standard's scope says; a household without living members cannot be judged."""
    test = standard.asset_test
    if test is None:
        return None
    size = int(figures.household_size.value or 0)
    figure, unit = figures.assets, "cny"
    if test.scope == "per_head" and figure.value is not None:
        figure, unit = Figure(value=per_head(figure.value, size), lines=figure.lines), "cny_head"
    return Criterion.of(
        "assets",
        figure,
        test.operator,
        test.limit_for(max(size, 1)),
        unit=unit,
        article=standard.article("assets"),
        missing=figures.missing_for((RecordKind.DEPOSIT,)),
        params={"persons": f"{size}"},
    )
