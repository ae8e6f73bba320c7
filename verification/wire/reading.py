"""From the bytes of an answer to answers: read, its time believed, matched to what was asked."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from verification.connector import Answer, SourceUnavailableError
from verification.facts import Outcome, Question, ReplyMode
from verification.wire import matching
from verification.wire.matching import Heard

LARGE = 256 * 1024  # bytes; what is longer is read in a thread, since every source waits for this loop


async def answers(
    questions: Sequence[Question], body: bytes, read: Callable[[bytes], Heard], mode: ReplyMode
) -> tuple[Answer, ...]:
    """The answers in a body that `read` understands. Raises `SourceUnavailableError` (BROKEN)."""
    if len(body) <= LARGE:
        return _answers(questions, body, read, mode)
    return await asyncio.to_thread(_answers, questions, body, read, mode)


def _answers(
    questions: Sequence[Question], body: bytes, read: Callable[[bytes], Heard], mode: ReplyMode
) -> tuple[Answer, ...]:
    heard = read(body)
    if not matching.is_current(heard.replied_at, datetime.now(UTC)):
        raise SourceUnavailableError("the answer is dated long ago or in the future", outcome=Outcome.BROKEN)
    return matching.match(questions, heard.said, replied_at=heard.replied_at, mode=mode)
