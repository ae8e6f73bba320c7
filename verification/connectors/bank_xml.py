"""The fourteen banks: XML in GB18030, answered at once (contract, section 8)."""

from collections.abc import Sequence
from functools import partial

from aiohttp import ClientSession

from verification.connector import Exchange, SourceConfig, SourceError
from verification.facts import Question, ReplyMode
from verification.wire import matching, reading, transport, xml_envelope


class BankXml:
    """One bank."""

    def __init__(self, config: SourceConfig, http: ClientSession) -> None:
        self.config = config
        self.http = http

    async def ask(self, questions: Sequence[Question], *, ticket: str = "") -> Exchange:
        """See `verification.connector.Connector`. There are no tickets in this dialect."""
        number = matching.request_number(self.config.code, questions)
        request = xml_envelope.write_request(number, questions)
        message = transport.Message("POST", "/query", request, xml_envelope.CONTENT_TYPE)
        returned = await transport.send(self.config, self.http, message, taken=frozenset({200}))
        try:
            answers = await reading.answers(
                questions, returned.body, partial(xml_envelope.read_reply, number=number), ReplyMode.API
            )
        except SourceError as error:
            error.request, error.reply = request, returned.body
            raise
        return Exchange(
            request=request,
            reply=returned.body,
            request_number=number,
            answers=answers,
            request_digest=returned.sent_digest,
            reply_digest=returned.digest,
            ended_at=returned.at,
        )
