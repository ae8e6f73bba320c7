"""A scan as somebody sends it: read no further than may be kept, judged by its content, named for the storage."""

from pathlib import PurePosixPath
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from msgspec import Struct

from bureau import ciphers, sniffing
from bureau.errors import UnfitDataError


class Scan(Struct, frozen=True):
    """What is kept about a scan that is taken, and the name under which it is kept."""

    content_type: str
    size: int
    digest: str
    name: str


def read(file: "UploadedFile[Any]", *, field: str = "file", named: bool = False) -> Scan:
    """Judge a scan. `UnfitDataError` at `field`, in the reader's words, when it is not taken; `named`: of many files,
    say which. Nothing is written; the file is left at its beginning, ready to be saved.
    """
    content = file.read(sniffing.LARGEST_FILE + 1)
    file.seek(0)
    name = file.name or ""
    try:
        content_type = sniffing.content_type(name, content)
    except sniffing.AttachmentError as error:
        text = f"{name}: {_(str(error))}" if named else _(str(error))
        raise UnfitDataError(text, {field: [text]}) from None
    digest = ciphers.sm3(content).hex()
    kept_as = f"{digest[:24]}{PurePosixPath(name).suffix.lower()}"
    return Scan(content_type=content_type, size=len(content), digest=digest, name=kept_as)
