"""Signatures of the source contract (section 3): HMAC (RFC 2104) over SM3 (GB/T 32905). Plain Python."""

from hmac import compare_digest

from cryptography.hazmat.primitives import hashes, hmac

CLOCK_WINDOW = 300  # seconds that a signed time may lie before or after ours

KEY_HEADER = "X-Check-Key"
TIME_HEADER = "X-Check-Time"
NONCE_HEADER = "X-Check-Nonce"
SIGNATURE_HEADER = "X-Check-Signature"


def sm3(content: bytes) -> str:
    """The SM3 digest as 64 lower-case hex digits."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(content)
    return digest.finalize().hex()


def request_signature(secret: bytes, method: str, path: str, time: int, nonce: str, digest: str) -> str:
    """The signature of a request: 64 hex digits over METHOD, PATH, TIME, NONCE and the body's SM3, one a line."""
    return _hmac_sm3(secret, f"{method}\n{path}\n{time}\n{nonce}\n{digest}")


def answer_signature(secret: bytes, status: int, nonce: str, time: int, digest: str) -> str:
    """The signature of an answer: over STATUS, the nonce of the request, TIME and the body's SM3, one a line."""
    return _hmac_sm3(secret, f"{status}\n{nonce}\n{time}\n{digest}")


def is_same(signature: str, expected: str) -> bool:
    """Compare in constant time; upper-case hex digits are the same digits."""
    return compare_digest(signature.strip().lower().encode(errors="surrogateescape"), expected.encode())


def _hmac_sm3(secret: bytes, text: str) -> str:
    mac = hmac.HMAC(secret, hashes.SM3())
    mac.update(text.encode())
    return mac.finalize().hex()
