"""Tax (纳税): individual income tax by income type, business tax and VAT, deed tax. Contract section 10.6."""

from datetime import date
from decimal import Decimal

from msgspec import field

from verification.record_form import Coded, Month, RecordForm, Text


class TaxType(Coded):
    """Which tax was paid."""

    INCOME = "income", "01"
    BUSINESS = "business", "02"
    DEED = "deed", "03"


class IncomeType(Coded):
    """所得项目 (Individual Income Tax Law, art. 2)."""

    WAGES = "wages", "01"
    SERVICES = "services", "02"
    BUSINESS = "business", "03"
    INTEREST = "interest", "04"
    LETTING = "letting", "05"
    TRANSFER = "transfer", "06"
    ROYALTIES = "royalties", "07"
    OCCASIONAL = "occasional", "08"


_NEEDED = {
    TaxType.INCOME: ("income_type", "period_from", "period_to", "declared_income"),
    TaxType.BUSINESS: ("period_from", "period_to", "sales_amount"),
    TaxType.DEED: ("paid_on", "property_address", "taxable_price"),
}


class Tax(RecordForm, frozen=True, kw_only=True, tag="tax"):
    """One declaration for one period, both months included. Income before tax, sales: CNY for the whole period."""

    tax_type: TaxType = field(name="record_type")
    income_type: IncomeType | None = None
    period_from: Month | None = None
    period_to: Month | None = None
    declared_income: Decimal | None = None
    tax_paid: Decimal | None = None
    unit_name: Text = ""  # withholding unit, or the taxpayer entity
    unit_code: Text = ""
    sales_amount: Decimal | None = None
    arrears: Decimal | None = None
    paid_on: date | None = field(default=None, name="paid_date")
    property_address: Text = ""
    taxable_price: Decimal | None = None

    def __post_init__(self) -> None:
        """Besides what all records must be: the period does not end before it begins."""
        RecordForm.__post_init__(self)
        if self.period_from and self.period_to and self.period_to < self.period_from:
            raise ValueError("the period ends before it begins")

    def needed(self) -> tuple[str, ...]:
        """By the tax."""
        return _NEEDED[self.tax_type]
