"""What a replay prints: the notice's figures, as the dashboard counts them."""

from bureau import divisions
from housing_credit.dashboard.base import Chosen
from housing_credit.dashboard.figures import FIGURES
from housing_credit.dashboard.periods import ALL
from housing_credit.seeds.ground import OUR_CITY

KEYS = ("checked", "unfit", "homes_recovered", "rent_recovered", "recorded_changed", "recorded_arrears")
COUNTED = ("checked", "unfit")  # of which the flow is driven


def counted() -> dict[str, int | None]:
    """The figures by their keys, of the whole city and all time. None: what makes it is not driven yet."""
    all_of_it = Chosen(ALL, scopes=(divisions.scope_prefix(OUR_CITY),))
    return {key: FIGURES[key].rows(all_of_it).count() if key in COUNTED else None for key in KEYS}
