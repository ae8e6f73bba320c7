"""The JSON that the municipal departments and the provincial platform speak (contract, sections 1 and 7)."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta, MsgspecError, Raw, Struct, field, json

from verification.connector import SourceRefusedError, SourceUnavailableError
from verification.facts import Outcome, Question, RecordKind
from verification.records import Record
from verification.wire.matching import Heard, Said, SaidOfPerson

CONTENT_TYPE = "application/json; charset=utf-8"
RESIDENT_IDENTITY_CARD = "111"
NUL = b"\\u0000"  # legal in JSON, but no database text can hold it
MALFORMED = (MsgspecError, ValueError, RecursionError)

Remark = Annotated[str, Meta(max_length=500)]
Moment = Annotated[datetime, Meta(tz=True)]


class PersonOut(Struct, frozen=True):
    """A person in a request."""

    person: str
    person_name: str
    id_no: str
    id_type: str = RESIDENT_IDENTITY_CARD


class QuestionOut(Struct, frozen=True, kw_only=True):
    """A question in a request."""

    reference: str
    authorisation_no: str
    purpose_code: str
    kinds: tuple[RecordKind, ...]
    asof_date: date
    since_date: date
    persons: tuple[PersonOut, ...]


class RequestOut(Struct, frozen=True):
    """A request."""

    request_no: str
    questions: tuple[QuestionOut, ...]


class PersonIn(Struct, frozen=True, kw_only=True):
    """An entry on a person in an answer."""

    person: str
    id_no: str
    result_code: Literal[0, 1, 2, 3, 9]
    data_date: date | None = field(default=None, name="source_data_date")
    records: tuple[Record, ...] | None = None
    operator: Annotated[str, Meta(max_length=100)] | None = None
    remark: Remark | None = None


class AnswerIn(Struct, frozen=True):
    """An answer to one question, read at once."""

    reference: str
    persons: list[PersonIn]


class RawAnswerIn(Struct, frozen=True):
    """The same, with the persons still to be read one by one."""

    reference: str
    persons: list[Raw]


class ReplyIn(Struct, frozen=True):
    """A whole answer, read at once: the fast way, for answers without a fault."""

    request_no: str
    replied_at: Moment
    answers: list[AnswerIn]


class RawReplyIn(Struct, frozen=True):
    """The same, with the answers still to be read one by one."""

    request_no: str
    replied_at: Moment
    answers: list[Raw]


_encoder = json.Encoder()
_whole = json.Decoder(ReplyIn)
_raw_whole = json.Decoder(RawReplyIn)
_raw_answer = json.Decoder(RawAnswerIn)
_person = json.Decoder(PersonIn)


def write_request(number: str, questions: Sequence[Question]) -> bytes:
    """The body of a request. Raises `SourceRefusedError` when a name cannot be written (half a surrogate pair)."""
    try:
        return _encoder.encode(RequestOut(number, tuple(_question(question) for question in questions)))
    except UnicodeEncodeError:
        raise SourceRefusedError("a name cannot be written in UTF-8") from None


def _question(question: Question) -> QuestionOut:
    return QuestionOut(
        reference=question.reference,
        authorisation_no=question.authorisation,
        purpose_code=question.purpose,
        kinds=question.kinds,
        asof_date=question.as_of,
        since_date=question.since,
        persons=tuple(PersonOut(person.key, person.name, person.id_number) for person in question.persons),
    )


def read_reply(body: bytes, number: str | None) -> Heard:
    """What was said, without the entries that cannot be read.

    Raises `SourceUnavailableError` (BROKEN) when the whole cannot be read, or answers another
    request than `number`. None: a ticket says which request it is.
    """
    try:
        if NUL in body:
            reply: ReplyIn | RawReplyIn = _raw_whole.decode(body)
        else:
            reply = _whole.decode(body)
    except MALFORMED:
        reply = _read_loosely(body)
    if number is not None and reply.request_no != number:
        raise SourceUnavailableError("the answer is to another request", outcome=Outcome.BROKEN)
    if isinstance(reply, ReplyIn):
        said = tuple(Said(answer.reference, tuple(map(_said, answer.persons))) for answer in reply.answers)
    else:
        said = tuple(one for raw in reply.answers if (one := _read_answer(raw)) is not None)
    return Heard(reply.replied_at, said)


def _read_loosely(body: bytes) -> RawReplyIn:
    try:
        return _raw_whole.decode(body)
    except MALFORMED:
        raise SourceUnavailableError("the answer is malformed", outcome=Outcome.BROKEN) from None


def _read_answer(raw: Raw) -> Said | None:
    """One answer with the entries that can be read, or None when not even the reference can."""
    try:
        answer = _raw_answer.decode(raw)
    except MALFORMED:
        return None
    return Said(answer.reference, tuple(one for entry in answer.persons if (one := _read_person(entry)) is not None))


def _read_person(raw: Raw) -> SaidOfPerson | None:
    """One entry, or None when it is malformed: to the person that is no readable entry."""
    if NUL in bytes(raw):
        return None
    try:
        return _said(_person.decode(raw))
    except MALFORMED:
        return None


def _said(entry: PersonIn) -> SaidOfPerson:
    return SaidOfPerson(
        person=entry.person,
        id_no=entry.id_no,
        result_code=entry.result_code,
        data_date=entry.data_date,
        records=entry.records or (),
        operator=entry.operator or "",
        remark=entry.remark or "",
    )
