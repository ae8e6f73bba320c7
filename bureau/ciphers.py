"""Protected data at rest: SM4-GCM or AES-256-GCM, tagged with algorithm and key id; look-up by a keyed SM3 digest.

Plain Python. A ciphertext is 1 byte format version, 1 byte algorithm, 2 bytes key id (big endian), 12 bytes nonce, then
ciphertext and 16 bytes tag. Header and context are authenticated, so a value moved to another column, or its header
changed, no longer opens. GB/T 39786-2021 asks for SM3 and SM4; the algorithm stays selectable. Nonces are random:
change the key before 2^32 values have been written with it.
"""

import os
from collections import deque
from collections.abc import Mapping
from typing import Final, Protocol, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import constant_time, hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FORMAT_VERSION: Final = 1
HEADER_LENGTH: Final = 4
NONCE_LENGTH: Final = 12
TAG_LENGTH: Final = 16
SEAL_LENGTH: Final = HEADER_LENGTH + NONCE_LENGTH + TAG_LENGTH
NONCES_AT_A_TIME: Final = 512
KEYED_DIGEST_MINIMUM: Final = 16


class KeyringError(ValueError):
    """The key settings cannot be used; the text says which part, never a key."""


class UndecipherableError(Exception):
    """A protected value cannot be opened. The text names the key id or the context, never the data."""


class _Nonces:
    """Random nonces of this process, each given out once.

    They are fetched from the system in numbers: a round seals millions of values, and to ask for each costs as much as
    to encrypt it.
    """

    def __init__(self) -> None:
        self._left: deque[bytes] = deque()
        os.register_at_fork(after_in_child=self._left.clear)  # parent and child must never use the same one

    def one(self) -> bytes:
        """Never the same again, in whatever thread."""
        while True:
            try:
                return self._left.pop()  # one step of the interpreter: no two threads get the same
            except IndexError:
                drawn = os.urandom(NONCE_LENGTH * NONCES_AT_A_TIME)
                self._left.extend(drawn[at : at + NONCE_LENGTH] for at in range(0, len(drawn), NONCE_LENGTH))


_nonces: Final = _Nonces()


class AuthenticatedCipher(Protocol):
    """One key of one algorithm."""

    code: int

    def encrypt(self, nonce: bytes, plaintext: bytes, associated: bytes) -> bytes:
        """Ciphertext followed by its tag."""
        ...

    def decrypt(self, nonce: bytes, sealed: bytes, associated: bytes) -> bytes:
        """The plaintext; InvalidTag when anything was changed."""
        ...


class Sm4Gcm:
    """SM4 in Galois counter mode (GB/T 32907, GB/T 36624), driven here: `cryptography` has no AEAD class for it."""

    code = 1
    key_length = 16

    def __init__(self, key: bytes) -> None:
        self._algorithm = algorithms.SM4(key)

    def encrypt(self, nonce: bytes, plaintext: bytes, associated: bytes) -> bytes:
        """Ciphertext followed by its tag."""
        encryptor = Cipher(self._algorithm, modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(associated)
        ciphertext = encryptor.update(plaintext) + encryptor.finalize()
        return ciphertext + encryptor.tag

    def decrypt(self, nonce: bytes, sealed: bytes, associated: bytes) -> bytes:
        """The plaintext; InvalidTag when anything was changed."""
        decryptor = Cipher(self._algorithm, modes.GCM(nonce, sealed[-TAG_LENGTH:])).decryptor()
        decryptor.authenticate_additional_data(associated)
        return decryptor.update(sealed[:-TAG_LENGTH]) + decryptor.finalize()


class Aes256Gcm:
    """AES-256 in Galois counter mode."""

    code = 2
    key_length = 32

    def __init__(self, key: bytes) -> None:
        self._aead = AESGCM(key)

    def encrypt(self, nonce: bytes, plaintext: bytes, associated: bytes) -> bytes:
        """Ciphertext followed by its tag."""
        return self._aead.encrypt(nonce, plaintext, associated)

    def decrypt(self, nonce: bytes, sealed: bytes, associated: bytes) -> bytes:
        """The plaintext; InvalidTag when anything was changed."""
        return self._aead.decrypt(nonce, sealed, associated)


ALGORITHMS: Final[Mapping[str, type[Sm4Gcm] | type[Aes256Gcm]]] = {"sm4-gcm": Sm4Gcm, "aes-256-gcm": Aes256Gcm}


class Keyring:
    """All keys in use: one writes, all read; one more key for blind indexes and one for signatures."""

    def __init__(
        self, ciphers: Mapping[int, AuthenticatedCipher], *, active: int, blind_index_key: bytes, signing_key: bytes
    ) -> None:
        if active not in ciphers:
            raise KeyringError(f"the active key {active} is not among the keys {sorted(ciphers)}")
        for name, key in (("blind index", blind_index_key), ("signing", signing_key)):
            if len(key) < KEYED_DIGEST_MINIMUM:
                raise KeyringError(f"the {name} key needs at least {KEYED_DIGEST_MINIMUM} bytes")
        self._ciphers = dict(ciphers)
        self.active = active  # the id of the key that writes, and how its ciphertexts begin:
        self.active_header = _header(self._ciphers[active].code, active)
        self._blind_index = hmac.HMAC(blind_index_key, hashes.SM3())
        self._signing = hmac.HMAC(signing_key, hashes.SM3())

    @classmethod
    def from_settings(cls, keys: str, *, active: int, blind_index_key: str, signing_key: str) -> Self:
        """`keys` is "1:sm4-gcm:<hex>;2:aes-256-gcm:<hex>", the other two hex. KeyringError when unusable."""
        entries = [_parse_key(entry.strip()) for entry in keys.split(";") if entry.strip()]
        if len({key_id for key_id, _ in entries}) != len(entries):
            raise KeyringError("a key id stands twice among the keys")
        return cls(
            dict(entries),
            active=active,
            blind_index_key=_from_hex(blind_index_key, "blind index key"),
            signing_key=_from_hex(signing_key, "signing key"),
        )

    def __repr__(self) -> str:
        return f"<Keyring of keys {sorted(self._ciphers)}, key {self.active} writes>"

    def encrypt(self, plaintext: bytes, *, context: bytes) -> bytes:
        """The value sealed with the active key for one place, such as b"applications.Member.id_number"."""
        nonce = _nonces.one()
        cipher = self._ciphers[self.active]
        return self.active_header + nonce + cipher.encrypt(nonce, plaintext, self.active_header + context)

    def decrypt(self, blob: bytes, *, context: bytes) -> bytes:
        """The value sealed for this very context; UndecipherableError: the key is missing or something was changed."""
        header, nonce = blob[:HEADER_LENGTH], blob[HEADER_LENGTH : HEADER_LENGTH + NONCE_LENGTH]
        cipher = self._cipher_of(blob)
        try:
            return cipher.decrypt(nonce, blob[HEADER_LENGTH + NONCE_LENGTH :], header + context)
        except InvalidTag:
            key_id = _key_id(blob)
            place = context.decode(errors="replace")
            raise UndecipherableError(f"key {key_id} does not open this value as {place}: changed, or moved") from None

    def needs_rotation(self, blob: bytes) -> bool:
        """Whether the value was sealed with another key or algorithm than the active one."""
        return blob[:HEADER_LENGTH] != self.active_header

    def blind_index(self, text: str, *, context: str = "") -> bytes:
        """32 bytes (HMAC-SM3) by which an exact value is found unread. The caller normalises the text first."""
        digest = self._blind_index.copy()
        digest.update(context.encode() + b"\x00" + text.encode())
        return digest.finalize()

    def sign(self, data: bytes) -> bytes:
        """32 bytes (HMAC-SM3) that only a holder of the signing key can make."""
        digest = self._signing.copy()
        digest.update(data)
        return digest.finalize()

    def is_signature(self, signature: bytes, data: bytes) -> bool:
        """Whether the signature is ours and belongs to this data; takes the same time either way."""
        return constant_time.bytes_eq(signature, self.sign(data))

    def _cipher_of(self, blob: bytes) -> AuthenticatedCipher:
        if len(blob) < SEAL_LENGTH or blob[0] != FORMAT_VERSION:
            raise UndecipherableError("this is not a protected value, or of a format that is not known")
        key_id = _key_id(blob)
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise UndecipherableError(f"key {key_id} is missing from the keys")
        if cipher.code != blob[1]:
            raise UndecipherableError(f"key {key_id} is here of another algorithm than the value was sealed with")
        return cipher


def sm3(data: bytes) -> bytes:
    """The SM3 digest (GB/T 32905), 32 bytes."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize()


def hmac_sm3(key: bytes, data: bytes) -> bytes:
    """HMAC over SM3, 32 bytes."""
    digest = hmac.HMAC(key, hashes.SM3())
    digest.update(data)
    return digest.finalize()


def _header(algorithm: int, key_id: int) -> bytes:
    return bytes((FORMAT_VERSION, algorithm)) + key_id.to_bytes(2, "big")


def _key_id(blob: bytes) -> int:
    return int.from_bytes(blob[2:HEADER_LENGTH], "big")


def _parse_key(entry: str) -> tuple[int, AuthenticatedCipher]:
    key_id, _, rest = entry.partition(":")
    algorithm, _, key_hex = rest.partition(":")
    if not (key_id.isascii() and key_id.isdigit() and 0 < int(key_id) < 1 << 16):
        raise KeyringError("a key entry does not begin with its id, a whole number from 1 to 65535")
    if algorithm not in ALGORITHMS:
        raise KeyringError(f"key {key_id} names an algorithm other than {', '.join(ALGORITHMS)}")
    cipher, key = ALGORITHMS[algorithm], _from_hex(key_hex, f"key {key_id}")
    if len(key) != cipher.key_length:
        raise KeyringError(f"key {key_id} needs {cipher.key_length} bytes, it has {len(key)}")
    return int(key_id), cipher(key)


def _from_hex(text: str, name: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise KeyringError(f"the {name} is not hexadecimal") from None


class _Installed:
    keyring: Keyring | None = None


def install(keyring: Keyring) -> None:
    """Make this the keyring of the process; called once when the program starts, and again by a key rotation."""
    _Installed.keyring = keyring


def current() -> Keyring:
    """The installed keyring; KeyringError when none is."""
    if _Installed.keyring is None:
        raise KeyringError("no keyring is installed: set the protection keys in the environment")
    return _Installed.keyring
