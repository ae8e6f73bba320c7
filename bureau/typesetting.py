"""Letters as PDF: Typst sets them from templates/letters/, with packaged fonts, from data alone.

The same data give the same bytes: the date of creation is the date of issue, and no font of the machine is used. The
PDF is PDF/A-2u, so that archives keep it and every character can be copied out of it.
"""

import functools
import io
import re
import threading
from collections.abc import Mapping
from datetime import datetime, time
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
import pylopdf_fonts_cjk
import pylopdf_fonts_zh_cn
import segno
import typst

from bureau.letter_data import Letter
from bureau.letter_kinds import LETTERS

TEMPLATES: Final = Path(__file__).parents[1] / "templates" / "letters"
SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
# The Chinese fonts hold GB 18030's rare characters; the Japanese ones the few that only they have, such as 𠮷.
FONT_PACKAGES: Final = (pylopdf_fonts_zh_cn, pylopdf_fonts_cjk)

# PDF/A-2u allows no character without a glyph. Typst names the first it meets; it is printed as its code point.
NO_GLYPH: Final = re.compile(r'the text `"(.+)"` could not be displayed', re.DOTALL)
ESCAPED: Final = re.compile(r"\\u\{([0-9a-f]+)\}")
MOST_UNKNOWN_CHARACTERS: Final = 20

_one_at_a_time = threading.Lock()  # a compiler must not be entered twice


class LetterError(ValueError):
    """A letter cannot be set: its kind is unknown or its data do not fit. The text names the field, never its value."""


def render_pdf(kind: str, data: Mapping[str, Any], *, check_url: str) -> bytes:
    """The PDF of a letter of this kind (a key of `LETTERS`), from the data of its Struct.

    The QR code leads to `check_url`. A character that no font has is printed as [U+28B4E]: a letter is never held up by
    a name, and never shows an empty box for it. LetterError when the kind or the data do not fit.
    """
    letter = _letter(kind, data)
    if letter.issued_on is None:
        raise LetterError("a letter needs its date of issue")
    text = msgspec.json.encode(letter).decode()
    inputs = {"qr": _qr_code(check_url), "check_url": check_url}
    created = datetime.combine(letter.issued_on, time(), SHANGHAI)
    for _ in range(MOST_UNKNOWN_CHARACTERS):
        try:
            return _compile(kind, {**inputs, "letter": text}, created)
        except typst.TypstError as error:
            unknown = _without_glyph(error.message)
            if not unknown:
                raise
            text = "".join(f"[U+{ord(each):04X}]" if each in unknown else each for each in text)
    raise LetterError("the letter holds too many characters that no font can show")


def _compile(kind: str, inputs: dict[str, str], created: datetime) -> bytes:
    source, moment = TEMPLATES / f"{kind}.typ", int(created.timestamp())
    with _one_at_a_time:
        pdf = _compiler().compile(source, format="pdf", sys_inputs=inputs, timestamp=moment, pdf_standards="a-2u")
    if not isinstance(pdf, bytes):
        raise LetterError(f"the template of {kind} gave no PDF")
    return pdf


def _without_glyph(message: str) -> set[str]:
    """The characters that Typst complains of, bare or as \\u{e863}; never an ASCII one, which JSON is made of."""
    found = NO_GLYPH.search(message)
    text = ESCAPED.sub(lambda each: chr(int(each[1], 16)), found[1]) if found else ""
    return {each for each in text if not each.isascii()}


def _letter(kind: str, data: Mapping[str, Any]) -> Letter:
    if kind not in LETTERS:
        raise LetterError(f"there is no letter of the kind {kind}")
    try:
        return msgspec.convert(dict(data), LETTERS[kind], strict=False)
    except msgspec.ValidationError as error:
        raise LetterError(f"{kind}: {error}") from None


@functools.cache
def _compiler() -> typst.Compiler:
    folders = [Path(package.__file__ or "").parent for package in FONT_PACKAGES]
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=folders)
    return typst.Compiler(root=TEMPLATES, font_paths=fonts, ignore_system_fonts=True)


def _qr_code(text: str) -> str:
    """The QR code as SVG, with a quarter of it redundant, as a stamp may cover some."""
    svg = io.BytesIO()
    segno.make_qr(text, error="q").save(svg, kind="svg", border=0, xmldecl=False)
    return svg.getvalue().decode()
