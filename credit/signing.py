"""How departments sign what they ask, and we what we send them: HMAC (RFC 2104) over SM3 (GB/T 32905). Plain Python.

The same construction as towards the sources (docs/source-contract.md, section 3), with the query beside the path. The
key is the SM3 digest of the secret, so that the secret itself need not be kept (ADR 0013).
"""

import re
import secrets
from collections.abc import Mapping
from hmac import compare_digest

from msgspec import Struct

from bureau.ciphers import hmac_sm3, sm3

CLOCK_WINDOW = 300  # seconds that a signed time may lie before or after ours

KEY_HEADER = "X-Credit-Key"
TIME_HEADER = "X-Credit-Time"
NONCE_HEADER = "X-Credit-Nonce"
SIGNATURE_HEADER = "X-Credit-Signature"

KEY_ID = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
TIME = re.compile(r"[0-9]{1,12}", re.ASCII)
NONCE = re.compile(r"[0-9a-f]{32}", re.ASCII)
SIGNATURE = re.compile(r"[0-9a-fA-F]{64}", re.ASCII)


class Message(Struct, frozen=True):
    """What is signed of a request: the path and the query as they are sent, and the bytes of the body."""

    method: str
    path: str
    query: str = ""
    body: bytes = b""


class Signature(Struct, frozen=True):
    """The four headers of a signed request."""

    key_id: str
    time: int
    nonce: str
    signature: str

    @property
    def headers(self) -> dict[str, str]:
        """As they are sent."""
        return {
            KEY_HEADER: self.key_id,
            TIME_HEADER: str(self.time),
            NONCE_HEADER: self.nonce,
            SIGNATURE_HEADER: self.signature,
        }

    def is_of(self, message: Message, key: bytes) -> bool:
        """Whether a holder of the key has signed this very message; compared in constant time."""
        expected = hmac_sm3(key, _text(message, self.time, self.nonce)).hex()
        return compare_digest(self.signature.lower(), expected)

    def is_timely(self, now: float) -> bool:
        """Whether it was made within five minutes of our clock."""
        return abs(now - self.time) <= CLOCK_WINDOW


def read(headers: Mapping[str, str]) -> Signature | None:
    """The signature of a request, or None when a header is missing or malformed."""
    found = [headers.get(name, "") for name in (KEY_HEADER, TIME_HEADER, NONCE_HEADER, SIGNATURE_HEADER)]
    forms = (KEY_ID, TIME, NONCE, SIGNATURE)
    if not all(form.fullmatch(text) for form, text in zip(forms, found, strict=True)):
        return None
    key_id, moment, nonce, signature = found
    return Signature(key_id, int(moment), nonce, signature)


def sign(message: Message, *, key_id: str, key: bytes, now: float) -> Signature:
    """Sign a message, with a nonce that was never used before."""
    moment, nonce = int(now), secrets.token_hex(16)
    return Signature(key_id, moment, nonce, hmac_sm3(key, _text(message, moment, nonce)).hex())


def new_secret() -> str:
    """A secret: 64 hex digits, of 32 random bytes."""
    return secrets.token_hex(32)


def key_of(secret: str) -> bytes:
    """The key that a secret stands for; the secret cannot be found from it."""
    return sm3(bytes.fromhex(secret))


def _text(message: Message, moment: int, nonce: str) -> bytes:
    lines = (message.method, message.path, message.query, str(moment), nonce, sm3(message.body).hex())
    return "\n".join(lines).encode()
