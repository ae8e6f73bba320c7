"""Registration (户籍、居住、死亡): household register, residence permit, funeral. Contract section 10.2."""

from datetime import date
from typing import Annotated

from msgspec import Meta, Struct, field

from verification.record_form import Coded, Division, Number, RecordForm, Relation, Text, Words


class RegistrationType(Coded):
    """Which register speaks."""

    HUKOU = "hukou", "01"
    RESIDENCE_PERMIT = "residence_permit", "02"
    FUNERAL = "funeral", "03"


class HukouKind(Coded):
    """户类型."""

    FAMILY = "family", "1"
    COLLECTIVE = "collective", "2"


class HukouMember(Struct, frozen=True):
    """A person in the same household register."""

    name: Text
    relation: Relation  # to the head, GB/T 4761


Members = Annotated[tuple[HukouMember, ...], Meta(max_length=200)]

_NEEDED = {
    RegistrationType.HUKOU: ("hukou_no", "head_relation", "division_code", "address", "deceased", "cancelled"),
    RegistrationType.RESIDENCE_PERMIT: ("permit_no", "address", "permit_from", "permit_to"),
    RegistrationType.FUNERAL: ("cremated_on",),
}


class Registration(RecordForm, frozen=True, kw_only=True, tag="registration"):
    """Where a person is registered, with whom, and whether dead. A death flag is a lead, never proof."""

    register: RegistrationType = field(name="record_type")
    hukou_no: Number = ""
    head_relation: Relation | None = None
    hukou_kind: HukouKind | None = None
    division_code: Division | None = None
    address: Text = ""
    moved_in_on: date | None = field(default=None, name="moved_in_date")
    previous_address: Text = ""
    born_on: date | None = field(default=None, name="birth_date")
    members: Members = ()
    name_history: Words = ()
    deceased: bool | None = None
    died_on: date | None = field(default=None, name="death_date")
    cancelled: bool | None = None
    cancelled_on: date | None = field(default=None, name="cancel_date")
    permit_no: Number = ""
    permit_from: date | None = None
    permit_to: date | None = None
    cremated_on: date | None = field(default=None, name="cremation_date")
    facility: Text = ""

    def needed(self) -> tuple[str, ...]:
        """By the register."""
        return _NEEDED[self.register]

    @property
    def reports_death(self) -> bool:
        """Whether this record says that the person is dead."""
        return bool(self.deceased or self.died_on or self.cremated_on)
