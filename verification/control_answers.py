"""What a source must say of a control person, set beside what it said. Plain Python.

Facts are written as `{"vehicle": [{"plate_no": "苏M10001"}]}`: by kind of record, the records that must be there, each
with the fields that it must have, named as in the contract. What else the source knows is not looked at: balances move.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, get_args

import msgspec
from msgspec import Struct

from verification.connector import Reply
from verification.facts import Outcome, RecordKind
from verification.record_form import RecordForm
from verification.records import Record

RIGHT, WRONG, SILENT = "right", "wrong", "silent"
Facts = Mapping[str, Sequence[Mapping[str, Any]]]

_FORMS: dict[str, type[RecordForm]] = {str(form.__struct_config__.tag): form for form in get_args(Record)}


class FactsError(ValueError):
    """Facts that no source can be asked for; the text names the place."""


class Fact(Struct, frozen=True):
    """One field of a record: what it must be and what the source said, "" where it said nothing."""

    kind: str
    field: str
    known: str
    told: str
    agrees: bool


class Told(Struct, frozen=True):
    """What a source said of one control person, beside what is known."""

    person: str  # the label
    known: str  # an Outcome
    told: str  # an Outcome
    verdict: str  # right | wrong | silent
    facts: tuple[Fact, ...] = ()


def read_facts(value: Any, kinds: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """The facts as they are stored. Raises `FactsError` for what a source of these kinds cannot be asked for."""
    if not isinstance(value, dict):
        raise FactsError("{…}")
    facts: dict[str, list[dict[str, Any]]] = {}
    for kind, records in value.items():
        if kind not in kinds or kind not in _FORMS:
            raise FactsError(str(kind))
        many = [records] if isinstance(records, dict) else records
        if not isinstance(many, list) or not many or not all(isinstance(each, dict) and each for each in many):
            raise FactsError(str(kind))
        for each in many:
            for name, known in each.items():
                _field(kind, name, known)
        facts[kind] = many
    return facts


def beside(person: str, outcome: str, facts: Facts, reply: Reply | None) -> Told:
    """The reply of a source on a control person, judged. No answer is silence, not a falsehood."""
    if reply is None or reply.outcome not in {Outcome.FOUND, Outcome.NONE, Outcome.IDENTITY_MISMATCH}:
        return Told(person, outcome, str(reply.outcome) if reply else "", SILENT)
    compared = tuple(_compared(facts, reply.records)) if outcome == Outcome.FOUND else ()
    right = reply.outcome == outcome and all(fact.agrees for fact in compared)
    return Told(person, outcome, str(reply.outcome), RIGHT if right else WRONG, compared)


def verdict(told: Sequence[Told]) -> str:
    """Of all control persons of one source: wrong by any that is wrong, else silent by any that is missing."""
    verdicts = {each.verdict for each in told}
    return next((word for word in (WRONG, SILENT) if word in verdicts), RIGHT)


def _compared(facts: Facts, records: Sequence[Record]) -> Iterator[Fact]:
    """Every wanted record beside the one of its kind that is most like it."""
    for kind, wanted in facts.items():
        of_kind = [record for record in records if record.kind == RecordKind(kind)]
        for each in wanted:
            told = [_beside(kind, each, record) for record in of_kind] or [_beside(kind, each, None)]
            yield from max(told, key=lambda some: sum(fact.agrees for fact in some))


def _beside(kind: str, wanted: Mapping[str, Any], record: Record | None) -> list[Fact]:
    compared = []
    for name, known in wanted.items():
        attribute, value = _field(kind, name, known)
        told = None if record is None else getattr(record, attribute)
        compared.append(Fact(kind, name, str(value), "" if told is None else str(told), told == value))
    return compared


def _field(kind: str, name: str, known: Any) -> tuple[str, Any]:
    """The attribute behind a field of the contract, and what it must be. Raises `FactsError`."""
    for field in msgspec.structs.fields(_FORMS[kind]):
        if field.encode_name == name:
            try:
                return field.name, msgspec.convert(known, field.type, strict=False)
            except (msgspec.ValidationError, ValueError):
                raise FactsError(f"{kind}.{name}") from None
    raise FactsError(f"{kind}.{name}")


def rows(told: Sequence[Told]) -> list[dict[str, Any]]:
    """As it is stored."""
    plain: list[dict[str, Any]] = msgspec.to_builtins(told)
    return plain


def read_rows(stored: Any) -> list[Told]:
    """As it was stored."""
    return msgspec.convert(stored, list[Told])
