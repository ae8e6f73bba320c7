"""What departments are told of the events of the registry, and what they say that they made of them.

A subscriber learns of whom an event speaks, since it cannot do anything else with it; but not why a record ended, and
nothing of the case.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from msgspec import Struct

from credit import query_log, stream
from credit.answering import FIELDS
from credit.clocks import Kind
from credit.models import Acknowledgement, Endpoint, PartnerCall, RegistryEvent
from credit.policies import SubjectKind
from credit.query_log import Call, Line
from credit.refusals import CallRefusedError

ENDS = (RegistryEvent.What.LIFTED, RegistryEvent.What.WITHDRAWN)


class Told(Struct, frozen=True, kw_only=True):
    """An event as departments are told of it."""

    cursor: int
    what: str
    record: str
    subject: dict[str, str]
    on: date
    holds_from: date
    until: date | None
    basis: str
    disputed: bool


def told(event: RegistryEvent) -> Told:
    """What a department learns of an event."""
    kind = SubjectKind(event.subject.kind)
    return Told(
        cursor=event.pk,
        what=event.what,
        record=event.sanction.record_key,
        subject={FIELDS[kind]: event.subject.identifier},
        on=event.on,
        holds_from=event.holds_from,
        until=event.holds_until,
        basis=event.sanction.basis,
        disputed=event.disputed,
    )


def read(call: Call, *, after: int, limit: int) -> Sequence[Told]:
    """The events after one, the oldest first. Each is written down as told about its subject."""
    assert call.found is not None  # noqa: S101 -- the door lets nobody else come this far
    call.purpose = call.found.any_purpose(Endpoint.EVENTS)
    call.found.spend(1)
    events = stream.after(after, limit=limit)
    lines = [Line(PartnerCall.TOLD, each.subject.kind, each.subject.identifier_index) for each in events]
    if not query_log.write(call, lines or [Line(PartnerCall.TOLD)], spent=1):
        raise CallRefusedError("replayed_nonce")
    return [told(event) for event in events]


@transaction.atomic
def acknowledge(call: Call, *, record: str, cursor: int, state: str) -> Acknowledgement:
    """A department says that it applies a record, or that it has lifted what it applied. Said again, it is the same.

    Raises `CallRefusedError` when the event is not one of the record, or no event to which one says so.
    """
    assert call.found is not None  # noqa: S101 -- as above
    call.purpose = call.found.any_purpose(Endpoint.ACKNOWLEDGEMENTS)
    call.found.spend(1)
    rows = RegistryEvent.objects.select_related("sanction__case", "subject").filter(pk=cursor, kind=Kind.SHARING)
    event = rows.first()
    if event is None or event.sanction.record_key != record:
        raise CallRefusedError("unknown_record")
    if (state == Acknowledgement.State.LIFTED) != (event.what in ENDS):
        raise CallRefusedError("wrong_state")
    line = Line(PartnerCall.TAKEN, event.subject.kind, event.subject.identifier_index)
    if not query_log.write(call, [line], spent=1):
        raise CallRefusedError("replayed_nonce")
    made: Any = Acknowledgement.objects.get_or_create(
        partner_id=call.found.partner,
        event=event,
        state=state,
        defaults={"key_id": call.found.key, "record": record},
    )
    found: Acknowledgement = made[0]
    return found
