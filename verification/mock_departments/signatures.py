"""Section 3 of docs/source-contract.md: who signed a request, and the signing of answers. HMAC-SM3, lower-case hex."""

import hmac
import re

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC

from verification.mock_departments.clock import CLOCK
from verification.mock_departments.sources import Source

CLOCK_WINDOW = 300  # seconds
NONCE_KEPT = 600  # seconds


_SECONDS = re.compile(r"[0-9]{1,12}")


class UnsignedError(Exception):
    """The request does not carry a good signature; the text says which check failed."""


def sm3_hex(data: bytes) -> str:
    """SM3 (GB/T 32905-2016) of the data, hex."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize().hex()


def hmac_sm3_hex(secret: bytes, text: str) -> str:
    """HMAC-SM3 of an ASCII text, hex."""
    mac = HMAC(secret, hashes.SM3())
    mac.update(text.encode("ascii"))
    return mac.finalize().hex()


class Nonces:
    """The nonces of one key, each remembered for 600 seconds (two halves of at least that age)."""

    def __init__(self) -> None:
        self._turned_at = CLOCK.seconds()
        self._new: set[str] = set()
        self._old: set[str] = set()

    def take(self, nonce: str, now: float) -> bool:
        """Remember the nonce; False when it was seen before."""
        if abs(now - self._turned_at) > NONCE_KEPT:
            self._old, self._new, self._turned_at = self._new, set(), now
        if nonce in self._new or nonce in self._old:
            return False
        self._new.add(nonce)
        return True


def verify(source: Source, nonces: Nonces, method: str, path: str, headers: dict[bytes, bytes], body: bytes) -> str:
    """Check key, time, signature and nonce, in this order, and give the nonce; raises `UnsignedError`."""
    key, moment, nonce, signature = (
        headers.get(name, b"").decode("latin-1")
        for name in (b"x-check-key", b"x-check-time", b"x-check-nonce", b"x-check-signature")
    )
    now = CLOCK.seconds()
    if key != source.key_id:
        raise UnsignedError("key")
    if not _SECONDS.fullmatch(moment) or abs(int(moment) - now) > CLOCK_WINDOW:
        raise UnsignedError("time")
    expected = hmac_sm3_hex(source.secret, f"{method}\n{_ascii(path)}\n{moment}\n{_ascii(nonce)}\n{sm3_hex(body)}")
    if not hmac.compare_digest(expected.encode(), signature.encode("latin-1")):
        raise UnsignedError("signature")
    if len(nonce) != 32 or not nonces.take(nonce, now):
        raise UnsignedError("nonce")
    return nonce


def sign(source: Source, status: int, nonce: str, body: bytes) -> list[tuple[bytes, bytes]]:
    """The three headers of a signed answer."""
    moment = str(int(CLOCK.seconds()))
    signature = hmac_sm3_hex(source.secret, f"{status}\n{nonce}\n{moment}\n{sm3_hex(body)}")
    return [
        (b"x-check-time", moment.encode()),
        (b"x-check-nonce", nonce.encode()),
        (b"x-check-signature", signature.encode()),
    ]


def _ascii(text: str) -> str:
    return text if text.isascii() else "?"
