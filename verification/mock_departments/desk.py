"""One source at its counter: checks who asks, searches, and answers as its faults allow."""

import asyncio
from collections import OrderedDict
from types import ModuleType

from msgspec.json import encode
from starlette.types import Receive, Scope, Send

from verification.mock_departments import bank_wire, delivery, json_wire, signatures
from verification.mock_departments.clock import CLOCK
from verification.mock_departments.counters import SourceCounter
from verification.mock_departments.delivery import Answer
from verification.mock_departments.falsehoods import with_falsehoods
from verification.mock_departments.faults import GOOD, Lot
from verification.mock_departments.mischief import with_content_faults
from verification.mock_departments.questions import (
    BadRequestError,
    HouseholdAnswer,
    RefusedError,
    Request,
    TooLargeError,
    admit,
)
from verification.mock_departments.sources import Source
from verification.mock_departments.world import World

LARGEST_BODY = 1024 * 1024
MEMORY_BYTES = 4 * 1024 * 1024  # of answers kept for a repeated request, per source


class SilentError(Exception):
    """The request is only about people on whom this source keeps still."""


class Memory:
    """The latest answers of one source by request number, within a bound of bytes: asked twice, it says the same."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[str, bytes]] = OrderedDict()
        self._size = 0

    def get(self, number: str, digest: str) -> bytes | None:
        """The answer given under this number; raises `BadRequestError` when the body was another one."""
        kept_digest, body = self._kept.get(number, (digest, None))
        if kept_digest != digest:
            raise BadRequestError("another body under a known request_no")
        return body

    def keep(self, number: str, digest: str, body: bytes) -> None:
        """Keep the answer; forget the oldest ones when there is too much."""
        self._kept[number] = (digest, body)
        self._size += len(body)
        while self._size > MEMORY_BYTES:
            _, (_, oldest) = self._kept.popitem(last=False)
            self._size -= len(oldest)


class Desk:
    """The desk of a source that answers at once: a municipal department or a bank."""

    def __init__(self, source: Source, world: World) -> None:
        self.source = source
        self.world = world
        self.wire: ModuleType = bank_wire if source.dialect == "bank_xml" else json_wire
        self.path = f"/{source.code}/query" if source.dialect == "bank_xml" else f"/{source.code}/v1/queries"
        self.nonces = signatures.Nonces()
        self.reset()

    def reset(self) -> None:
        """Good behaviour, counts at zero, nothing remembered but the nonces."""
        self.faults = GOOD
        self.counter = SourceCounter()
        self.memory = Memory()

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request, or fail to, as the faults say."""
        counter = self.counter
        counter.enter()
        try:
            if self.faults.is_down(CLOCK.now()):
                counter.errors += 1
                await delivery.hang_up(receive)
                return
            body = await delivery.read_body(receive)
            if self.faults.silent:
                await delivery.wait_for_hang_up(receive)
                return
            await self._serve_body(scope, body, receive, send)
        finally:
            counter.leave()

    async def _serve_body(self, scope: Scope, body: bytes, receive: Receive, send: Send) -> None:
        faults = self.faults
        lot = Lot(self.world.seed, self.source.code, "")
        try:
            nonce = self._check(scope, body)
            lot, status, answer_body = await self.answer(scope["method"], scope["path"], body)
            if lot.falls("error", faults.error_rate):
                answer = self._unavailable()
            else:
                answer = self._signed(lot, status, nonce, answer_body)
        except SilentError:
            await delivery.wait_for_hang_up(receive)
            return
        except (signatures.UnsignedError, BadRequestError, RefusedError, TooLargeError, LookupError) as error:
            answer = refusal(error)
        self.counter.errors += answer.status not in {200, 202}
        await self._deliver(answer, lot, receive, send)

    async def answer(self, method: str, path: str, body: bytes) -> tuple[Lot, int, bytes]:
        """Read the request, wait as long as this source takes, and give the lot, the status and the body."""
        if method != "POST" or path != self.path:
            raise LookupError
        request, digest, lot = self.take(body)
        delay = self.faults.latency.seconds(lot.draw("latency"))
        self.counter.last_delay_ms = delay * 1000
        await asyncio.sleep(delay)
        kept = self.memory.get(request.request_no, digest)
        if kept is not None:
            return lot, 200, kept
        answer_body, is_true = self.search(request, lot)
        if is_true:
            self.memory.keep(request.request_no, digest, answer_body)
        return lot, 200, answer_body

    def take(self, body: bytes) -> tuple[Request, str, Lot]:
        """Read and count the request; give it with the digest of its body and the lot of this attempt."""
        request: Request = self.wire.read(body)
        admit(request)
        self.counter.asked((question.reference for question in request.questions), persons_in(request))
        attempt = self.counter.numbers[request.questions[0].reference]
        lot = Lot(self.world.seed, self.source.code, f"{request.request_no}#{attempt}")
        return request, signatures.sm3_hex(body), lot

    def search(self, request: Request, lot: Lot) -> tuple[bytes, bool]:
        """The answer body, and whether it is true (no fault has touched what it says)."""
        answers = self._look_up(request)
        replied_at = CLOCK.now().replace(microsecond=0)
        told = with_falsehoods(answers, self.faults, self.source, self.world.control)
        told = with_content_faults(told, self.faults, lot)
        return self.wire.write(self.source, request, told, replied_at), told is answers

    def _look_up(self, request: Request) -> list[HouseholdAnswer]:
        found = [(question.reference, self.world.search(self.source, question)) for question in request.questions]
        answers = [HouseholdAnswer(reference, persons) for reference, persons in found if persons is not None]
        if not answers and any(self.world.is_silent_on(self.source, question) for question in request.questions):
            raise SilentError
        return answers

    def _check(self, scope: Scope, body: bytes) -> str:
        if len(body) > LARGEST_BODY:
            raise TooLargeError
        path = scope["raw_path"].decode("latin-1")
        nonce = signatures.verify(self.source, self.nonces, scope["method"], path, dict(scope["headers"]), body)
        if self.faults.refuse:
            raise RefusedError
        return nonce

    def _unavailable(self) -> Answer:
        wait = self.faults.retry_after
        if wait is None:
            return Answer(503, b'{"error":"maintenance"}', [(b"content-type", json_wire.CONTENT_TYPE)])
        headers = [(b"content-type", json_wire.CONTENT_TYPE), (b"retry-after", str(wait).encode())]
        return Answer(429, b'{"error":"too many requests"}', headers)

    def _signed(self, lot: Lot, status: int, nonce: str, body: bytes) -> Answer:
        if lot.falls("malformed", self.faults.malformed_rate):
            body = self.wire.spoil(body)
        wrong = lot.falls("wrong_signature", self.faults.wrong_signature_rate)
        headers = signatures.sign(self.source, status, nonce, body + b" " if wrong else body)
        return Answer(status, body, [(b"content-type", self.wire.CONTENT_TYPE), *headers])

    async def _deliver(self, answer: Answer, lot: Lot, receive: Receive, send: Send) -> None:
        if lot.falls("truncate", self.faults.truncate_rate):
            self.counter.errors += 1
            await delivery.deliver_half(answer, receive, send)
        elif self.faults.drip:
            await delivery.deliver_dripping(answer, receive, send, bytes_per_second=self.faults.drip)
        else:
            await delivery.deliver(answer, send)


def persons_in(request: Request) -> int:
    """How many persons the request is about."""
    return sum(len(question.persons) for question in request.questions)


_STATUSES: dict[type[Exception], tuple[int, str]] = {
    signatures.UnsignedError: (401, "signature"),
    BadRequestError: (400, "form"),
    RefusedError: (403, "purpose or authorisation"),
    TooLargeError: (413, "size"),
    LookupError: (404, "not here"),
}


def refusal(error: Exception) -> Answer:
    """The unsigned answer that says why not."""
    status, reason = _STATUSES[type(error)]
    body = encode({"error": reason, "detail": str(error)})
    return Answer(status, body, [(b"content-type", json_wire.CONTENT_TYPE)])
