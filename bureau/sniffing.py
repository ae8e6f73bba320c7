"""What an uploaded file really is: by its content, never by its name alone. Plain Python.

Taken are PDF, JPEG, PNG and HEIC: what scanners and phones make. A PDF has a page and nothing that acts by itself; a
picture can be drawn to its last line. The size of a picture stands in its header and is read without unpacking it, so a
small file that unpacks to gigabytes is refused before it is drawn. Of HEIC, for which no small decoder exists, only the
boxes are checked: none is cut short, and one holds the picture.
"""

import io
import warnings
from collections.abc import Callable, Mapping
from enum import StrEnum
from gettext import gettext as _  # marks the msgids; Django's catalogue translates them where they are shown
from pathlib import PurePosixPath
from typing import Any, Final

import imagesize  # type: ignore[import-untyped]
import pikepdf
import PIL.Image
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
# What makes a PDF act when it is opened, or carry another file (ISO 32000-1, 7.11, 12.6, 12.7.8)
ACTIVE: Final = frozenset(
    {"/JS", "/JavaScript", "/AA", "/Launch", "/SubmitForm", "/ImportData", "/EmbeddedFile", "/EmbeddedFiles"}
    | {"/RichMedia", "/XFA"}
)
MOST_OBJECTS: Final = 50_000  # a scan of a hundred pages has some five hundred
HEIF_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"})


class Reason(StrEnum):
    """Why a file is not taken."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    KIND_NOT_TAKEN = "kind_not_taken"
    RENAMED = "renamed"
    BROKEN = "broken"
    PICTURE_TOO_LARGE = "picture_too_large"
    ACTIVE_CONTENT = "active_content"


MESSAGES: Final = {
    Reason.EMPTY: _("This file is empty. Choose it again."),
    Reason.TOO_LARGE: _("This file is larger than 10 MB. Scan it again with a lower resolution."),
    Reason.KIND_NOT_TAKEN: _("Only PDF, JPEG, PNG and HEIC files are taken."),
    Reason.RENAMED: _("The content of this file is not what its name says. Choose the original file."),
    Reason.BROKEN: _("This file is damaged and cannot be read. Scan it again."),
    Reason.PICTURE_TOO_LARGE: _(
        "This picture has more than 100 million pixels. Scan it again with a lower resolution."
    ),
    Reason.ACTIVE_CONTENT: _(
        "This PDF holds a program, an action or another file. Scan the paper again, or print it to a new PDF."
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
    CHECKS[expected](content)
    return expected


def _kinds_of(content: bytes) -> set[str]:
    if content[4:8] == b"ftyp" and content[8:12] in HEIF_BRANDS:  # puremagic knows only some of the brands
        return {"image/heic"}
    try:
        return {match.mime_type for match in puremagic.magic_string(content) if content.startswith(match.byte_match)}
    except puremagic.PureError:  # no kind of file that it knows
        return set()


def _check_pdf(content: bytes) -> None:
    """At least one page, and nothing that acts by itself, in any object that it holds."""
    if b"%%EOF" not in content[-2048:]:  # cut short in sending
        raise AttachmentError(Reason.BROKEN)
    try:
        with pikepdf.open(io.BytesIO(content), attempt_recovery=False, suppress_warnings=True) as pdf:
            if not pdf.pages or len(pdf.objects) > MOST_OBJECTS:
                raise AttachmentError(Reason.BROKEN)
            if any(_is_active(each) for each in (pdf.trailer, *pdf.objects)):
                raise AttachmentError(Reason.ACTIVE_CONTENT)
    except (pikepdf.PdfError, RuntimeError, ValueError, RecursionError) as error:
        if isinstance(error, AttachmentError):
            raise
        raise AttachmentError(Reason.BROKEN) from None


def _is_active(found: Any) -> bool:
    """Whether a key or a name in this object, or in one written inside it, stands for something active."""
    waiting = [found]
    while waiting:
        each = waiting.pop()
        if isinstance(each, pikepdf.Name):
            if str(each) in ACTIVE:
                return True
        elif isinstance(each, pikepdf.Array):
            waiting += [part for part in each.as_list() if not _is_elsewhere(part)]
        elif isinstance(each, pikepdf.Dictionary | pikepdf.Stream):
            entries = each.as_dict() if isinstance(each, pikepdf.Dictionary) else each.stream_dict.as_dict()
            if not ACTIVE.isdisjoint(entries.keys()) or _acts_when_opened(entries.get("/OpenAction")):
                return True
            waiting += [part for part in entries.values() if not _is_elsewhere(part)]
    return False


def _acts_when_opened(action: Any) -> bool:
    """Whether it does more than turn to a page, which many programs write into what they make."""
    return isinstance(action, pikepdf.Dictionary) and action.get("/S") != pikepdf.Name.GoTo


def _is_elsewhere(part: Any) -> bool:
    """An object of its own, which is looked at when its turn comes."""
    return bool(getattr(part, "is_indirect", False))


def _check_picture(content: bytes) -> None:
    _check_size(content)
    try:
        with warnings.catch_warnings(), PIL.Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as picture:
            warnings.simplefilter("ignore")
            picture.load()
    except (OSError, ValueError, SyntaxError, MemoryError, EOFError, PIL.Image.DecompressionBombError):
        raise AttachmentError(Reason.BROKEN) from None


def _check_heic(content: bytes) -> None:
    """The boxes of the file (ISO/IEC 14496-12, 4.2) follow one another to its end; one describes and one holds it."""
    _check_size(content)
    sizes: dict[bytes, int] = {}
    place = 0
    while place < len(content):
        size = int.from_bytes(content[place : place + 4], "big")
        kind = content[place + 4 : place + 8]
        if size == 1:
            size = int.from_bytes(content[place + 8 : place + 16], "big")
        elif size == 0:
            size = len(content) - place
        if size < 8 or place + size > len(content):
            raise AttachmentError(Reason.BROKEN)
        sizes[kind] = sizes.get(kind, 0) + size
        place += size
    if b"meta" not in sizes or sizes.get(b"mdat", 0) <= 16:
        raise AttachmentError(Reason.BROKEN)


def _check_size(content: bytes) -> None:
    width, height = imagesize.get(io.BytesIO(content))  # -1, -1 when the header cannot be read
    if width <= 0 or height <= 0:
        raise AttachmentError(Reason.BROKEN)
    if width * height > LARGEST_PICTURE:
        raise AttachmentError(Reason.PICTURE_TOO_LARGE)


CHECKS: Final[Mapping[str, Callable[[bytes], None]]] = {
    "application/pdf": _check_pdf,
    "image/jpeg": _check_picture,
    "image/png": _check_picture,
    "image/heic": _check_heic,
}
