"""A program that puts questions to a web server and times the answers: `python -m benchmarks.standing_load`.

It reads one plan a line, as JSON, and answers each with a line. A connection is kept as long as the server keeps it.
Without a rate each connection asks again as soon as it is answered. With a rate questions fall due by chance
(exponential gaps), and a question that finds no connection free waits: the time of an answer counts from when its
question was due.
"""

import asyncio
import random
import sys
import time
from collections import deque
from collections.abc import Iterator

import msgspec
import uvloop

from credit import signing
from credit.signing import Message

PATH, BARE = "/api/v1/credit/standing", "/api/v1/credit/benchmark/bare"


class Plan(msgspec.Struct):
    """One measurement."""

    port: int
    seconds: float
    connections: int
    subjects: str  # file of a JSON list of [ID number, blind index as hex]
    key_id: str
    key: str
    bare: bool = False
    rate: float = 0.0
    seed: int = 0


class Told(msgspec.Struct):
    """What came of it."""

    answered: int
    failed: int
    seconds: float
    p50_ms: float
    p99_ms: float
    failure: str = ""


class Line(asyncio.Protocol):
    """A connection, for as long as the server keeps it, and then the next one; one question at a time."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._kept = b""
        self._answer: asyncio.Future[bytes] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        self._kept += data
        head, parted, rest = self._kept.partition(b"\r\n\r\n")
        if not parted:
            return
        head = head.lower()
        length = head.partition(b"content-length:")[2].partition(b"\r\n")[0]
        if len(rest) >= int(length or 0) and self._answer and not self._answer.done():
            if b"connection: close" in head:
                self.close()
            self._answer.set_result(self._kept)
            self._kept = b""

    def connection_lost(self, error: Exception | None) -> None:
        if self._answer and not self._answer.done() and self._transport:
            self._answer.set_exception(error or ConnectionResetError())

    async def ask(self, question: bytes) -> bytes:
        loop = asyncio.get_running_loop()
        if self._transport is None:
            await loop.create_connection(lambda: self, "127.0.0.1", self._port)
        self._answer = loop.create_future()
        self._transport.write(question)  # type: ignore[union-attr]
        return await self._answer

    def close(self) -> None:
        if self._transport:
            self._transport.close()
        self._transport = None


def questions(plan: Plan) -> Iterator[bytes]:
    """Requests as bytes, without end."""
    with open(plan.subjects, "rb") as file:
        subjects: list[list[str]] = msgspec.json.decode(file.read())
    key, chance = bytes.fromhex(plan.key), random.Random(plan.seed)  # noqa: S311 -- no secret
    while True:
        number, index = chance.choice(subjects)
        if plan.bare:
            yield _request(BARE, index.encode(), {})
        else:
            body = msgspec.json.encode({"purpose": "dibao_review", "id_number": number})
            signature = signing.sign(Message("POST", PATH, "", body), key_id=plan.key_id, key=key, now=time.time())
            yield _request(PATH, body, signature.headers)


def _request(path: str, body: bytes, headers: dict[str, str]) -> bytes:
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


class Run:
    """A plan at work."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.asked = questions(plan)
        # Signed beforehand, so that signing takes nothing from the server while the clock runs.
        self.ready = deque(next(self.asked) for _ in range(int(plan.seconds * (plan.rate * 1.2 or 900))))
        self.times: list[float] = []
        self.failures: list[str] = []

    async def go(self) -> Told:
        lines = [Line(self.plan.port) for _ in range(self.plan.connections)]
        started = time.perf_counter()
        try:
            await (self._at_rate(lines, started) if self.plan.rate else self._as_fast(lines, started))
            seconds = time.perf_counter() - started
        finally:
            for line in lines:
                line.close()
        ordered = sorted(self.times) or [0.0]
        p50, p99 = (ordered[min(len(ordered) - 1, int(len(ordered) * part))] * 1000 for part in (0.5, 0.99))
        return Told(len(self.times), len(self.failures), seconds, p50, p99, next(iter(self.failures), "")[:300])

    async def _as_fast(self, lines: list[Line], started: float) -> None:
        async def go_on(line: Line) -> None:
            while time.perf_counter() - started < self.plan.seconds:
                await self._ask(line, time.perf_counter())

        await asyncio.gather(*map(go_on, lines))

    async def _at_rate(self, lines: list[Line], started: float) -> None:
        free: asyncio.Queue[Line] = asyncio.Queue()
        for line in lines:
            free.put_nowait(line)

        async def ask(due: float) -> None:
            line = await free.get()
            try:
                await self._ask(line, due)
            finally:
                free.put_nowait(line)

        due, waiting = started, []
        chance = random.Random(self.plan.seed)  # noqa: S311 -- no secret
        while (due := due + chance.expovariate(self.plan.rate)) < started + self.plan.seconds:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            waiting.append(asyncio.create_task(ask(due)))
        await asyncio.gather(*waiting)

    async def _ask(self, line: Line, due: float) -> None:
        answer = await line.ask(self.ready.popleft() if self.ready else next(self.asked))
        if answer.startswith(b"HTTP/1.1 200"):
            self.times.append(time.perf_counter() - due)
        else:
            self.failures.append(answer.decode("utf-8", "replace"))


def main() -> None:
    """Until its input ends."""
    for line in sys.stdin.buffer:
        told = uvloop.run(Run(msgspec.json.decode(line, type=Plan)).go())
        sys.stdout.buffer.write(msgspec.json.encode(told) + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
