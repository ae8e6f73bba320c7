import struct
import zlib

import pytest

from bureau import sniffing
from bureau.sniffing import AttachmentError, Reason

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
EXE = b"MZ\x90\x00" + bytes(200)
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"


def png(width: int = 10, height: int = 10) -> bytes:
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head)) + bytes(12)


def jpeg(width: int = 10, height: int = 10) -> bytes:
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + frame + b"\xff\xd9"


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("收入证明.PDF", PDF, "application/pdf"),
        ("card.png", png(), "image/png"),
        ("card.jpg", jpeg(), "image/jpeg"),
        ("card.jpeg", jpeg(), "image/jpeg"),
    ],
)
def test_what_a_scanner_makes_is_taken(name, content, kind):
    assert sniffing.content_type(name, content) == kind


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.pdf", b"", Reason.EMPTY),
        ("a.pdf", PDF + bytes(sniffing.LARGEST_FILE), Reason.TOO_LARGE),
        ("a.exe", EXE, Reason.KIND_NOT_TAKEN),
        ("a", PDF, Reason.KIND_NOT_TAKEN),
        ("a.pdf.exe", PDF, Reason.KIND_NOT_TAKEN),
        ("a.pdf", EXE, Reason.RENAMED),
        ("a.png", HTML, Reason.RENAMED),
        ("a.png", jpeg(), Reason.RENAMED),
        ("a.jpg", PDF, Reason.RENAMED),
        ("a.heic", png(), Reason.RENAMED),
        ("a.pdf", b"hello", Reason.RENAMED),
        ("a.pdf", PDF.replace(b"%%EOF", b""), Reason.BROKEN),
        ("a.jpg", jpeg()[:22], Reason.BROKEN),
        ("a.png", png(60_000, 60_000), Reason.PICTURE_TOO_LARGE),
        ("a.jpg", jpeg(30_000, 30_000), Reason.PICTURE_TOO_LARGE),
    ],
)
def test_everything_else_is_refused_with_its_reason(name, content, reason):
    with pytest.raises(AttachmentError) as raised:
        sniffing.content_type(name, content)
    assert raised.value.reason is reason


def test_every_reason_has_words():
    assert set(sniffing.MESSAGES) == set(Reason)
