"""What each source would hold on an invented person: records with the field names of section 10 of the contract."""

from collections.abc import Callable

from verification.mock_departments import invented_family, invented_money
from verification.mock_departments.lives import Life
from verification.mock_departments.marks import Records
from verification.mock_departments.questions import Asked, Household
from verification.mock_departments.sources import BANKS


def _nothing(household: Household, person: Asked, lived: Life, source: str, seed: int) -> Records:
    return []


Invent = Callable[[Household, Asked, Life, str, int], Records]
_OFFICES: dict[str, Invent] = {
    "civil_affairs": invented_family.marriage,
    "police": invented_family.register,
    "social_security": invented_money.insurance,
    "housing_bureau": invented_family.housing,
    "provident_fund": invented_money.fund,
    "market_regulation": invented_money.business,
    "state_tax": invented_money.sales_tax,
    "local_tax": invented_money.income_tax,
    "transport": _nothing,  # of invented people nobody drives for hire
    "province": _nothing,  # and nobody has ever lived elsewhere
}
RECORDS: dict[str, Invent] = _OFFICES | dict.fromkeys(BANKS, invented_money.deposit)
