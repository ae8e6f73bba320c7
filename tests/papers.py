"""Scanned papers as a scanner makes them: the smallest files that are what they say."""

import io

import pikepdf
import PIL.Image


def pdf(pages: int = 1) -> bytes:
    """A PDF of so many blank pages."""
    with pikepdf.new() as document:
        for _page in range(pages):
            document.add_blank_page()
        return written(document)


def written(document: pikepdf.Pdf) -> bytes:
    """The document as bytes, the same each time."""
    kept = io.BytesIO()
    document.save(kept, deterministic_id=True)
    return kept.getvalue()


def picture(kind: str = "PNG") -> bytes:
    """A small white picture, PNG or JPEG."""
    kept = io.BytesIO()
    PIL.Image.new("RGB", (12, 8), "white").save(kept, kind)
    return kept.getvalue()


PDF = pdf()
