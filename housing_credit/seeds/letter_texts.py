"""The texts of the registry's letters that are shipped (credit/sample_letter_texts): the bureau goes on from them."""

from datetime import date
from pathlib import Path

import credit
from credit.models import LetterText

SAMPLES = Path(credit.__file__).parent / "sample_letter_texts"
SINCE = date(2017, 3, 7)  # as long as the policy on dishonest acts


def seed_letter_texts() -> int:
    """Enter the text of each letter and recipient that has none yet; returns how many were entered."""
    there = set(LetterText.objects.values_list("kind", "subject_kind"))
    new = []
    for path in sorted(SAMPLES.glob("*.txt")):
        kind, recipient = path.stem.split("-")
        if (kind, recipient) in there:
            continue
        heading, _line, text = path.read_text(encoding="utf-8").partition("\n")
        new.append(
            LetterText(kind=kind, subject_kind=recipient, heading=heading, text=text.strip(), effective_from=SINCE)
        )
    return len(LetterText.objects.bulk_create(new))
