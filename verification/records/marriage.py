"""Marriage (婚姻): each registration in a person's life, divorces too. Contract section 10.3."""

from datetime import date
from typing import Annotated

from msgspec import Meta, field

from verification.record_form import Coded, Number, RecordForm, Text

IdNumber = Annotated[str, Meta(pattern=r"^([0-9]{15}|[0-9]{17}[0-9Xx])$")]


class MarriageRegistration(Coded):
    """登记类型."""

    MARRIAGE = "marriage", "1"
    DIVORCE = "divorce", "2"
    MARRIAGE_REISSUED = "marriage_reissued", "3"
    DIVORCE_REISSUED = "divorce_reissued", "4"

    @property
    def is_divorce(self) -> bool:
        """Whether the registration is of a divorce."""
        return self in {MarriageRegistration.DIVORCE, MarriageRegistration.DIVORCE_REISSUED}


class Marriage(RecordForm, frozen=True, kw_only=True, tag="marriage"):
    """One registration of a marriage or a divorce. `partner_id` is for matching only, never shown or logged."""

    registration_type: MarriageRegistration
    partner_name: Text
    registered_on: date = field(name="reg_date")
    certificate_no: Number
    partner_id: IdNumber | None = field(default=None, name="partner_id_no")
    divorced_on: date | None = field(default=None, name="divorce_date")
    office: Text = field(default="", name="reg_office")

    def needed(self) -> tuple[str, ...]:
        """The day of the divorce, where it is one."""
        return ("divorced_on",) if self.registration_type.is_divorce else ()
