"""Every figure by its code: those of the notice, of time at the desks, of districts and of fairness."""

from collections.abc import Mapping

from housing_credit.dashboard import districts, fairness, notice, times
from housing_credit.dashboard.figure import Figure

FIGURES: Mapping[str, Figure] = {
    figure.code: figure
    for figures in (
        *(group.figures for group in (*notice.GROUPS, *fairness.GROUPS)),
        times.FIGURES,
        districts.FIGURES,
    )
    for figure in figures
}
