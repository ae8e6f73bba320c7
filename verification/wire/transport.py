"""One signed round trip to a source over HTTP (contract, sections 3 and 4). Plain Python."""

import re
import secrets
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NoReturn

from aiohttp import ClientError, ClientPayloadError, ClientResponse, ClientSession, ClientTimeout
from msgspec import Struct
from yarl import URL

from verification.connector import SourceConfig, SourceError, SourceRefusedError, SourceUnavailableError
from verification.facts import Outcome
from verification.wire import signing

CHUNK = 64 * 1024
LONGEST_WAIT = 86_400.0  # seconds; a source that asks for more is asked again tomorrow
HTTP_DATE = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT"
)  # the one form that RFC 9110 lets a server send
REFUSALS = {
    400: "the source says that the request is malformed",
    401: "the source does not accept our key, clock or signature",
    403: "the source does not accept the purpose or the authorisation",
    413: "the request is too large for the source",
}
BUSY = frozenset({429, 503})
SIGNED = frozenset({200, 202})


class Message(Struct, frozen=True):
    """What goes out. `path` is appended to the address of the source."""

    method: str
    path: str
    body: bytes = b""
    content_type: str = ""


class Returned(Struct, frozen=True):
    """What came back: 200 or 202 with a checked signature, or another status that the caller said it would take."""

    status: int
    body: bytes
    at: datetime  # when its last byte was here
    sent_digest: str  # SM3, hex, of what was sent and of the body
    digest: str


async def send(config: SourceConfig, http: ClientSession, message: Message, *, taken: frozenset[int]) -> Returned:
    """One round trip. `taken` are the statuses that this message may be answered with, others become errors.

    Raises `SourceUnavailableError` or `SourceRefusedError`, with the bytes sent and received.
    """
    url = URL(config.url + message.path)
    nonce = secrets.token_hex(16)
    sent_digest = signing.sm3(message.body)
    received = bytearray()
    try:
        async with http.request(
            message.method,
            url,
            data=message.body or None,
            headers=_headers(config, message, url.raw_path, nonce, sent_digest),
            timeout=ClientTimeout(
                total=config.total_seconds, sock_connect=config.connect_seconds, sock_read=config.read_seconds
            ),
            allow_redirects=False,
        ) as response:
            await _read(response, received, config.largest_reply)
            body, at = bytes(received), datetime.now(UTC)
            digest = signing.sm3(body)
            _check(response, digest, config, nonce, taken)
            return Returned(response.status, body, at, sent_digest, digest)
    except (TimeoutError, ClientError, OSError, SourceError) as error:
        _fail(error, message.body, bytes(received))


def _headers(config: SourceConfig, message: Message, path: str, nonce: str, digest: str) -> dict[str, str]:
    now = int(time.time())
    headers = {
        "Accept-Encoding": "identity",  # the signature is over the body as sent
        signing.KEY_HEADER: config.key_id,
        signing.TIME_HEADER: str(now),
        signing.NONCE_HEADER: nonce,
        signing.SIGNATURE_HEADER: signing.request_signature(config.secret, message.method, path, now, nonce, digest),
    }
    return headers | {"Content-Type": message.content_type} if message.content_type else headers


async def _read(response: ClientResponse, received: bytearray, largest: int) -> None:
    """Read the body into `received`, stopping as soon as it is larger than agreed."""
    async for chunk in response.content.iter_chunked(CHUNK):
        received += chunk[: largest - len(received) + 1]
        if len(received) > largest:
            size = f"more than {largest}" if response.content_length is None else f"{response.content_length:d}"
            raise _broken(f"the answer is larger than agreed: {size} bytes, of which the first {largest} are read")


def _check(response: ClientResponse, digest: str, config: SourceConfig, nonce: str, taken: frozenset[int]) -> None:
    """Raise the error that the status or the signature of an answer stands for."""
    status = response.status
    if status in REFUSALS:
        raise SourceRefusedError(REFUSALS[status])
    if status in BUSY:
        raise SourceUnavailableError(
            f"the source answers with status {status}", retry_after=retry_after(response.headers.get("Retry-After", ""))
        )
    if status not in taken:
        raise SourceUnavailableError(f"the source answers with status {status}")
    if status in SIGNED:
        _check_signature(response, digest, config, nonce)


def _check_signature(response: ClientResponse, digest: str, config: SourceConfig, nonce: str) -> None:
    """The signature covers our nonce, so an answer to another request cannot pass for this one's."""
    signed_at = whole_number(response.headers.get(signing.TIME_HEADER, ""))
    if signed_at is None:
        raise _broken("the answer is not signed")
    expected = signing.answer_signature(config.secret, response.status, nonce, signed_at, digest)
    if not signing.is_same(response.headers.get(signing.SIGNATURE_HEADER, ""), expected):
        raise _broken("the signature of the answer is wrong")
    if abs(time.time() - signed_at) > signing.CLOCK_WINDOW:
        raise _broken("the time of the answer is more than 300 seconds off")


def _fail(error: Exception, request: bytes, reply: bytes) -> NoReturn:
    """Turn any failure into one of ours, with the evidence. The cause is cut off: its text may quote the answer."""
    if isinstance(error, SourceError):
        error.request, error.reply = request, reply
        raise error
    if isinstance(error, TimeoutError):
        outcome, detail = Outcome.TIMEOUT, "the source did not answer in time"
    elif isinstance(error, ClientPayloadError):
        outcome, detail = Outcome.BROKEN, "the answer broke off"
    else:
        outcome, detail = Outcome.UNAVAILABLE, f"no connection to the source ({type(error).__name__})"
    raise SourceUnavailableError(detail, outcome=outcome, request=request, reply=reply) from None


def _broken(detail: str) -> SourceUnavailableError:
    return SourceUnavailableError(detail, outcome=Outcome.BROKEN)


def retry_after(value: str) -> float | None:
    """Seconds to wait by a Retry-After header (RFC 9110: seconds or an HTTP date), at most a day; None without one.

    The header is not signed: what has neither form counts as not sent.
    """
    seconds = whole_number(value)
    if seconds is not None:
        return min(float(seconds), LONGEST_WAIT)
    if not HTTP_DATE.fullmatch(value):
        return None
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:  # the 32nd of a month
        return None
    return min(max((moment - datetime.now(UTC)).total_seconds(), 0.0), LONGEST_WAIT)


def whole_number(value: str) -> int | None:
    """A header's whole number of at most 15 digits, or None."""
    text = value.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else None
