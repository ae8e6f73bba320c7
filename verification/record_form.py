"""What all records have in common: a key, codes in two tongues, amounts that are possible. Plain Python.

Records decode straight from a source's bytes: a coded field takes the source's code ("10") as well as our word for it
("dwelling"), becomes our word and is stored as our word, so one struct serves the wire and the store.
"""

from datetime import date
from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import cache
from typing import Annotated, Self, get_args, get_type_hints

from msgspec import Meta, Struct

from verification.facts import RecordKind

EARLIEST = date(1900, 1, 1)  # what is dated before was made up, as old databases do where they know no date
LARGEST_AMOUNT = Decimal("999999999999.99")  # of whatever unit

Key = Annotated[str, Meta(min_length=1, max_length=64)]
Text = Annotated[str, Meta(max_length=200)]
Number = Annotated[str, Meta(max_length=64)]  # of a certificate, a contract, an account: not a figure
Month = Annotated[str, Meta(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")]
Division = Annotated[str, Meta(pattern=r"^[0-9]{6}$")]
Relation = Annotated[str, Meta(pattern=r"^[0-9]{2}$")]  # GB/T 4761
Count = Annotated[int, Meta(ge=0, le=1_000_000)]
Words = Annotated[tuple[Text, ...], Meta(max_length=100)]


class Coded(str, Enum):  # noqa: UP042 - a member carries two values, which StrEnum does not take
    """A list of codes: a member is our word and the source's code; either reads as the member, our word is stored."""

    code: str

    def __new__(cls, word: str, code: str) -> Self:
        """A member whose value is our word."""
        member = str.__new__(cls, word)
        member._value_ = word
        member.code = code
        return member

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        return members_by_code(cls).get(value)  # type: ignore[return-value]

    def __str__(self) -> str:
        return str(self.value)


@cache
def members_by_code(codes: type[Coded]) -> dict[object, Coded]:
    """The members of a list of codes by the source's code."""
    return {member.code: member for member in codes}


class RecordForm(Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind"):
    """A record of any kind. Fields that a source did not give are None or empty, never 0."""

    record_key: Key  # the source's own identifier of the record; never an ID number or a whole account number

    def __post_init__(self) -> None:
        """Raise ValueError on an impossible figure or a field that the contract demands and the source left out."""
        for name, limit in amount_limits(type(self)):
            if (amount := getattr(self, name)) is not None and not is_possible(amount, limit):
                raise ValueError(f"{name} is not a possible amount")
        for name in self.needed():
            if getattr(self, name) in (None, ""):
                raise ValueError(f"{name} is missing")

    def needed(self) -> tuple[str, ...]:
        """The names of the fields that this record, being what it is, must have."""
        return ()

    @property
    def kind(self) -> RecordKind:
        """Which of the ten kinds this is."""
        return kind_of(type(self))


@cache
def kind_of(record: type[RecordForm]) -> RecordKind:
    """The kind by which such a record is tagged."""
    return RecordKind(str(record.__struct_config__.tag))


@cache
def amount_limits(record: type[RecordForm]) -> tuple[tuple[str, Decimal], ...]:
    """The fields that hold a Decimal, each with the most that it may be: a ratio is at most 1."""
    hints = get_type_hints(record)
    return tuple(
        (name, Decimal(1) if name.endswith("_ratio") else LARGEST_AMOUNT)
        for name in record.__struct_fields__
        if Decimal in (hints[name], *get_args(hints[name]))
    )


@cache
def date_fields(record: type[RecordForm]) -> tuple[str, ...]:
    """The fields that hold a date or a month."""
    hints = get_type_hints(record, include_extras=True)
    return tuple(name for name in record.__struct_fields__ if {date, Month} & {hints[name], *get_args(hints[name])})


def has_impossible_date(record: RecordForm, last: date) -> bool:
    """Whether a date or a month of the record is before `EARLIEST` or after the last day that it may be."""
    dates = (value for name in date_fields(type(record)) if (value := getattr(record, name)))
    return not all(is_possible_date(each, last) for each in dates)


def is_possible_date(told: date | str, last: date) -> bool:
    """Whether a day, or a day or month as text (YYYY-MM-DD, YYYY-MM), can be one that a source knows of."""
    if isinstance(told, str):
        return str(EARLIEST)[: len(told)] <= told <= str(last)[: len(told)]
    return EARLIEST <= told <= last


def is_possible(amount: Decimal, limit: Decimal) -> bool:
    """Whether an amount can be one: a number, not negative, within its limit."""
    try:
        return 0 <= amount <= limit
    except InvalidOperation:  # not a number
        return False
