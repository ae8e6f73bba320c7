"""Housing provident fund (住房公积金). Contract section 10.7."""

from decimal import Decimal
from typing import Annotated

from msgspec import Meta

from verification.record_form import Coded, Month, RecordForm, Text


class FundStatus(Coded):
    """账户状态."""

    NORMAL = "normal", "1"
    SEALED = "sealed", "2"
    CLOSED = "closed", "3"


class Fund(RecordForm, frozen=True, kw_only=True, tag="fund"):
    """One account; money in CNY, the balance as of the day asked for. `account_no` comes masked."""

    account_no: Annotated[str, Meta(min_length=1, max_length=32)]
    status: FundStatus
    balance: Decimal
    employer_name: Text = ""
    employer_code: Text = ""
    month_base: Decimal | None = None
    unit_ratio: Decimal | None = None
    person_ratio: Decimal | None = None
    monthly_amount: Decimal | None = None
    last_month: Month | None = None
    loan_balance: Decimal | None = None
    withdrawals_12m: Decimal | None = None
