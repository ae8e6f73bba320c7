from decimal import Decimal

import pytest
from msgspec.structs import replace

from tests.verification.household import (
    CHILD,
    FATHER,
    MOTHER,
    ON,
    SHARE,
    TAIZHOU,
    earning,
    hear,
)
from verification.facts import (
    Declared,
    DeclaredBusiness,
)
from verification.statement import assemble

QUIET = replace(TAIZHOU, minimum_wage=None)


SILENT_FATHER = Declared(persons=(earning(FATHER), earning(MOTHER), CHILD))


def state(told=None, declared=SILENT_FATHER, standard=QUIET, *, silent=None, set_aside=frozenset()):
    heard = hear(told, silent=silent, persons=len(declared.persons))
    return assemble(declared, heard, standard, on=ON, set_aside=set_aside)


BUSINESSES = [
    ("paid in", [SHARE], 200000, 0),
    ("by share where nobody says", [{k: v for k, v in SHARE.items() if k != "paid_in_capital"}], 400000, 0),
    ("legal representative only", [{k: v for k, v in SHARE.items() if k != "paid_in_capital"} | {"role": "01"}], 0, 0),
    ("two roles in one entity", [SHARE, SHARE | {"record_key": "B-2", "role": "01"}], 200000, 0),
    ("deregistered", [SHARE | {"status": "3"}], 0, 0),
    ("licence revoked", [SHARE | {"status": "2"}], 200000, 0),
    ("an impostor's, revoked", [SHARE | {"impostor_status": "2", "impostor_revoked_date": "2026-01-01"}], 0, 0),
    ("an impostor's, under inquiry", [SHARE | {"impostor_status": "1"}], 0, 200000),
]


@pytest.mark.parametrize(("case", "records", "capital", "disputed"), BUSINESSES, ids=[case for case, *_ in BUSINESSES])
def test_capital_counts_once_and_an_impostors_registration_never(case, records, capital, disputed):
    figures = state({("market_regulation", "m1"): records}).figures
    assert (figures.business.value, figures.disputed_capital) == (capital, disputed)


@pytest.mark.parametrize(("proof", "disputed"), [("公告〔2026〕3号", 200000), ("", 0)])
def test_a_disowned_business_is_in_dispute_only_with_a_paper(proof, disputed):
    business = DeclaredBusiness(owner="m1", name=SHARE["entity_name"], disowned=True, proof=proof)
    declared = replace(SILENT_FATHER, businesses=(business,))
    assert state({("market_regulation", "m1"): [SHARE]}, declared).figures.disputed_capital == disputed


def test_a_declared_business_that_no_register_knows_counts():
    declared = replace(SILENT_FATHER, businesses=(DeclaredBusiness(owner="m1", name="摊位", capital=Decimal(5000)),))
    assert state(declared=declared).figures.business.value == 5000
