"""The texts of letters that administrators write: which letters there are, what each can and must say, how a text is
read and filled in. Plain Python.

A text is read line by line: `# ` makes a head, a block's placeholder on a line of its own a list or table, anything
else a paragraph. A placeholder is a name in braces and nothing but a name: a value is put in its place once, so that
neither the text nor a value can reach anything else.
"""

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from gettext import gettext as _  # marks the msgids; Django's catalogue translates them where they are shown
from typing import Final

from msgspec import Struct

from bureau.dated_policy import PolicyError, Problem
from bureau.letter_parts import Block

PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")
HEAD: Final = "# "
LONGEST, LONGEST_HEADING = 8000, 60


class Kind(StrEnum):
    """The letters of a case, named as documents are."""

    PROPOSAL = "credit_proposal"
    NOTICE = "credit_notice"
    ANNOUNCEMENT = "credit_announcement"
    CURE = "credit_cure"
    RECORD = "credit_record"
    REPAIR = "credit_repair"
    LAWYER = "credit_lawyer"
    RELEASE = "credit_release"


class Words(Struct, frozen=True):
    """What the text of a letter can say, in its line or as a block, and what it must not leave out."""

    inline: frozenset[str]
    blocks: frozenset[str]
    must: frozenset[str]


# What a placeholder stands for, for whoever writes a text.
MEANING: Final[Mapping[str, str]] = {
    "subject": _("who acted, by name; masked in an announcement"),
    "case": _("number of the case"),
    "act": _("the dishonest act, as the catalogue names it"),
    "basis": _("legal basis of the act"),
    "severity": _("severity"),
    "occurred_on": _("day of the act"),
    "facts": _("the facts of the case"),
    "issuer": _("the office that issues the letter"),
    "issued_on": _("day of issue"),
    "days": _("days that the letter gives"),
    "until": _("last day of that time; where it counts from service, as if served on the day of issue"),
    "defence": _("whether the subject made a statement, and when"),
    "found_on": _("day of the panel's decision"),
    "reconsideration_by": _("who reconsiders"),
    "court": _("the competent court"),
    "letter": _("the letter that is announced"),
    "letter_number": _("number of the letter that is announced"),
    "medium": _("medium of the announcement"),
    "after": _("what can or must be done once the letter counts as served"),
    "served_on": _("day on which the notice letter was served"),
    "notice_number": _("number of the notice letter"),
    "recorded_on": _("day of the record"),
    "record_number": _("number of the notice of record"),
    "objection_days": _("working days within which an objection is answered"),
    "acceptance_days": _("working days until a repair is accepted"),
    "result_days": _("working days until a repair is decided"),
    "firm": _("the law firm"),
    "lawyer": _("the lawyer"),
    "telephone": _("telephone of the lawyer"),
    "released_on": _("day on which the last ban ended"),
    "because": _("why it ended"),
    "evidence": _("list of the evidence on file"),
    "consequences": _("list of what follows from a record"),
    "parties": _("table of those whom the case is about"),
    "things": _("table of the things to correct, with amounts and their sum"),
    "done": _("table of what was corrected, with day and proof"),
    "left": _("table of what was not corrected in time"),
    "spans": _("table of what holds from when until when"),
    "repairs": _("table of what a repair can end, and when"),
    "ended": _("table of what has ended, and why"),
}

_CASE = frozenset({"subject", "case", "act", "basis", "severity", "occurred_on", "facts", "issuer", "issued_on"})
_REMEDY = frozenset({"reconsideration_by", "court"})
_NOTICE = frozenset({"served_on", "notice_number"})


def _words(inline: str, blocks: str, must: str, *more: frozenset[str]) -> Words:
    lines = _CASE.union(inline.split(), *more)
    return Words(lines, frozenset(blocks.split()), frozenset(must.split()))


LETTERS: Final[Mapping[Kind, Words]] = {
    Kind.PROPOSAL: _words("days until", "evidence consequences parties", "facts act basis severity days consequences"),
    Kind.NOTICE: _words(
        "days until defence found_on",
        "things consequences parties",
        "facts act basis severity things days consequences reconsideration_by court",
        _REMEDY,
    ),
    # The facts of a case are no business of the public.
    Kind.ANNOUNCEMENT: Words(
        frozenset({"subject", "case", "issuer", "issued_on", "letter", "letter_number", "days", "medium", "after"}),
        frozenset(),
        frozenset({"subject", "letter", "letter_number", "days"}),
    ),
    Kind.CURE: _words("until", "done parties", "act done", _NOTICE),
    Kind.RECORD: _words(
        "until recorded_on objection_days",
        "left spans parties",
        "act severity basis recorded_on spans reconsideration_by court",
        _NOTICE,
        _REMEDY,
    ),
    Kind.REPAIR: _words(
        "record_number recorded_on acceptance_days result_days", "repairs", "repairs acceptance_days result_days"
    ),
    Kind.LAWYER: _words(
        "firm lawyer telephone days until recorded_on", "left", "firm lawyer left days", _NOTICE, _REMEDY
    ),
    Kind.RELEASE: _words("recorded_on released_on because", "ended parties", "subject act ended"),
}


def placeholders_of(kind: Kind) -> list[tuple[str, str]]:
    """What the text of a letter can say, each with its meaning as a msgid; in the order of their list."""
    words = LETTERS[kind]
    return [(name, MEANING[name]) for name in MEANING if name in words.inline | words.blocks]


def problems_of(kind: Kind, heading: str, text: str) -> list[Problem]:
    """Everything that is wrong with a text, each with the field and what to do."""
    return [*_problems(kind, heading, text)]


def _problems(kind: Kind, heading: str, text: str) -> Iterator[Problem]:
    if not heading.strip():
        yield Problem("heading", "empty", _("Enter this field."))
    if len(heading) > LONGEST_HEADING or set(heading) & set("{}\n"):
        yield Problem("heading", "heading", _("Enter at most %(count)s characters, without braces."),
                      {"count": LONGEST_HEADING})  # fmt: skip
    if not text.strip() or len(text) > LONGEST:
        yield Problem("text", "length", _("Enter a text of at most %(count)s characters."), {"count": LONGEST})
    words, said = LETTERS[kind], set()
    for line in filter(None, map(str.strip, text.splitlines())):
        if set(PLACEHOLDER.sub("", line)) & set("{}"):
            yield Problem("text", "brace", _("A brace is opened and not closed, or the other way round: %(line)s"),
                          {"line": line[:40]})  # fmt: skip
            continue
        names = PLACEHOLDER.findall(line)
        said |= {*names}
        for name in names:
            if name not in words.inline | words.blocks:
                yield Problem("text", "unknown", _("This letter has no placeholder {%(name)s}. It has: %(known)s."),
                              {"name": name[:40], "known": ", ".join(sorted(words.inline | words.blocks))})  # fmt: skip
            elif name in words.blocks and line != f"{{{name}}}":
                yield Problem("text", "alone", _("{%(name)s} is a list or table: it stands on a line of its own."),
                              {"name": name})  # fmt: skip
    for name in sorted(words.must - said):
        yield Problem("text", "missing", _("This letter has to say {%(name)s}."), {"name": name})


def fill_in(
    kind: Kind, heading: str, text: str, values: Mapping[str, str], blocks: Mapping[str, Block | None]
) -> tuple[Block, ...]:
    """The body of a letter. A value that is not there is written --, and a block that is None is left out.

    Raises `PolicyError` on a text with faults, and KeyError on a placeholder for which nothing was given.
    """
    if found := problems_of(kind, heading, text):
        raise PolicyError(found)
    return tuple(_filled(text, values, blocks))


def _filled(text: str, values: Mapping[str, str], blocks: Mapping[str, Block | None]) -> Iterator[Block]:
    def value_of(found: re.Match[str]) -> str:
        return values[found[1]].strip() or "--"

    for line in filter(None, map(str.strip, text.splitlines())):
        if (alone := PLACEHOLDER.fullmatch(line)) and alone[1] in blocks:
            if (block := blocks[alone[1]]) is not None:
                yield block
            continue
        said = PLACEHOLDER.sub(value_of, line)
        if line.startswith(HEAD):
            yield Block(text=said.removeprefix(HEAD).strip(), is_head=True)
        else:
            for part in filter(None, map(str.strip, said.splitlines())):
                yield Block(text=part)
