from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from bureau.ciphers import UndecipherableError
from bureau.storage import ProtectedStorage

SCAN = b"%PDF-1.7 a household's income proof"


@pytest.fixture
def storage(settings, tmp_path: Path) -> ProtectedStorage:
    settings.PROTECTED_ROOT = tmp_path
    return ProtectedStorage()


def test_a_file_comes_back_and_lies_encrypted_readable_by_us_alone(storage, tmp_path):
    name = storage.save("scans/2026/a.pdf", ContentFile(SCAN))

    with storage.open(name) as file:
        assert file.read() == SCAN
    kept = tmp_path / name
    assert SCAN not in kept.read_bytes()
    assert kept.stat().st_mode & 0o777 == 0o600
    assert kept.parent.stat().st_mode & 0o777 == 0o700
    assert storage.size(name) == len(SCAN)


def test_a_second_file_of_the_same_name_gets_another_and_both_open(storage):
    first, second = storage.save("a.pdf", ContentFile(b"one")), storage.save("a.pdf", ContentFile(b"two"))

    assert first != second
    assert storage.open(first).read() == b"one"
    assert storage.open(second).read() == b"two"


def test_a_name_that_another_takes_meanwhile_is_left_to_it(storage, monkeypatch):
    free = ProtectedStorage.get_available_name

    def taken_at_once(self, name, max_length=None):
        found = free(self, name, max_length)
        monkeypatch.undo()
        self.save(name, ContentFile(b"theirs"))
        return found

    monkeypatch.setattr(ProtectedStorage, "get_available_name", taken_at_once)
    ours = storage.save("a.pdf", ContentFile(b"ours"))

    assert ours != "a.pdf"
    assert storage.open(ours).read() == b"ours"
    assert storage.open("a.pdf").read() == b"theirs"


def test_a_file_put_in_the_place_of_another_does_not_open(storage, tmp_path):
    first, second = storage.save("a.pdf", ContentFile(b"one")), storage.save("b.pdf", ContentFile(b"two"))
    (tmp_path / first).write_bytes((tmp_path / second).read_bytes())

    with pytest.raises(UndecipherableError):
        storage.open(first)


def test_a_protected_file_has_no_address_and_is_not_written_in_place(storage):
    name = storage.save("a.pdf", ContentFile(SCAN))

    with pytest.raises(ValueError, match="no address"):
        storage.url(name)
    with pytest.raises(ValueError, match="never changed"):
        storage.open(name, "r+b")
