"""Files of households, encrypted at rest outside the web root: attachments, scans, letters. They have no address."""

from typing import IO, Any

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage
from django.utils.deconstruct import deconstructible

from bureau import ciphers

_ATTEMPTS = 5


@deconstructible
class ProtectedStorage(FileSystemStorage):
    """Writes ciphertext under `settings.PROTECTED_ROOT`. A file opens only under the name it was saved with.

    Files are limited to some megabytes (bureau/sniffing.py), so each is sealed as one whole.
    """

    def __init__(self) -> None:
        super().__init__(
            location=settings.PROTECTED_ROOT, file_permissions_mode=0o600, directory_permissions_mode=0o700
        )

    def url(self, name: str | None) -> str:
        """There is none: ValueError. A page that audits the look sends the content."""
        raise ValueError("a protected file has no address")

    def size(self, name: str) -> int:
        """The length of the content in bytes, without the seal around it."""
        return super().size(name) - ciphers.SEAL_LENGTH

    def _open(self, name: str, mode: str = "rb") -> File[Any]:
        """The opened content. UndecipherableError when the file was changed or moved; ValueError for writing."""
        if mode != "rb":
            raise ValueError("a protected file is read as bytes, and never changed in place")
        with super()._open(name, mode) as file:  # type: ignore[misc]  # Django's own hook, not in the stubs
            sealed = file.read()
        return ContentFile(ciphers.current().decrypt(sealed, context=_context(name)), name=name)

    def _save(self, name: str, content: IO[Any]) -> str:
        """Seal and write. A seal holds for one name only; when another takes that meanwhile, for the next free one."""
        content.seek(0)
        plain = content.read()
        for _attempt in range(_ATTEMPTS):
            name = self.get_available_name(name)
            sealed = ciphers.current().encrypt(plain, context=_context(name))
            saved: str = super()._save(name, ContentFile(sealed))  # type: ignore[misc]
            if saved == name:
                return saved
            self.delete(saved)
        raise FileExistsError(f"others took every name while this file was saved: {name}")


def _context(name: str) -> bytes:
    return b"file:" + name.encode()
