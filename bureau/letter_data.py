"""What each letter needs to be typeset: one Struct per kind of document, the fields named as they read in the template.

Every text is given as it is to be printed, in the language of the letter: money and areas with their unit, ID numbers
masked as the recipient may see them. A missing value is an empty text, printed as `--`; where nothing at all is known,
the column or row is left out. `msgspec.to_builtins(letter)` is what `bureau.letters.issue` keeps; number, date of
issue, check code and language are added there.
"""

from datetime import date
from typing import Literal

from msgspec import Struct

Language = Literal["zh", "en"]


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


class Letter(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What all letters have. `issuer` is the office whose name and seal it bears, `contact` its address and phone."""

    issuer: str
    contact: str = ""
    number: str = ""
    issued_on: date | None = None
    check_code: str = ""
    lang: Language = "zh"


class CaseLetter(Letter, frozen=True, kw_only=True):
    """A letter about one application. `reference` is what people quote of it, `programme` what was applied for."""

    applicant: str
    reference: str
    programme: str


class Receipt(CaseLetter, frozen=True, kw_only=True):
    """受理回执."""

    accepted_on: date
    accepted_at: str  # the window
    members: tuple[Member, ...]
    papers: tuple[Paper, ...] = ()
    missing: tuple[str, ...] = ()  # papers that every household brings and this one has not brought yet
    stages: tuple[Stage, ...] = ()


class Commitment(CaseLetter, frozen=True, kw_only=True):
    """守信承诺书. Without acts or consequences of its own it prints the standard wording.

    `figures` are what the household declares, in sums; `declaration` is the digest of the whole of it.
    """

    members: tuple[Member, ...]
    figures: tuple[Fact, ...] = ()
    declaration: str = ""
    acts: tuple[str, ...] = ()
    consequences: tuple[str, ...] = ()


class Authorisation(CaseLetter, frozen=True, kw_only=True):
    """核对授权书. `sources` are the bodies that may be asked, by name."""

    purpose: str
    members: tuple[Member, ...]
    sources: tuple[str, ...]
    valid_from: date | None = None  # the day of the last signature; empty on the form to be signed


class CheckReport(CaseLetter, frozen=True, kw_only=True):
    """核对报告."""

    client: str
    purpose: str
    authorisation: str
    standard: str
    since: date
    as_of: date
    completeness: str  # such as "21 / 24"
    members: tuple[Member, ...]
    answers: tuple[SourceAnswer, ...]
    comparisons: tuple[Comparison, ...]
    criteria: tuple[Criterion, ...]
    findings: tuple[Finding, ...] = ()
    conclusion: Literal["fit", "unfit", "incomplete"]
    remarks: tuple[str, ...] = ()
    valid_until: date
    officer: str
    reviewer: str = ""


class Approval(CaseLetter, frozen=True, kw_only=True):
    """准予保障告知书."""

    accepted_on: date
    report: str  # number of the check report
    standard: str
    tier: str = ""
    members: tuple[Member, ...]
    criteria: tuple[Criterion, ...] = ()
    benefit: tuple[Fact, ...] = ()
    notice_from: date | None = None
    notice_until: date | None = None


class Refusal(CaseLetter, frozen=True, kw_only=True):
    """不予保障告知书: every failed criterion, and the ways to be heard."""

    accepted_on: date
    decided_by: str = ""  # the desk that ended the case on the declaration alone; empty after a check
    report: str = ""
    standard: str = ""
    failed: tuple[FailedCriterion, ...]
    remarks: tuple[str, ...] = ()
    objection_to: str  # the office that re-checks
    reconsideration_by: str  # the body alone; the template has the period
    court: str


class PublicNotice(Letter, frozen=True, kw_only=True):
    """公示."""

    programme: str
    standard: str = ""
    from_on: date
    until_on: date
    households: tuple[NoticeLine, ...]
    report_to: str  # where objections and reports are taken: office, telephone, address


class ReturnNotice(CaseLetter, frozen=True, kw_only=True):
    """补正通知书."""

    returned_by: str
    corrections: tuple[Correction, ...]
    answer_by: date | None = None


class CorrectionRequest(CaseLetter, frozen=True, kw_only=True):
    """核实更正函, to the source that told a line which the household disputes; it finds the record by its own reply."""

    source: str
    objection: str
    received_on: date
    member: Member
    told: tuple[Fact, ...]  # what it told, under which number of its own
    question: str  # what is to be verified, in the officer's words
    proofs: tuple[str, ...] = ()
    reply_by: date
    officer: str


class DisputedLine(Part, frozen=True, kw_only=True):
    """A line that the household disputed, and how that ended."""

    source: str
    member: str
    line: str
    act: str
    outcome: str
    explanation: str = ""


class ObjectionAnswer(CaseLetter, frozen=True, kw_only=True):
    """核对结果异议答复书. `conclusion` is that of the new check, empty where there was none."""

    objection: str
    received_on: date
    report: str  # the one that was objected to
    outcome: Literal["upheld", "partly", "not_upheld"]
    lines: tuple[DisputedLine, ...]
    answer: str
    new_report: str = ""
    conclusion: Literal["fit", "unfit", "incomplete", ""] = ""
    reconsideration_by: str
    court: str
