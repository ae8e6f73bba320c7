"""Social insurance (社会保险): contributions, pensions, unemployment benefit. Contract section 10.8."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from msgspec import Meta, field

from verification.record_form import Coded, Count, Division, Month, RecordForm, Text


class InsuranceRecordType(Coded):
    """What the record is about."""

    CONTRIBUTIONS = "contributions", "1"
    PENSION = "pension", "2"
    UNEMPLOYMENT = "unemployment", "3"


class InsuranceScheme(Coded):
    """险种."""

    EMPLOYEES = "employees", "1"
    RESIDENTS = "residents", "2"


class InsuranceStatus(Coded):
    """状态: paying in, or drawing."""

    ACTIVE = "active", "1"
    PAUSED = "paused", "2"
    ENDED = "ended", "3"


class Insurance(RecordForm, frozen=True, kw_only=True, tag="insurance"):
    """Contributions of the past 12 months, or one benefit in payment. Base and benefit in CNY a month."""

    record_type: InsuranceRecordType
    scheme: InsuranceScheme
    status: InsuranceStatus
    person_no: Annotated[str, Meta(max_length=32)] = ""  # of the scheme
    employer_name: Text = ""
    employer_code: Text = ""
    month_base: Decimal | None = None
    months_paid: Annotated[int, Meta(ge=0, le=12)] | None = None
    last_month: Month | None = None
    division_code: Division | None = None
    monthly_amount: Decimal | None = None
    started_on: date | None = field(default=None, name="start_date")
    ended_on: date | None = field(default=None, name="end_date")
    months_left: Count | None = None

    def needed(self) -> tuple[str, ...]:
        """What a benefit pays; for how many months was paid in, and on which base where an employer pays."""
        if self.record_type is not InsuranceRecordType.CONTRIBUTIONS:
            return ("monthly_amount", "started_on")
        return ("months_paid", "month_base") if self.scheme is InsuranceScheme.EMPLOYEES else ("months_paid",)
