"""Financial assets, per head or of the household, by household size. Legal basis: the article on property."""

from verification.facts import RecordKind
from verification.figures import Criterion, Figure, Figures, per_head
from verification.standards import AssetTest, Standard


def judge(figures: Figures, standard: Standard) -> Criterion | None:
    """CNY per head or CNY, as the standard's scope says; a household without living members cannot be judged."""
    test = standard.asset_test
    if test is None:
        return None
    size = int(figures.household_size.value or 0)
    fewest = max(1, int(figures.household_size.at_least or 0))
    criterion = _of(figures, standard, test, size)
    # Both the share of each and the line go by the number of members, so where that is open each number is tried.
    verdicts = {criterion.met, *(_of(figures, standard, test, persons).met for persons in range(fewest, size))}
    return criterion if len(verdicts) == 1 else criterion.opened()


def _of(figures: Figures, standard: Standard, test: AssetTest, persons: int) -> Criterion:
    """The criterion for a household of so many."""
    figure, unit = figures.assets, "cny"
    if test.scope == "per_head":
        least = None if figure.least is None else per_head(figure.least, persons)
        value = None if figure.value is None else per_head(figure.value, persons)
        figure, unit = Figure(value=value, least=least, lines=figure.lines), "cny_head"
    return Criterion.of(
        "assets",
        figure,
        test.operator,
        test.limit_for(max(persons, 1)),
        unit=unit,
        article=standard.article("assets"),
        missing=figures.missing_for((RecordKind.DEPOSIT,)),
        heads=figures.missing_for((RecordKind.REGISTRATION,)),
        params={"persons": f"{persons}"},
    )
