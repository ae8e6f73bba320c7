"""May this person be served today? The one question that the other floors put to the registry (clauses B8, B13)."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import QuerySet
from msgspec import Struct

from credit.clocks import Kind
from credit.models import Sanction
from credit.policies import SubjectKind


class Standing(Struct, frozen=True):
    """How a person stands on a day. `until` is the first day on which the ban no longer holds."""

    blocked: bool
    until: date | None = None
    act: str = ""
    basis: str = ""


GOOD = Standing(blocked=False)


class Shared(Struct, frozen=True):
    """What other departments may be told of a subject on a day. `until`: the first day on which that is over."""

    hit: bool
    until: date | None = None
    basis: str = ""
    severity: str = ""
    disputed: bool = False  # an objection to a record is open


NONE = Shared(hit=False)
LATEST = date.max


def standings(indexes: Iterable[bytes], *, on: date) -> Mapping[bytes, Standing]:
    """How each person stands on the day, by blind index of the ID number; one query however many are asked about."""
    asked = [bytes(index) for index in indexes]
    found = {index: GOOD for index in asked}
    for sanction in Sanction.objects.against(asked).bans().holding(on).order_by("holds_until"):
        found[bytes(sanction.subject.identifier_index)] = Standing(
            blocked=True, until=sanction.ends_on(), act=sanction.act, basis=sanction.basis
        )
    return found


def standing(index: bytes, *, on: date) -> Standing:
    """How one person stands on the day."""
    return standings([index], on=on)[bytes(index)]


def barred(*, on: date) -> QuerySet[Sanction, bytes]:
    """The blind indexes of all persons who are barred on the day, as a subquery for whoever asks about many cases."""
    persons = Sanction.objects.bans().holding(on).filter(subject__kind=SubjectKind.PERSON)
    return persons.values_list("subject__identifier_index", flat=True)


def shared(kind: SubjectKind, indexes: Iterable[bytes], *, on: date) -> Mapping[bytes, Shared]:
    """What is shared of each subject on the day, by blind index; of several records the one that holds longest. One
    query however many are asked about.
    """
    asked = [bytes(index) for index in indexes]
    found = {index: NONE for index in asked}
    rows = Sanction.objects.against(asked, kind).filter(kind=Kind.SHARING).holding(on)
    for row in sorted(rows, key=lambda each: each.ends_on() or LATEST):
        index = bytes(row.subject.identifier_index)
        disputed = row.disputed or found[index].disputed
        found[index] = Shared(hit=True, until=row.ends_on(), basis=row.basis, severity=row.severity, disputed=disputed)
    return found
