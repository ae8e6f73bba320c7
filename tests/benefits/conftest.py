"""Who keeps the ledger, and an account on which nothing stands yet."""

import pytest

from benefits.models import Account
from bureau.models import Staff
from tests.benefits.accounts import opened


@pytest.fixture
def officer(people) -> Staff:
    return people["cashier"]


@pytest.fixture
def account(people) -> Account:
    return opened()
