"""Sections 7 and 9 of docs/source-contract.md: JSON in UTF-8, of the nine departments and of the province's results."""

from datetime import datetime

from msgspec import DecodeError, Struct
from msgspec.json import Decoder, Encoder

from verification.mock_departments.questions import BadRequestError, HouseholdAnswer, Request
from verification.mock_departments.sources import Source

CONTENT_TYPE = b"application/json; charset=utf-8"
_encoder = Encoder()
_decoder = Decoder(Request)


class _Reply(Struct):
    request_no: str
    replied_at: datetime
    answers: list[HouseholdAnswer]


class _Ticket(Struct):
    ticket: str
    retry_after: int


def read(body: bytes) -> Request:
    """The request in a body; raises `BadRequestError`."""
    try:
        return _decoder.decode(body)
    except DecodeError as error:
        raise BadRequestError("not the JSON of the contract") from error


def write(source: Source, request: Request, answers: list[HouseholdAnswer], replied_at: datetime) -> bytes:
    """The answer body."""
    return _encoder.encode(_Reply(request.request_no, replied_at, answers))


def write_ticket(ticket: str, retry_after: int) -> bytes:
    """The body of a 202."""
    return _encoder.encode(_Ticket(ticket, retry_after))


def spoil(body: bytes) -> bytes:
    """The same answer with its form broken: the outer brace never closes and a stray comma stands inside."""
    return body.replace(b":", b":,", 1)[:-1]
