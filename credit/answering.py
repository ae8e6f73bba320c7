"""What a department is told of the standing of a subject: the least answer, and its line in the query log.

Hit or none, until when, on which basis, whether it is disputed; nothing of the case, of the household or of the act.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.utils.translation import gettext as _
from msgspec import Struct

from bureau import identifiers
from bureau.fields import blind_index
from bureau.identifiers import IdentifierError
from credit import query_log
from credit.models import PartnerCall
from credit.policies import SubjectKind
from credit.query_log import Call, Line
from credit.refusals import CallRefusedError
from credit.standing import Shared, shared

MOST_SUBJECTS = 500
FIELDS = {SubjectKind.PERSON: "id_number", SubjectKind.EMPLOYER: "credit_code"}


class Asked(Struct, frozen=True):
    """A subject, by its identifier as it was sent."""

    kind: SubjectKind
    identifier: str


class Answer(Struct, frozen=True):
    """What is told of one subject. `until` is the first day on which it no longer holds; null while that is open."""

    hit: bool
    until: date | None = None
    basis: str = ""
    disputed: bool = False


NOTHING = Answer(hit=False)


def answer_one(call: Call, asked: Asked, *, on: date) -> Answer:
    """The answer about one subject.

    `CallRefusedError` on a bad identifier, a used-up quota, a nonce used before; `ChangedError` when the caller may no
    longer ask.
    """
    index = _index_of(asked)
    if isinstance(index, CallRefusedError):
        raise index
    if call.found:
        call.found.spend(1)
    call.day = on
    told = query_log.answer_one(call, asked.kind, index)
    if told is None:
        raise CallRefusedError("replayed_nonce")
    return _told(told)


def answer_many(call: Call, asked: Sequence[Asked], *, on: date) -> list[Answer | CallRefusedError]:
    """The answers in the order of the questions; a bad identifier has its refusal there, and harms no other."""
    if len(asked) > MOST_SUBJECTS:
        raise CallRefusedError("too_many_subjects")
    read = [(each.kind, _index_of(each)) for each in asked]
    good = [(kind, index) for kind, index in read if isinstance(index, bytes)]
    known = _answer(call, good, on)
    told = [index if isinstance(index, CallRefusedError) else known[kind, index] for kind, index in read]
    lines = [_line(kind, index, each) for (kind, index), each in zip(read, told, strict=True)]
    _write(call, lines, on, spent=len(good))
    return told


def _answer(
    call: Call, asked: Sequence[tuple[SubjectKind, bytes]], on: date
) -> dict[tuple[SubjectKind, bytes], Answer]:
    if call.found:
        call.found.spend(len(asked))
    known = _shared(asked, on)
    return {each: known.get(each, NOTHING) for each in asked}


def _write(call: Call, lines: Sequence[Line], on: date, *, spent: int) -> None:
    call.day = on
    if not query_log.write(call, lines, spent=spent):
        raise CallRefusedError("replayed_nonce")


def _index_of(asked: Asked) -> bytes | CallRefusedError:
    read = identifiers.normalise_id if asked.kind is SubjectKind.PERSON else identifiers.normalise_credit_code
    try:
        return blind_index(read(asked.identifier))
    except IdentifierError as error:
        return CallRefusedError("bad_identifier", {FIELDS[asked.kind]: [_(error.message) % error.params]})


def _line(kind: SubjectKind, index: bytes | CallRefusedError, told: Answer | CallRefusedError) -> Line:
    if isinstance(index, CallRefusedError) or isinstance(told, CallRefusedError):
        return Line("bad_identifier", kind)
    return Line(PartnerCall.HIT if told.hit else PartnerCall.NONE, kind, index)


def _shared(asked: Iterable[tuple[SubjectKind, bytes]], on: date) -> Mapping[tuple[SubjectKind, bytes], Answer]:
    """Of those of whom something is shared on the day: what is told. One query for each kind of subject."""
    by_kind: dict[SubjectKind, list[bytes]] = {}
    for kind, index in asked:
        by_kind.setdefault(kind, []).append(index)
    return {
        (kind, index): _told(told)
        for kind, indexes in by_kind.items()
        for index, told in shared(kind, indexes, on=on).items()
        if told.hit
    }


def _told(shared: Shared) -> Answer:
    """The least of what is shared: no severity."""
    return Answer(shared.hit, shared.until, shared.basis, shared.disputed)
