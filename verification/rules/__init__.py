"""The criteria of a housing standard, one per file: figures and standard in, a judged `Criterion` with its reason out.

Each `judge` returns None where the standard does not set the criterion or it does not apply to the household.
`RULES_VERSION` changes with any change of a result, so that a stored decision names the rules that it was taken by.
A version that is left goes to `EARLIER_VERSIONS`; its tag in the repository works the old decisions out again.
"""

from collections.abc import Callable

from verification.figures import Criterion, Figures
from verification.rules import (
    area,
    assets,
    business,
    certificate,
    income,
    one_benefit,
    residence,
    single_age,
    vehicle_price,
    vehicles,
)
from verification.standards import Standard

RULES_VERSION = "2026.5"  # old data leave open what they do not show; a last known answer the months since
EARLIER_VERSIONS = frozenset({"2026.1", "2026.2", "2026.3", "2026.4"})

RULES: tuple[Callable[[Figures, Standard], Criterion | None], ...] = (
    residence.judge,
    certificate.judge,
    income.judge,
    area.judge,
    assets.judge,
    vehicles.judge,
    vehicle_price.judge,
    business.judge,
    single_age.judge,
    one_benefit.judge,
)


def judge_all(figures: Figures, standard: Standard) -> tuple[Criterion, ...]:
    """Every criterion that the standard sets for this household, judged, in the order in which officers read them."""
    return tuple(criterion for judge in RULES if (criterion := judge(figures, standard)) is not None)
