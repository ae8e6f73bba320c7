"""By which text a letter is written on a day, and the letter that comes of it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from bureau import letter_data, letters, typesetting
from bureau.errors import UnfitDataError
from bureau.letter_parts import Block
from bureau.models import Document, Staff
from credit.letter_wording import Kind, fill_in
from credit.models import LetterText
from credit.policies import SubjectKind

LANGUAGE = "zh-hans"  # letters go out in Chinese
SAMPLE_URL = "https://example.invalid/verify/SAMPLE"


def text_on(kind: Kind, subject_kind: SubjectKind, day: date) -> LetterText:
    """The text of the day. Raises `UnfitDataError` where none is in force."""
    found: LetterText | None = LetterText.objects.in_force(day).filter(kind=kind, subject_kind=subject_kind).first()
    if found is None:
        words = _("No text of this letter is in force on %(day)s: %(letter)s. An administrator enters it first.")
        letter = Document.Kind(kind.value).label
        raise UnfitDataError(words % {"day": date_format(day), "letter": letter})
    return found


def letter_of(
    text: LetterText, header: Mapping[str, Any], values: Mapping[str, str], blocks: Mapping[str, Block | None]
) -> letter_data.CreditLetter:
    """The letter: its text with everything put in. `header`: issuer, contact, addressee."""
    body = fill_in(Kind(text.kind), text.heading, text.text, values, blocks)
    return letter_data.CreditLetter(**header, heading=text.heading, body=body)


def issue(text: LetterText, subject: Any, letter: letter_data.CreditLetter, *, by: Staff | None) -> Document:
    """Give the letter its number, under the case that it belongs to."""
    return letters.issue(text.kind, letter.heading, subject, msgspec.to_builtins(letter), by=by)


def preview(text: LetterText, letter: letter_data.CreditLetter, *, on: date) -> bytes:
    """The letter as it would look, without a number; its code leads nowhere."""
    # Translators: 样张
    sample = {"number": _("Sample"), "issued_on": on, "check_code": "SAMPLE", "lang": "zh"}
    data = msgspec.to_builtins(msgspec.structs.replace(letter, **sample))
    return typesetting.render_pdf(text.kind, data, check_url=SAMPLE_URL)
