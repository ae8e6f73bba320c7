"""The price of the dearest private vehicle. Legal basis: the article on vehicles."""

from msgspec.structs import replace

from verification.facts import RecordKind
from verification.figures import Criterion, Figures
from verification.standards import Standard


def judge(figures: Figures, standard: Standard) -> Criterion | None:
    """CNY. A vehicle whose price nobody has told leaves it open, unless another is already too dear."""
    limit = standard.vehicle_price
    if standard.vehicles is None or limit is None:
        return None
    criterion = Criterion.of(
        "vehicle_price",
        figures.vehicle_price,
        standard.vehicles.price_operator,
        limit,
        unit="cny",
        article=standard.article("vehicle_price"),
        missing=figures.missing_for((RecordKind.VEHICLE,)),
    )
    if criterion.met is not False and figures.unpriced_vehicles:
        params = {**criterion.params, "vehicles": f"{figures.unpriced_vehicles}"}
        return replace(criterion, met=None, reason="vehicle_price.unpriced", params=params)
    return criterion
