"""The lines and rows that letters are made of; every text as it is to be printed, in the language of the letter."""

from datetime import date

from msgspec import Struct


class Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line or row inside a letter."""


class Member(Part, frozen=True, kw_only=True):
    """A member of the household. For who is `guarded` (a minor or incapable) the guardian signs, whose name is given or
    written on a line left blank.
    """

    name: str
    relation: str
    id_number: str
    guardian: str = ""
    guarded: bool = False


class Paper(Part, frozen=True, kw_only=True):
    """A paper that was handed in."""

    name: str
    copies: int = 1


class Stage(Part, frozen=True, kw_only=True):
    """A stage of the handling, its time limit in words and its last day."""

    name: str
    limit: str
    due_on: date | None = None


class SourceAnswer(Part, frozen=True, kw_only=True):
    """What one source said of one member; `data_date` is the day of its own data, `answered_at` of its reply."""

    source: str
    member: str
    outcome: str
    figures: str = ""
    data_date: str = ""
    answered_at: str = ""
    mode: str = ""


class Comparison(Part, frozen=True, kw_only=True):
    """One thing as declared and as found."""

    item: str
    declared: str
    found: str
    difference: str = ""
    tolerance: str = ""
    judgement: str = ""


class Criterion(Part, frozen=True, kw_only=True):
    """One rule of the standard; `met` is None when it could not be judged."""

    name: str
    value: str
    limit: str
    met: bool | None
    basis: str = ""


class Finding(Part, frozen=True, kw_only=True):
    """What a person made of a source's hit: confirmed or dismissed, and why."""

    member: str
    what: str
    settled: str
    reason: str = ""
    by: str = ""


class FailedCriterion(Part, frozen=True, kw_only=True):
    """A rule that the household does not meet, in words that it can check."""

    name: str
    declared: str
    found: str
    limit: str
    explanation: str = ""
    basis: str = ""


class FallSource(Part, frozen=True, kw_only=True):
    """What one source says of a figure, and what of it is used; `silent`: of whom it says nothing, or not of today.
    `evidence` counts from 1.
    """

    name: str
    says: str
    used: str
    silent: str = ""
    evidence: int | None = None


class Fall(Part, frozen=True, kw_only=True):
    """One figure from what was declared to its distance to the line. `quiet`: who has nothing to tell of it."""

    name: str
    value: str
    met: bool | None
    declared: str
    declared_used: str
    sources: tuple[FallSource, ...]
    quiet: str = ""
    rule: str
    used: str
    limit: str
    standard: str
    basis: str = ""
    distance: str


class CopyLine(Part, frozen=True, kw_only=True):
    """A line of the statement as its recipient is shown it."""

    number: str
    item: str
    member: str
    source: str
    says: str
    used: str
    why: str = ""
    evidence: int | None = None


class Exchange(Part, frozen=True, kw_only=True):
    """By which request a source was asked, and when it answered."""

    source: str
    request_number: str
    answered_at: str


class NoticeLine(Part, frozen=True, kw_only=True):
    """A household in a public notice: masked name, never a number, telephone or door (PIPL art. 51)."""

    applicant: str
    persons: int
    place: str
    tier: str = ""
    area: str = ""
    benefit: str = ""


class Correction(Part, frozen=True, kw_only=True):
    """What is to be corrected and how."""

    section: str = ""
    problem: str
    remedy: str = ""


class Fact(Part, frozen=True, kw_only=True):
    """A labelled value."""

    label: str
    value: str


class Block(Part, frozen=True, kw_only=True):
    """A piece of a letter whose text an administrator writes: one of a paragraph, a head, a list and a table."""

    text: str = ""
    is_head: bool = False
    items: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
