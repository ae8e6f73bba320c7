"""How an answer leaves a source: whole, dripping, cut off half way, or not at all. Plain ASGI on uvicorn."""

import asyncio
from typing import Any

from msgspec import Struct
from starlette.types import Receive, Send

Headers = list[tuple[bytes, bytes]]


class Answer(Struct, frozen=True):
    """A finished HTTP answer."""

    status: int
    body: bytes
    headers: Headers


async def read_body(receive: Receive) -> bytes:
    """The whole request body."""
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return body
        body += bytes(message.get("body", b""))
        if not message.get("more_body", False):
            return body


async def deliver(answer: Answer, send: Send) -> None:
    """Send the answer at once."""
    await _start(answer, send)
    await send({"type": "http.response.body", "body": answer.body})


async def deliver_dripping(answer: Answer, receive: Receive, send: Send, *, bytes_per_second: int) -> None:
    """Send the body in ten pieces a second; stop when the asker hangs up."""
    await _start(answer, send)
    hung_up = asyncio.ensure_future(receive())
    size = max(1, bytes_per_second // 10)
    for begin in range(0, len(answer.body), size):
        await asyncio.wait((hung_up,), timeout=size / bytes_per_second)
        if hung_up.done():
            return
        await send({"type": "http.response.body", "body": answer.body[begin : begin + size], "more_body": True})
    hung_up.cancel()
    await send({"type": "http.response.body", "body": b""})


async def deliver_half(answer: Answer, receive: Receive, send: Send) -> None:
    """Promise the whole length, send half of it, and close the connection."""
    await _start(answer, send)
    await send({"type": "http.response.body", "body": answer.body[: len(answer.body) // 2], "more_body": True})
    await hang_up(receive)


async def wait_for_hang_up(receive: Receive) -> None:
    """Never answer: hold the connection until the asker gives up."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def hang_up(receive: Receive) -> None:
    """Close the connection without another word.

    ASGI has no message for this; uvicorn's `receive` is a method of its request cycle, which holds the transport.
    """
    cycle: Any = getattr(receive, "__self__", None)
    if cycle is None:
        raise RuntimeError("the mock departments need uvicorn to close connections on purpose")
    cycle.transport.close()
    await wait_for_hang_up(receive)


async def _start(answer: Answer, send: Send) -> None:
    length = (b"content-length", str(len(answer.body)).encode())
    await send({"type": "http.response.start", "status": answer.status, "headers": [*answer.headers, length]})
