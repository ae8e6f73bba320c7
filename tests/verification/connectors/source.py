"""A source played over real HTTP on loopback: it keeps what it was sent and answers by script, byte for byte."""

import asyncio
import hmac
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from hashlib import new as new_digest
from pathlib import Path
from zoneinfo import ZoneInfo

import aiohttp
import pytest

from verification.connector import Connector, Exchange, SourceConfig, SourceError, SourceUnavailableError
from verification.connectors import connector_for
from verification.facts import Person, Question, RecordKind

REPLIES = Path(__file__).parent / "replies"
SECRET = bytes.fromhex("00112233445566778899aabbccddeeff102132435465768798a9bacbdcedfe0f")
KINDS = {
    "gov_json": (RecordKind.HOUSING,),
    "bank_xml": (RecordKind.DEPOSIT,),
    "province_batch": (RecordKind.ASSISTANCE, RecordKind.REGISTRATION),
}
CODES = {"gov_json": "housing_bureau", "bank_xml": "icbc", "province_batch": "province"}
ANSWERED_AT = datetime.now(UTC).replace(microsecond=0)
LI = Person("m1", "王坔", "321299197503189010")
HAN = Person("m2", "李㛃𬱖", "321299197806229024")


class Request:
    """One request as the source got it."""

    def __init__(self, method: str, path: str, headers: dict[str, str], body: bytes) -> None:
        self.method, self.path, self.headers, self.body = method, path, headers, body

    @property
    def number(self) -> str:
        """The request number, read from the bytes in the plainest way."""
        found = re.search(rb'"request_no":"([^"]+)"|<REQNO>([^<]+)</REQNO>', self.body)
        return (found[1] or found[2]).decode() if found else ""


Script = Callable[[Request, asyncio.StreamWriter], Awaitable[None]]


def sm3(content: bytes) -> str:
    """By OpenSSL through hashlib, so that the tests do not check our signing with itself."""
    return new_digest("sm3", content).hexdigest()


def signed(request: Request, status: int, body: bytes, *, at: float | None = None, secret: bytes = SECRET) -> str:
    """The three headers of a signed answer."""
    moment, nonce = int(at if at is not None else time.time()), request.headers["x-check-nonce"]
    text = f"{status}\n{nonce}\n{moment}\n{sm3(body)}"
    signature = hmac.new(secret, text.encode(), "sm3").hexdigest()
    return f"X-Check-Time: {moment}\r\nX-Check-Nonce: {nonce}\r\nX-Check-Signature: {signature}\r\n"


def head(status: int, length: int, headers: str = "") -> bytes:
    """Status line and headers."""
    return f"HTTP/1.1 {status} X\r\nContent-Length: {length}\r\n{headers}\r\n".encode()


def saved(dialect: str, name: str) -> bytes:
    """A saved reply, as if it had been made just now."""
    local = ANSWERED_AT.astimezone(ZoneInfo("Asia/Shanghai"))
    body = next((REPLIES / dialect).glob(f"{name}.*")).read_bytes()
    for pattern, form in (
        ("2026-11-22T10:15:31+08:00", f"{local:%Y-%m-%dT%H:%M:%S+08:00}"),
        ("20261122101531", f"{local:%Y%m%d%H%M%S}"),
    ):
        body = body.replace(pattern.encode(), form.encode())
    return body


def replying(body: bytes, status: int = 200, **signing: object) -> Script:
    """Answer with these bytes, rightly signed unless told otherwise; @REQUEST@ stands for the request number."""

    async def script(request: Request, writer: asyncio.StreamWriter) -> None:
        content = body.replace(b"@REQUEST@", request.number.encode())
        writer.write(head(status, len(content), signed(request, status, content, **signing)) + content)

    return script


def unsigned(status: int, headers: str = "", body: bytes = b"") -> Script:
    """Answer with a status, unsigned."""

    async def script(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(head(status, len(body), headers) + body)

    return script


class Source:
    """The source: `script` answers every request, or a list of scripts one after the other."""

    def __init__(self, dialect: str, *scripts: Script, **config: object) -> None:
        self.dialect, self.scripts, self.requests = dialect, list(scripts), []
        self.config = config
        self.base = ""

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                method, path, _ = line.decode().split()
                headers = {}
                while (line := await reader.readline()).strip():
                    name, _, value = line.decode().partition(":")
                    headers[name.lower()] = value.strip()
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                request = Request(method, path, headers, body)
                self.requests.append(request)
                script = self.scripts.pop(0) if len(self.scripts) > 1 else self.scripts[0]
                await script(request, writer)
                await writer.drain()
        except ConnectionError:
            pass  # the other side has heard enough
        finally:
            writer.close()

    @asynccontextmanager
    async def connector(self) -> AsyncIterator[Connector]:
        """The connector to this source, while it serves."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.base = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/{CODES[self.dialect]}"
        config = SourceConfig(
            code=CODES[self.dialect],
            url=self.base,
            key_id="check-centre-01",
            secret=SECRET,
            kinds=KINDS[self.dialect],
            **self.config,
        )
        async with aiohttp.ClientSession() as http:
            yield connector_for(config, self.dialect, http)
        server.close()

    def ask(self, *questions: Question, ticket: str = "") -> Exchange:
        """Put the questions (by default one, on two persons) to this source, in an event loop of its own."""

        async def run() -> Exchange:
            async with self.connector() as connector:
                return await connector.ask(questions or (question(self.dialect),), ticket=ticket)

        return asyncio.run(run())


def question(dialect: str, reference: str = "Q-20261122-000001", persons: tuple[Person, ...] = (LI, HAN)) -> Question:
    """A household of two, put to a source of this dialect."""
    return Question(
        reference=reference,
        persons=persons,
        purpose="public_rental",
        authorisation="泰核授〔2026〕0001号",
        kinds=KINDS[dialect],
        as_of=date(2026, 11, 22),
        since=date(2021, 11, 22),
    )


def failure(source: Source, expected: type[SourceError] = SourceUnavailableError, **asked: str) -> SourceError:
    """The error that asking this source ends in; its text names nobody."""
    with pytest.raises(expected) as caught:
        source.ask(**asked)
    assert LI.id_number not in str(caught.value)
    return caught.value
