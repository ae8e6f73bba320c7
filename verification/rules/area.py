"""Floor area per head, joined with the whole area where the city says so. Legal basis: the article on area."""

from msgspec.structs import replace

from verification.facts import RecordKind
from verification.figures import Criterion, Figures
from verification.standards import Standard


def judge(figures: Figures, standard: Standard) -> Criterion | None:
    """m² per head. With a limit on the whole, the half that decides is the one shown."""
    test = standard.area
    if test is None:
        return None
    article, missing = standard.article("area"), figures.missing_for((RecordKind.HOUSING,))
    heads = Criterion.of(
        "area",
        figures.area,
        test.operator,
        test.per_head,
        unit="m2_head",
        article=article,
        missing=missing,
        heads=figures.missing_for((RecordKind.REGISTRATION,)),
    )
    if test.total is None:
        return heads
    whole = Criterion.of(
        "area", figures.area_total, test.total_operator, test.total, unit="m2", article=article, missing=missing
    )
    return _joined(heads, whole, either=test.joined == "or")


def _joined(heads: Criterion, whole: Criterion, *, either: bool) -> Criterion:
    """The half that settles the other: the best of two for "or", the worst of two for "and"; "unknown" lies between."""
    rank = {False: 0, None: 1, True: 2}
    chosen = (max if either else min)((heads, whole), key=lambda half: rank[half.met])
    return replace(chosen, params={**chosen.params, "joined": "or" if either else "and"})
