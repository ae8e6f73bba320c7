"""What a replay prints: the notice's figures, as the dashboard counts them."""

from bureau import divisions
from housing_credit.dashboard.base import Chosen
from housing_credit.dashboard.figure import Number
from housing_credit.dashboard.figures import FIGURES
from housing_credit.dashboard.periods import ALL
from housing_credit.seeds.ground import OUR_CITY

KEYS = ("checked", "unfit", "homes_recovered", "rent_recovered", "recorded_changed", "recorded_arrears")


def counted() -> dict[str, Number]:
    """The figures by their keys, of the whole city and all time; of money the sum in CNY."""
    all_of_it = Chosen(ALL, scopes=(divisions.scope_prefix(OUR_CITY),))
    return {key: FIGURES[key].number(all_of_it) for key in KEYS}
