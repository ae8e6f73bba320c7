from decimal import Decimal

import pytest
from msgspec.structs import replace

from tests.verification.household import (
    CHILD,
    FATHER,
    MOTHER,
    TAIZHOU,
    WAGES,
    check,
    earning,
    findings,
)
from verification.facts import (
    Declared,
)

TOLERANCES = [
    (Decimal(60000), "62400.00", True),
    (Decimal(60000), "66000.00", True),
    (Decimal(60000), "66012.00", False),
    (Decimal(12000), "14400.00", True),
    (Decimal(12000), "14412.00", False),
]


@pytest.mark.parametrize(("declared", "found", "within"), TOLERANCES)
def test_income_is_reported_beyond_ten_percent_or_200_a_month_whichever_is_larger(declared, found, within):
    family = Declared(persons=(earning(FATHER, wages=int(declared)), MOTHER, CHILD))
    assessed = check({("local_tax", "m1"): [WAGES | {"declared_income": found}]}, family)
    difference = assessed.comparison.differences[0]
    assert (difference.section, difference.member, difference.within) == ("income", "m1", within)
    assert findings(assessed) == ([] if within else ["understated_income"])


def test_the_tolerance_never_moves_a_limit():
    """161,280 a year is 4,480 a head on the line; declared a little less, within tolerance, and still unfit."""
    family = Declared(persons=(earning(FATHER, wages=160000), earning(MOTHER), CHILD))
    no_imputation = replace(TAIZHOU, minimum_wage=None)
    assessed = check({("local_tax", "m1"): [WAGES | {"declared_income": "161280"}]}, family, no_imputation)
    assert assessed.comparison.criterion("income").value == 4480
    assert assessed.comparison.proposed == "unfit"
    assert [each.kind for each in assessed.comparison.findings] == ["over_limit"]
