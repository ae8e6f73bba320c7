import struct
import zlib

import pikepdf
import pytest

from bureau import sniffing
from bureau.sniffing import AttachmentError, Reason
from tests import papers
from tests.papers import PDF, picture

EXE = b"MZ\x90\x00" + bytes(200)
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"


def png(width: int = 10, height: int = 10) -> bytes:
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head)) + bytes(12)


def jpeg(width: int = 10, height: int = 10) -> bytes:
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + frame + b"\xff\xd9"


def box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", 8 + len(body)) + kind + body


def heic(body: bytes = bytes(64)) -> bytes:
    size = box(b"ispe", struct.pack(">III", 0, 12, 8))
    meta = box(b"meta", bytes(4) + box(b"iprp", box(b"ipco", size)))
    return box(b"ftyp", b"heic" + bytes(4) + b"mif1heic") + meta + box(b"mdat", body)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("收入证明.PDF", PDF, "application/pdf"),
        ("card.png", picture("PNG"), "image/png"),
        ("card.jpg", picture("JPEG"), "image/jpeg"),
        ("card.jpeg", picture("JPEG"), "image/jpeg"),
        ("card.heic", heic(), "image/heic"),
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
        ("a.pdf", PDF[: len(PDF) // 2] + b"%%EOF", Reason.BROKEN),
        ("a.pdf", papers.pdf(pages=0), Reason.BROKEN),
        ("a.pdf", b"%PDF-1.4\n%%EOF\n", Reason.BROKEN),
        ("a.pdf", b"%PDF-1.4\n<script>alert(1)</script>\n%%EOF\n", Reason.BROKEN),
        ("a.pdf", b"%PDF-1.4\n" + b"[" * 100_000 + b"\n%%EOF", Reason.BROKEN),
        ("a.jpg", jpeg()[:22], Reason.BROKEN),
        ("a.png", png(), Reason.BROKEN),  # a header and nothing to draw
        ("a.jpg", jpeg(), Reason.BROKEN),
        ("a.jpg", picture("JPEG")[:-200], Reason.BROKEN),
        ("a.heic", heic()[:-4], Reason.BROKEN),
        ("a.heic", heic(body=b""), Reason.BROKEN),
        ("a.png", png(60_000, 60_000), Reason.PICTURE_TOO_LARGE),
        ("a.jpg", jpeg(30_000, 30_000), Reason.PICTURE_TOO_LARGE),
    ],
)
def test_everything_else_is_refused_with_its_reason(name, content, reason):
    with pytest.raises(AttachmentError) as raised:
        sniffing.content_type(name, content)
    assert raised.value.reason is reason


def acting(change) -> bytes:
    with pikepdf.new() as document:
        document.add_blank_page()
        change(document)
        return papers.written(document)


def script(_document):
    return pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def open_with_script(document):
    document.Root.OpenAction = script(document)


def open_a_site(document):
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://example.org/")


def click_to_launch(document):
    action = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="a.exe")
    link = document.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Annot, A=action))
    document.pages[0].obj.Annots = pikepdf.Array([link])


def script_by_page(document):
    document.pages[0].obj.AA = pikepdf.Dictionary(O=script(document))


def carry_a_file(document):
    document.attachments["more.zip"] = b"PK"


@pytest.mark.parametrize("change", [open_with_script, open_a_site, click_to_launch, script_by_page, carry_a_file])
def test_a_pdf_that_acts_or_carries_a_file_is_refused(change):
    with pytest.raises(AttachmentError) as raised:
        sniffing.content_type("a.pdf", acting(change))
    assert raised.value.reason is Reason.ACTIVE_CONTENT


def test_a_pdf_that_only_turns_to_its_first_page_is_taken():
    def turn(document):
        document.Root.OpenAction = pikepdf.Array([document.pages[0].obj, pikepdf.Name.Fit])

    assert sniffing.content_type("a.pdf", acting(turn)) == "application/pdf"


def test_every_reason_has_words():
    assert set(sniffing.MESSAGES) == set(Reason)
