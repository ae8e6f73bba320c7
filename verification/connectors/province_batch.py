"""The provincial platform: a batch is handed in, its result fetched with a ticket (contract, section 9)."""

import re
from collections.abc import Sequence
from functools import partial
from typing import Annotated

from aiohttp import ClientSession
from msgspec import Meta, MsgspecError, Struct, json

from verification.connector import Exchange, SourceConfig, SourceError, SourcePendingError, SourceUnavailableError
from verification.facts import Outcome, Question, ReplyMode
from verification.wire import json_envelope, matching, reading, transport

ACCEPTED, DONE, UNKNOWN_TICKET = 202, 200, 404
TICKET = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)


class Accepted(Struct, frozen=True):
    """The batch is taken, or still at work. `retry_after` in seconds."""

    ticket: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,64}\Z")]
    retry_after: Annotated[float, Meta(ge=0, le=3600)]


_accepted = json.Decoder(Accepted)


class ProvinceBatch:
    """The platform."""

    def __init__(self, config: SourceConfig, http: ClientSession) -> None:
        self.config = config
        self.http = http

    async def ask(self, questions: Sequence[Question], *, ticket: str = "") -> Exchange:
        """See `verification.connector.Connector`. A batch whose ticket is no longer known is handed in again."""
        number = matching.request_number(self.config.code, questions)
        request = json_envelope.write_request(number, questions)
        returned = await self._fetch(ticket) if TICKET.fullmatch(ticket) else None
        if returned is None:
            returned = await self._hand_in(request)
        try:
            return await self._read(questions, number, request, returned)
        except SourceError as error:
            error.request, error.reply = request, returned.body
            raise

    async def _hand_in(self, request: bytes) -> transport.Returned:
        message = transport.Message("POST", "/v1/batches", request, json_envelope.CONTENT_TYPE)
        return await transport.send(self.config, self.http, message, taken=frozenset({ACCEPTED}))

    async def _fetch(self, ticket: str) -> transport.Returned | None:
        """The state or the result of a batch; None when the ticket is unknown."""
        message = transport.Message("GET", f"/v1/batches/{ticket}")
        taken = frozenset({ACCEPTED, DONE, UNKNOWN_TICKET})
        returned = await transport.send(self.config, self.http, message, taken=taken)
        return None if returned.status == UNKNOWN_TICKET else returned

    async def _read(
        self, questions: Sequence[Question], number: str, request: bytes, returned: transport.Returned
    ) -> Exchange:
        if returned.status == ACCEPTED:
            raise _pending(returned.body)
        read = partial(json_envelope.read_reply, number=None)
        answers = await reading.answers(questions, returned.body, read, ReplyMode.BATCH)
        return Exchange(
            request=request,
            reply=returned.body,
            request_number=number,
            answers=answers,
            reply_digest=returned.digest,
            ended_at=returned.at,
        )


def _pending(body: bytes) -> SourceError:
    try:
        accepted = _accepted.decode(body)
    except (MsgspecError, ValueError, RecursionError):
        return SourceUnavailableError("the receipt of the batch is malformed", outcome=Outcome.BROKEN)
    return SourcePendingError("the platform is still at work", ticket=accepted.ticket, retry_after=accepted.retry_after)
