"""What an uploaded file really is: by its content, never by its name alone. Plain Python.

Taken are PDF, JPEG, PNG and HEIC: what scanners and phones make. The size of a picture stands in its header and is read
without unpacking it, so a small file that unpacks to gigabytes is refused before any program opens it.
"""

import io
from enum import StrEnum
from gettext import gettext as _  # marks the msgids; Django's catalogue translates them where they are shown
from pathlib import PurePosixPath
from typing import Final

import imagesize  # type: ignore[import-untyped]
import puremagic

LARGEST_FILE: Final = 10 * 1024 * 1024  # bytes
LARGEST_PICTURE: Final = 100_000_000  # pixels; a phone takes 50 million

# ending of the name -> the kind of content that belongs to it
KINDS: Final = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "heic": "image/heic",
    "heif": "image/heic",
}
HEIF_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"})


class Reason(StrEnum):
    """Why a file is not taken."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    KIND_NOT_TAKEN = "kind_not_taken"
    RENAMED = "renamed"
    BROKEN = "broken"
    PICTURE_TOO_LARGE = "picture_too_large"


MESSAGES: Final = {
    Reason.EMPTY: _("This file is empty. Choose it again."),
    Reason.TOO_LARGE: _("This file is larger than 10 MB. Scan it again with a lower resolution."),
    Reason.KIND_NOT_TAKEN: _("Only PDF, JPEG, PNG and HEIC files are taken."),
    Reason.RENAMED: _("The content of this file is not what its name says. Choose the original file."),
    Reason.BROKEN: _("This file is damaged and cannot be read. Scan it again."),
    Reason.PICTURE_TOO_LARGE: _(
        "This picture has more than 100 million pixels. Scan it again with a lower resolution."
    ),
}


class AttachmentError(ValueError):
    """A file that is not taken; `reason` for programs, the text is an English msgid for people."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(MESSAGES[reason])
        self.reason = reason


def content_type(name: str, content: bytes) -> str:
    """The kind of this file, such as "application/pdf". AttachmentError when it is not taken, with the reason."""
    if not content:
        raise AttachmentError(Reason.EMPTY)
    if len(content) > LARGEST_FILE:
        raise AttachmentError(Reason.TOO_LARGE)
    expected = KINDS.get(PurePosixPath(name).suffix.lower().removeprefix("."))
    if expected is None:
        raise AttachmentError(Reason.KIND_NOT_TAKEN)
    if expected not in _kinds_of(content):
        raise AttachmentError(Reason.RENAMED)
    if expected.startswith("image/"):
        _check_picture(content)
    elif b"%%EOF" not in content[-2048:]:  # a PDF cut short in sending
        raise AttachmentError(Reason.BROKEN)
    return expected


def _kinds_of(content: bytes) -> set[str]:
    if content[4:8] == b"ftyp" and content[8:12] in HEIF_BRANDS:  # puremagic knows only some of the brands
        return {"image/heic"}
    try:
        return {match.mime_type for match in puremagic.magic_string(content) if content.startswith(match.byte_match)}
    except puremagic.PureError:  # no kind of file that it knows
        return set()


def _check_picture(content: bytes) -> None:
    width, height = imagesize.get(io.BytesIO(content))  # -1, -1 when the header cannot be read
    if width <= 0 or height <= 0:
        raise AttachmentError(Reason.BROKEN)
    if width * height > LARGEST_PICTURE:
        raise AttachmentError(Reason.PICTURE_TOO_LARGE)
