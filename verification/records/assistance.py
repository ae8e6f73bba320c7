"""Social assistance (社会救助) that a household already gets, here or in another city. Contract section 10.10."""

from datetime import date
from decimal import Decimal

from msgspec import field

from verification.record_form import Coded, Count, Division, Number, RecordForm, Text


class AssistanceType(Coded):
    """救助类型, in the words of the declaration."""

    DIBAO = "dibao", "01"
    TEKUN = "tekun", "02"
    LOW_INCOME = "low_income", "03"
    ORPHAN = "orphan", "04"
    DISABILITY = "disability", "05"
    UNEMPLOYMENT = "unemployment", "06"
    PUBLIC_RENTAL = "public_rental", "07"
    RENTAL_SUBSIDY = "rental_subsidy", "08"
    TEMPORARY = "temporary", "09"
    OTHER = "other", "99"


class AssistanceStatus(Coded):
    """状态."""

    RUNNING = "running", "1"
    PAUSED = "paused", "2"
    ENDED = "ended", "3"


class Assistance(RecordForm, frozen=True, kw_only=True, tag="assistance"):
    """One grant to one family; CNY a month for the whole family."""

    assistance_type: AssistanceType = field(name="aid_type")
    granted_from: date = field(name="from_date")
    status: AssistanceStatus
    county_code: Division
    granted_to: date | None = field(default=None, name="to_date")
    monthly_amount: Decimal | None = None
    persons: Count | None = None
    family_no: Number = ""
    county: Text = field(default="", name="county_name")
