"""What a replay prints: the notice's figures, as the dashboard counts them."""

from decimal import Decimal

from django.db.models import Sum

from bureau import divisions
from housing_credit.dashboard.base import Chosen
from housing_credit.dashboard.figure import Figure
from housing_credit.dashboard.figures import FIGURES
from housing_credit.dashboard.periods import ALL
from housing_credit.seeds.ground import OUR_CITY

KEYS = ("checked", "unfit", "homes_recovered", "rent_recovered", "recorded_changed", "recorded_arrears")


def counted() -> dict[str, int | Decimal]:
    """The figures by their keys, of the whole city and all time; of money the sum in CNY."""
    all_of_it = Chosen(ALL, scopes=(divisions.scope_prefix(OUR_CITY),))
    return {key: _value(FIGURES[key], all_of_it) for key in KEYS}


def _value(figure: Figure, chosen: Chosen) -> int | Decimal:
    rows = figure.rows(chosen)
    if not figure.amount:
        return rows.count()
    return Decimal(rows.aggregate(sum=Sum(figure.amount))["sum"] or 0).quantize(Decimal("0.01"))
