import subprocess
import sys
from pathlib import Path

import pytest

from bureau import ciphers
from bureau.ciphers import Keyring, KeyringError, UndecipherableError

SM4 = "1:sm4-gcm:0123456789abcdeffedcba9876543210"
AES = "2:aes-256-gcm:" + "ab" * 32
PLACE = b"applications.Member.id_number"
NUMBER = b"32120219860312122X"
ROOT = Path(__file__).resolve().parents[2]


def keyring(keys: str = f"{SM4};{AES}", *, active: int = 1) -> Keyring:
    return Keyring.from_settings(keys, active=active, blind_index_key="11" * 32, signing_key="22" * 32)


@pytest.mark.parametrize(("active", "algorithm"), [(1, 1), (2, 2)])
def test_a_value_comes_back_and_its_seal_names_algorithm_and_key(active, algorithm):
    blob = keyring(active=active).encrypt(NUMBER, context=PLACE)

    assert blob[:4] == bytes([1, algorithm, 0, active])
    assert len(blob) == len(NUMBER) + ciphers.SEAL_LENGTH
    assert NUMBER not in blob
    assert keyring().decrypt(blob, context=PLACE) == NUMBER


def test_the_same_value_never_looks_the_same_twice():
    assert keyring().encrypt(NUMBER, context=PLACE) != keyring().encrypt(NUMBER, context=PLACE)


FORKED = """
import os
from concurrent.futures import ThreadPoolExecutor
from bureau.ciphers import Keyring

ring = Keyring.from_settings("1:sm4-gcm:" + "1" * 32, active=1, blind_index_key="2" * 64, signing_key="3" * 64)

def nonces(count):
    return [ring.encrypt(b"", context=b"c")[4:16] for _ in range(count)]

mine = nonces(100)
readable, writable = os.pipe()
if os.fork() == 0:
    os.write(writable, b"".join(nonces(1000)))
    os._exit(0)
os.wait()
told = os.read(readable, 12000)
of_child = [told[at : at + 12] for at in range(0, len(told), 12)]
with ThreadPoolExecutor(8) as pool:
    of_threads = [nonce for many in pool.map(nonces, [2000] * 8) for nonce in many]
every = [*mine, *of_child, *nonces(1000), *of_threads]
print(len(of_child), len(every) - len(set(every)))
"""


def test_no_nonce_is_given_out_twice_in_threads_or_in_a_forked_child():
    run = subprocess.run([sys.executable, "-c", FORKED], capture_output=True, text=True, cwd=ROOT, check=True)
    assert run.stdout.split() == ["1000", "0"]


@pytest.mark.parametrize("active", [1, 2])
@pytest.mark.parametrize("position", [4, 16, -1])
def test_one_changed_byte_is_noticed(active, position):
    blob = bytearray(keyring(active=active).encrypt(NUMBER, context=PLACE))
    blob[position] ^= 1

    with pytest.raises(UndecipherableError) as raised:
        keyring().decrypt(bytes(blob), context=PLACE)
    assert NUMBER.decode() not in str(raised.value)


def test_a_value_moved_to_another_column_does_not_open():
    blob = keyring().encrypt(NUMBER, context=PLACE)

    with pytest.raises(UndecipherableError, match="key 1 does not open"):
        keyring().decrypt(blob, context=b"applications.Member.bank_account")


def test_a_missing_key_is_named():
    blob = keyring(active=2).encrypt(NUMBER, context=PLACE)

    with pytest.raises(UndecipherableError, match="key 2 is missing"):
        keyring(SM4).decrypt(blob, context=PLACE)


def test_a_key_id_used_for_another_algorithm_is_refused():
    blob = keyring(active=2).encrypt(NUMBER, context=PLACE)

    with pytest.raises(UndecipherableError, match="another algorithm"):
        keyring("2:sm4-gcm:" + "0f" * 16, active=2).decrypt(blob, context=PLACE)


@pytest.mark.parametrize("blob", [b"", b"plain", b"\x02" + bytes(60)])
def test_what_is_no_protected_value_is_refused(blob):
    with pytest.raises(UndecipherableError, match="not a protected value"):
        keyring().decrypt(blob, context=PLACE)


def test_a_value_of_another_key_needs_rotation_and_a_fresh_one_does_not():
    blob = keyring(active=1).encrypt(NUMBER, context=PLACE)

    assert keyring(active=2).needs_rotation(blob)
    assert not keyring(active=1).needs_rotation(blob)


def test_the_blind_index_is_keyed_and_bound_to_its_purpose():
    index = keyring().blind_index("32120219860312122X", context="id_number")
    other_key = Keyring.from_settings(SM4, active=1, blind_index_key="33" * 32, signing_key="22" * 32)

    assert len(index) == 32
    assert index == keyring(active=2).blind_index("32120219860312122X", context="id_number")
    assert index != keyring().blind_index("32120219860312122X", context="phone")
    assert index != other_key.blind_index("32120219860312122X", context="id_number")


def test_sm3_gives_the_digest_of_the_standard():
    # GB/T 32905-2016, example A.1
    assert ciphers.sm3(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def test_sm4_is_the_cipher_of_the_standard():
    # RFC 8998, appendix A.1
    cipher = ciphers.Sm4Gcm(bytes.fromhex("0123456789abcdeffedcba9876543210"))
    plaintext = bytes.fromhex("aa" * 8 + "bb" * 8 + "cc" * 8 + "dd" * 8 + "ee" * 8 + "ff" * 8 + "ee" * 8 + "aa" * 8)
    associated = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")

    sealed = cipher.encrypt(bytes.fromhex("00001234567800000000abcd"), plaintext, associated)

    assert sealed[-16:].hex() == "83de3541e4c2b58177e065a9bf7b62ec"


def test_a_signature_is_known_again_and_no_other_data_has_it():
    signature = keyring().sign(b"row 1")

    assert keyring().is_signature(signature, b"row 1")
    assert not keyring().is_signature(signature, b"row 2")


@pytest.mark.parametrize(
    ("keys", "active", "says"),
    [
        ("1:sm4-gcm:0123", 1, "needs 16 bytes"),
        ("1:sm4-gcm:" + "zz" * 16, 1, "not hexadecimal"),
        ("1:des:" + "00" * 16, 1, "other than"),
        ("x:sm4-gcm:" + "00" * 16, 1, "begin with its id"),
        (f"{SM4};{SM4}", 1, "twice"),
        (SM4, 2, "not among the keys"),
    ],
)
def test_unusable_keys_are_refused_without_being_printed(keys, active, says):
    with pytest.raises(KeyringError, match=says) as raised:
        keyring(keys, active=active)
    assert keys.split(":")[-1] not in str(raised.value)


def test_a_short_blind_index_key_is_refused():
    with pytest.raises(KeyringError, match="blind index key"):
        Keyring.from_settings(SM4, active=1, blind_index_key="11", signing_key="22" * 32)


def test_a_printed_keyring_shows_no_key():
    assert repr(keyring()) == "<Keyring of keys [1, 2], key 1 writes>"
