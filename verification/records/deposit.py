"""Deposits and wealth products (存款与理财): one account or product at one bank. Contract sections 8 and 10.9."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Annotated

from msgspec import Meta, convert

from verification.record_form import Coded, RecordForm

MONEY = re.compile(r"[0-9]{1,12}(\.[0-9]{1,2})?", re.ASCII)
DAY = re.compile(r"[0-9]{8}", re.ASCII)


class AccountType(Coded):
    """账户类型."""

    CURRENT = "current", "D"
    FIXED_TERM = "fixed_term", "T"
    NOTICE = "notice", "N"
    WEALTH_PRODUCT = "wealth_product", "W"
    FUND = "fund", "F"
    BOND = "bond", "B"
    SECURITY_MARGIN = "security_margin", "S"
    OTHER = "other", "Z"


class AccountStatus(Coded):
    """账户状态."""

    NORMAL = "normal", "0"
    DORMANT = "dormant", "1"
    FROZEN = "frozen", "2"
    CLOSED = "closed", "9"


class Deposit(RecordForm, frozen=True, kw_only=True, tag="deposit"):
    """One account, CNY: balance on the day asked for, daily averages and flows before it. `account_no` comes masked."""

    account_type: AccountType
    account_no: Annotated[str, Meta(min_length=1, max_length=32)]
    balance: Decimal
    account_status: AccountStatus | None = None
    open_date: date | None = None
    average_6m: Decimal | None = None
    average_12m: Decimal | None = None
    inflow_6m: Decimal | None = None
    outflow_6m: Decimal | None = None
    large_outflow_6m: Decimal | None = None
    product_value: Decimal | None = None
    joint: bool | None = None

    @property
    def worth(self) -> Decimal:
        """Balance and product value together, CNY."""
        return self.balance + (self.product_value or 0)


def money(text: str) -> Decimal:
    """A bank's amount: at most 12 digits, a point and 2 decimals, no sign. Raises ValueError."""
    if not MONEY.fullmatch(text):
        raise ValueError("an amount is malformed")
    return Decimal(text)


@lru_cache(maxsize=1024)  # a batch of households has few
def day(text: str) -> date:
    """A bank's date, YYYYMMDD. Raises ValueError."""
    if not DAY.fullmatch(text):
        raise ValueError("a date is malformed")
    return date.fromisoformat(text)


def flag(text: str) -> bool:
    """A bank's Y or N. Raises ValueError."""
    if text not in {"Y", "N"}:
        raise ValueError("a flag is malformed")
    return text == "Y"


ELEMENTS: dict[str, tuple[str, Callable[[str], object]]] = {
    "ACCTKEY": ("record_key", str),
    "ACCTTP": ("account_type", str),
    "ACCTNO": ("account_no", str),
    "ACCTST": ("account_status", str),
    "OPNDT": ("open_date", day),
    "BAL": ("balance", money),
    "AVGBAL6": ("average_6m", money),
    "AVGBAL12": ("average_12m", money),
    "INAMT6": ("inflow_6m", money),
    "OUTAMT6": ("outflow_6m", money),
    "LGOUT6": ("large_outflow_6m", money),
    "FINVAL": ("product_value", money),
    "JNTFLG": ("joint", flag),
}


def from_bank(elements: Iterable[tuple[str, str]]) -> Deposit:
    """A deposit from the elements of one ACCT: (name, text) pairs; empty ones and unknown names do not count.

    Raises ValueError (of which `msgspec.ValidationError` is one) when an element is malformed, repeated or missing.
    """
    values: dict[str, object] = {"kind": "deposit"}
    for element, text in elements:
        if not text or element not in ELEMENTS:
            continue
        name, read = ELEMENTS[element]
        if name in values:
            raise ValueError("an element is repeated")
        values[name] = read(text)
    return convert(values, Deposit)
