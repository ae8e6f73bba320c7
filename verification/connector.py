"""The promise of every connector: questions in, answers out, and two ways to fail. Plain Python.

A connector knows one wire dialect and nothing of Django. It never decides to retry: it says whether that can help.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from msgspec import Struct

from verification.facts import Outcome, Question, RecordKind, ReplyMode
from verification.records import Record


class Reply(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a source said of one person."""

    person: str  # the member key of the question
    outcome: Outcome
    records: tuple[Record, ...] = ()
    data_date: date | None = None  # as of which day the source's own data are
    operator: str = ""  # who answered, when a person did
    remark: str = ""  # the source's, or why a BROKEN reply is broken


class Answer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a source said of one question: one reply per person asked about, in the order asked."""

    reference: str
    replies: tuple[Reply, ...]
    replied_at: datetime
    mode: ReplyMode = ReplyMode.API


class Exchange(Struct, frozen=True, kw_only=True):
    """One round trip, kept as evidence: what went out, what came back, byte for byte."""

    request: bytes
    reply: bytes
    request_number: str  # 请求流水号: follows from the source and the references asked
    answers: tuple[Answer, ...]  # may be fewer than the questions: the unanswered stay due
    request_digest: str = ""  # SM3, hex, where the signatures were made and checked by it
    reply_digest: str = ""
    ended_at: datetime | None = None  # when its last byte was here, which may be long before anybody writes it down


class SourceConfig(Struct, frozen=True, kw_only=True):
    """Everything a connector needs to know of its source."""

    code: str
    url: str
    key_id: str
    secret: bytes
    kinds: tuple[RecordKind, ...]
    connect_seconds: float = 2.0
    read_seconds: float = 10.0
    total_seconds: float = 30.0
    largest_reply: int = 8 * 1024 * 1024  # bytes


class SourceError(Exception):
    """A source did not answer. Request and reply are kept as evidence; the text holds no personal data."""

    outcome = Outcome.UNAVAILABLE
    ended_at: datetime | None = None  # when it was known

    def __init__(
        self, detail: str, *, outcome: Outcome | None = None, request: bytes = b"", reply: bytes = b""
    ) -> None:
        super().__init__(detail)
        self.outcome = outcome or type(self).outcome
        self.request = request
        self.reply = reply


class SourceUnavailableError(SourceError):
    """Trying again can help: no connection, timeout, 5xx, 429, broken or wrongly signed reply.

    `retry_after` is in seconds, None when the source did not say.
    """

    def __init__(
        self,
        detail: str,
        *,
        retry_after: float | None = None,
        outcome: Outcome | None = None,
        request: bytes = b"",
        reply: bytes = b"",
    ) -> None:
        super().__init__(detail, outcome=outcome, request=request, reply=reply)
        self.retry_after = retry_after


class SourceRefusedError(SourceError):
    """Trying again cannot help: the source refuses the key, the purpose, the authorisation or the request's form."""

    outcome = Outcome.REFUSED


class SourcePendingError(SourceError):
    """The source took the batch and is still at work: ask again with the ticket after `retry_after` seconds."""

    outcome = Outcome.TIMEOUT

    def __init__(
        self, detail: str, *, ticket: str, retry_after: float, request: bytes = b"", reply: bytes = b""
    ) -> None:
        super().__init__(detail, request=request, reply=reply)
        self.ticket = ticket
        self.retry_after = retry_after


class Connector(Protocol):
    """One wire dialect, bound to one source."""

    async def ask(self, questions: Sequence[Question], *, ticket: str = "") -> Exchange:
        """Put the questions to the source in one request.

        `ticket`, of an earlier `SourcePendingError`, asks for the result on these questions; other dialects ignore it.

        Raises `SourceUnavailableError`, `SourceRefusedError` or `SourcePendingError`, nothing else. A reply that is
        malformed for one person makes that person's outcome BROKEN, so does one that is missing or about somebody else.
        """
        ...
