"""Compile the message catalogues with Babel, without system gettext: `python -m housing_credit.catalogues`."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).resolve().parents[1] / "locale"


def compile_stale() -> list[Path]:
    """Compile every catalogue that is newer than its compiled form; return the compiled files written."""
    written = []
    for source in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
            continue
        draft = compiled.with_suffix(".unfinished")
        with source.open("rb") as words, draft.open("wb") as output:
            write_mo(output, read_po(words))
        draft.replace(compiled)
        written.append(compiled)
    return written


if __name__ == "__main__":
    compile_stale()
